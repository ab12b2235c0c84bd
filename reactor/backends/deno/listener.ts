/**
 * An open port of Deno's, as a non-blocking socket.
 *
 * @module
 */

import type { Address } from "../../addresses.ts";
import type { Listener, ReadinessObserver, Stream } from "../../backend.ts";
import { wasGone } from "./errors.ts";
import { DenoStream } from "./stream.ts";

/** A {@linkcode Listener} over a port of Deno's: accepts one connection ahead. */
export class DenoListener<C extends Deno.Conn, A extends Address>
  implements Listener<A> {
  readonly address: A;
  readonly #listener: Deno.Listener<C>;
  readonly #toStream: (conn: C) => DenoStream;
  /** What has been accepted, or could not be, and nobody has taken. */
  #accepted: Stream | Error | undefined;
  /** Settles when the accept that is under way is over. */
  #accepting: Promise<void> | undefined;
  #closed = false;
  #observer: ReadinessObserver | undefined;

  /**
   * @param listener Deno's own
   * @param address what it listens on
   * @param toStream makes streams of the connections that come
   */
  constructor(
    listener: Deno.Listener<C>,
    address: A,
    toStream: (conn: C) => DenoStream,
  ) {
    this.#listener = listener;
    listener.unref();
    this.address = address;
    this.#toStream = toStream;
  }

  pollRead(observer: ReadinessObserver): void {
    if (this.#accepted !== undefined) {
      observer.readable();
      return;
    }
    this.#observer = observer;
    this.#accepting ??= this.#accept();
  }

  /** A port has nothing to write to. */
  pollWrite(): void {}

  accept(): Stream | Error | undefined {
    const accepted = this.#accepted;
    this.#accepted = undefined;
    return accepted;
  }

  /** Deno keeps the port until it has ended the accept that is under way. */
  close(): void | Promise<void> {
    this.#closed = true;
    this.#observer = undefined;
    this.#listener.close();
    if (this.#accepted instanceof DenoStream) this.#accepted.close();
    return this.#accepting;
  }

  async #accept(): Promise<void> {
    while (true) {
      let accepted: DenoStream | Error;
      try {
        accepted = this.#toStream(await this.#listener.accept());
      } catch (error) {
        // That one has left the queue: the port is as good as before.
        if (!this.#closed && wasGone(error)) continue;
        accepted = error as Error;
      }
      return this.#accepts(accepted);
    }
  }

  #accepts(accepted: DenoStream | Error): void {
    this.#accepting = undefined;
    if (this.#closed) {
      if (accepted instanceof DenoStream) accepted.close();
      return;
    }
    this.#accepted = accepted;
    const observer = this.#observer;
    this.#observer = undefined;
    observer?.readable();
  }
}
