/**
 * Connections without a reactor, as the library's backend gives them out.
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
import type { Connection, Connections, NetAddress } from "./connections.ts";

/** How many connections may wait until one is accepted. */
const BACKLOG = 511;

/** Opens a port. Throws where it can't be opened. */
export function listen({ hostname, port }: NetAddress): Connections {
  const listener = open(hostname, port);
  return {
    addr: addressOf(listener.address),
    async *[Symbol.asyncIterator]() {
      while (true) {
        await readable(listener);
        const stream = listener.accept();
        if (stream instanceof Error) throw stream;
        if (stream !== undefined) yield new StreamConnection(stream);
      }
    },
  };
}

/** The server says itself where it can't listen: only the reason is wanted here. */
function open(hostname: string, port: number): Listener {
  const options = { hostname, port, backlog: BACKLOG, reusePort: false };
  try {
    return runtimeBackend.listen(options);
  } catch (error) {
    const { message } = error as Error;
    throw new Error(message.replace(/^Cannot listen on \S+: /, ""), {
      cause: error,
    });
  }
}

class StreamConnection implements Connection {
  readonly remoteAddr: NetAddress;
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

function addressOf(address: Address): NetAddress {
  // Nobody listens on a UNIX socket here.
  if (address instanceof UNIXAddress) return { hostname: "", port: 0 };
  return { hostname: address.host, port: address.port };
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
