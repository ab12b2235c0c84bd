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
import type { SocketAddress } from "../cli/addresses.ts";
import type { Connection, Connections } from "./connections.ts";
import { reasonOf } from "../cli/usage_error.ts";

/** How long a program sleeps at most before it goes to sleep again, in seconds. */
const LONG = 3600;

/** How long a port rests after an accept that failed, in seconds. */
const REST_SECONDS = 1;

/** What a single write may take: whoever has taken that much is reading. */
const MOST_WRITTEN = 64 * 1024;

/**
 * Keeps the program alive, which for a backend is for whoever waits to do. Gives what lets
 * it end.
 */
function stayAwake(): () => void {
  let forget = () => {};
  const setAlarm = () => {
    forget = runtimeBackend.setAlarm(LONG, setAlarm);
  };
  setAlarm();
  return () => forget();
}

/**
 * The connections that come in where a backend listens, for as long as it runs. Where one
 * cannot be accepted, because descriptors have run out, those that wait are tried again.
 */
export function connectionsOf(listener: Listener<Address>): Connections {
  return {
    addr: addressOf(listener.address),
    async *[Symbol.asyncIterator]() {
      const forget = stayAwake();
      try {
        while (true) yield new StreamConnection(await nextStream(listener));
      } finally {
        forget();
      }
    },
  };
}

/** Waits for a connection, for as long as none can be accepted as well. */
async function nextStream(listener: Listener<Address>): Promise<Stream> {
  let isFailing = false;
  while (true) {
    await readable(listener);
    const stream = listener.accept();
    if (stream instanceof Error) {
      if (!isFailing) tellFailure(stream);
      isFailing = true;
      await rest();
    } else if (stream !== undefined) {
      if (isFailing) console.error("Accepting connections again.");
      return stream;
    }
  }
}

/** Told once for all failures in a row: there may be one every second. */
function tellFailure(error: Error): void {
  console.error(
    `Cannot accept connections for now, trying again every second: ${
      reasonOf(error)
    }.`,
  );
}

function rest(): Promise<void> {
  return new Promise((resolve) => {
    runtimeBackend.setAlarm(REST_SECONDS, resolve);
  });
}

class StreamConnection implements Connection {
  readonly remoteAddr: SocketAddress;
  readonly #stream: Stream;
  #isClosed = false;
  /** End a read and a write that wait when it is closed: the stream tells nobody. */
  #endRead: () => void = () => {};
  #endWrite: () => void = () => {};

  constructor(stream: Stream) {
    this.#stream = stream;
    this.remoteAddr = addressOf(stream.remoteAddress);
  }

  async read(into: Uint8Array): Promise<number | null> {
    await new Promise<void>((resolve) => {
      this.#endRead = resolve;
      if (this.#isClosed) resolve();
      else this.#stream.pollRead({ readable: resolve, writable() {} });
    });
    const bytes = this.#isClosed
      ? undefined
      : this.#stream.receive(into.length);
    if (bytes instanceof Error) throw bytes;
    if (bytes === undefined || bytes.length === 0) return null;
    into.set(bytes);
    return bytes.length;
  }

  async write(bytes: Uint8Array): Promise<number> {
    await this.#writable();
    const count = this.#stream.send(bytes.subarray(0, MOST_WRITTEN));
    if (count instanceof Error) throw count;
    // Where it broke meanwhile, the next write finds out.
    await this.#writable();
    return count;
  }

  close(): void {
    this.#end(() => this.#stream.close());
  }

  abort(): void {
    this.#end(() => this.#stream.abort());
  }

  #end(close: () => void): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    close();
    this.#endRead();
    this.#endWrite();
  }

  async #writable(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#endWrite = resolve;
      if (this.#isClosed) resolve();
      else this.#stream.pollWrite({ readable() {}, writable: resolve });
    });
    if (this.#isClosed) {
      throw new Error("Cannot write: the connection is closed");
    }
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
