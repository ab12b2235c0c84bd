/**
 * An open port of Deno's, as a non-blocking socket.
 *
 * @module
 */

import type { TCPAddress } from "../addresses.ts";
import type { Listener, ReadinessObserver, Stream } from "../interfaces.ts";
import { DenoStream, toAddress } from "./deno_stream.ts";

/** A {@linkcode Listener} over a port of Deno's: accepts one connection ahead. */
export class DenoListener implements Listener {
  readonly address: TCPAddress;
  readonly #listener: Deno.TcpListener;
  /** What has been accepted, or could not be, and nobody has taken. */
  #accepted: Stream | Error | undefined;
  /** Settles when the accept that is under way is over. */
  #accepting: Promise<void> | undefined;
  #closed = false;
  #observer: ReadinessObserver | undefined;

  constructor(listener: Deno.TcpListener) {
    this.#listener = listener;
    listener.unref();
    this.address = toAddress(listener.addr);
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

  #accept(): Promise<void> {
    return this.#listener.accept().then(
      (conn) => this.#accepts(new DenoStream(conn)),
      (error) => this.#accepts(error),
    );
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
