/**
 * An open connection of Deno's, as a non-blocking socket.
 *
 * @module
 */

import type { Address } from "../../addresses.ts";
import type { ConnectionLost } from "../../errors.ts";
import type { ReadinessObserver, Stream } from "../../backend.ts";
import { lostError } from "./errors.ts";

/** What one read may bring, first and at least, and at most. */
const LEAST_READ = 4 * 1024;
const MOST_READ = 64 * 1024;

const END = new Uint8Array(0);

/** Buffers that were read into in vain: most connections end with such a read. */
const spare: Uint8Array[] = [];
const MOST_SPARE = 64;

function takeBuffer(size: number): Uint8Array {
  const buffer = size === LEAST_READ ? spare.pop() : undefined;
  return buffer ?? new Uint8Array(size);
}

function giveBack(buffer: Uint8Array): void {
  if (buffer.length === LEAST_READ && spare.length < MOST_SPARE) {
    spare.push(buffer);
  }
}

/** The connections of Deno's that can be closed by halves. */
type Connection = Deno.TcpConn | Deno.UnixConn;

/**
 * A {@linkcode Stream} over a connection of Deno's, whatever its addresses are.
 *
 * Deno gives promises where a socket would tell its readiness. So a read is
 * started when somebody polls for one, and what it brings is kept until it is
 * taken; and bytes that are sent are on their way until the write has settled.
 */
export abstract class DenoStream implements Stream {
  abstract readonly localAddress: Address;
  abstract readonly remoteAddress: Address;
  readonly #conn: Connection;
  /** What a read has brought and nobody has taken; an empty array at the end. */
  #received: Uint8Array | undefined;
  #broken: ConnectionLost | undefined;
  #reading = false;
  #sending = false;
  #reader: ReadinessObserver | undefined;
  #writer: ReadinessObserver | undefined;
  /** What is to be chosen as soon as nothing is being sent. */
  #choices: (() => void)[] | undefined;
  /**
   * The size of the next read. It follows what comes, so that a connection that
   * waits for little holds little.
   */
  #readSize = LEAST_READ;

  /** @param conn the connection */
  constructor(conn: Connection) {
    this.#conn = conn;
    // It is whoever waits that keeps the program alive, not what is waited for.
    conn.unref();
  }

  get lost(): ConnectionLost | undefined {
    return this.#broken;
  }

  pollRead(observer: ReadinessObserver): void {
    if (this.#received !== undefined || this.#broken !== undefined) {
      observer.readable();
      return;
    }
    this.#reader = observer;
    if (!this.#reading) this.#read();
  }

  pollWrite(observer: ReadinessObserver): void {
    if (this.#sending) this.#writer = observer;
    else observer.writable();
  }

  receive(max: number): Uint8Array | ConnectionLost | undefined {
    const received = this.#received;
    if (received === undefined) return this.#broken;
    if (received.length > max) {
      this.#received = received.subarray(max);
      return received.subarray(0, max);
    }
    // The end stays: whoever reads again finds it again.
    if (received.length > 0) this.#received = undefined;
    return received;
  }

  send(bytes: Uint8Array): number | ConnectionLost {
    if (this.#broken !== undefined) return this.#broken;
    if (this.#sending || bytes.length === 0) return 0;
    this.#sending = true;
    this.#write(bytes);
    return bytes.length;
  }

  endWrite(): void {
    this.#conn.closeWrite().catch((error) => this.#breakWith(error));
  }

  close(): void {
    this.#reader = this.#writer = undefined;
    try {
      this.#conn.close();
    } catch {
      // Closed already: there is nothing left to do.
    }
  }

  /** Deno cannot reset a connection: the peer sees it closed. */
  abort(): void {
    this.close();
  }

  /** A write of nothing fails where the peer has refused what came before it. */
  protected writeNothing(): void {
    this.#sending = true;
    this.#write(END);
  }

  /**
   * Chooses something of the connection. Deno refuses that while it writes; where
   * the connection is closed there is nothing left to choose.
   */
  protected configure(choose: () => void): void {
    if (this.#sending) {
      (this.#choices ??= []).push(choose);
      return;
    }
    try {
      choose();
    } catch (error) {
      if (!(error instanceof Deno.errors.BadResource)) throw error;
    }
  }

  #read(): void {
    this.#reading = true;
    const buffer = takeBuffer(this.#readSize);
    this.#conn.read(buffer).then(
      (count) => this.#readDone(buffer, count),
      (error) => this.#breakWith(error),
    );
  }

  #readDone(buffer: Uint8Array, count: number | null): void {
    this.#reading = false;
    if (count === 0) return this.#read();
    if (count === null) {
      this.#received = END;
      giveBack(buffer);
    } else {
      this.#received = buffer.subarray(0, count);
      this.#adjustReadSize(count);
    }
    this.#tellReader();
  }

  #adjustReadSize(count: number): void {
    if (count === this.#readSize) {
      this.#readSize = Math.min(count * 4, MOST_READ);
    } else if (count < this.#readSize / 4) {
      this.#readSize = Math.max(this.#readSize / 2, LEAST_READ);
    }
  }

  #write(bytes: Uint8Array): void {
    this.#conn.write(bytes).then(
      (count) => {
        if (count < bytes.length) return this.#write(bytes.subarray(count));
        this.#sending = false;
        if (this.#choices !== undefined) this.#configureLater(this.#choices);
        this.#tellWriter();
      },
      (error) => this.#breakWith(error),
    );
  }

  #configureLater(choices: (() => void)[]): void {
    this.#choices = undefined;
    for (const choose of choices) this.configure(choose);
  }

  #breakWith(error: unknown): void {
    this.#broken ??= lostError(error);
    this.#reading = this.#sending = false;
    this.#tellReader();
    this.#tellWriter();
  }

  #tellReader(): void {
    const reader = this.#reader;
    this.#reader = undefined;
    reader?.readable();
  }

  #tellWriter(): void {
    const writer = this.#writer;
    this.#writer = undefined;
    writer?.writable();
  }
}

/** A {@linkcode DenoStream} whose addresses are known without asking for them. */
export class AddressedDenoStream extends DenoStream {
  readonly localAddress: Address;
  readonly remoteAddress: Address;

  /**
   * @param conn the connection
   * @param addresses those of its ends
   */
  constructor(
    conn: Connection,
    addresses: { readonly local: Address; readonly remote: Address },
  ) {
    super(conn);
    this.localAddress = addresses.local;
    this.remoteAddress = addresses.remote;
  }
}
