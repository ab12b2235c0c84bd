/**
 * Connections without a reactor, as the library's backends give them out.
 *
 * @module
 */

import {
  type Address,
  type Listener,
  type Pollable,
  runtimeBackend,
  type Stream,
  UNIXAddress,
} from "../mod.ts";
import type { SocketAddress } from "./addresses.ts";
import type { Connection, Connections } from "./connections.ts";

/** How long a program sleeps at most before it goes to sleep again, in seconds. */
const LONG = 3600;

/** Keeps the program alive, which for a backend is for whoever waits to do. */
function stayAwake(): void {
  runtimeBackend.setAlarm(LONG, stayAwake);
}

/** The connections that come in where a backend listens, for as long as it runs. */
export function connectionsOf(listener: Listener<Address>): Connections {
  return {
    addr: addressOf(listener.address),
    async *[Symbol.asyncIterator]() {
      stayAwake();
      while (true) {
        await readable(listener);
        const stream = listener.accept();
        if (stream instanceof Error) throw stream;
        if (stream !== undefined) yield new StreamConnection(stream);
      }
    },
  };
}

class StreamConnection implements Connection {
  readonly remoteAddr: SocketAddress;
  #stream: Stream;
  /** Ends a read that is under way when the connection is closed. */
  #endRead: () => void = () => {};

  constructor(stream: Stream) {
    this.#stream = stream;
    this.remoteAddr = addressOf(stream.remoteAddress);
  }

  async read(into: Uint8Array): Promise<number | null> {
    const closed = new Promise<void>((resolve) => this.#endRead = resolve);
    await Promise.race([readable(this.#stream), closed]);
    const bytes = this.#stream.receive(into.length);
    if (bytes instanceof Error) throw bytes;
    if (bytes === undefined || bytes.length === 0) return null;
    into.set(bytes);
    return bytes.length;
  }

  async write(bytes: Uint8Array): Promise<number> {
    await writable(this.#stream);
    const count = this.#stream.send(bytes);
    if (count instanceof Error) throw count;
    await writable(this.#stream);
    return count;
  }

  close(): void {
    this.#stream.close();
    this.#endRead();
  }
}

function addressOf(address: Address): SocketAddress {
  return address instanceof UNIXAddress
    ? { path: address.name ?? "" }
    : { hostname: address.host, port: address.port };
}

function readable(pollable: Pollable): Promise<void> {
  return new Promise((resolve) => {
    pollable.pollRead({ readable: resolve, writable() {} });
  });
}

function writable(pollable: Pollable): Promise<void> {
  return new Promise((resolve) => {
    pollable.pollWrite({ readable() {}, writable: resolve });
  });
}
