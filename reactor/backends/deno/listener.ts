import type { Address } from "../../addresses.ts";
import type { Listener, ReadinessObserver, Stream } from "../../backend.ts";
import { Readiness } from "../readiness.ts";
import { type Reference, register } from "../host_time.ts";
import { DenoStream, wasReset } from "./stream.ts";

/** Accepts one connection ahead. */
export class DenoListener<C extends Deno.Conn, A extends Address>
  implements Listener<A> {
  readonly address: A;
  readonly #listener: Deno.Listener<C>;
  readonly #toStream: (conn: C) => DenoStream;
  readonly #reference: Reference;
  readonly #readiness = new Readiness();
  #accepted: Stream | Error | undefined;
  #accepting: Promise<void> | undefined;
  #closed = false;

  constructor(
    listener: Deno.Listener<C>,
    address: A,
    toStream: (conn: C) => DenoStream,
  ) {
    this.#listener = listener;
    this.#reference = register(listener);
    this.address = address;
    this.#toStream = toStream;
  }

  pollRead(observer: ReadinessObserver): void {
    const isReady = this.#accepted !== undefined;
    this.#readiness.pollRead(observer, isReady);
    if (!isReady) this.#accepting ??= this.#accept();
  }

  /** Never written to. */
  pollWrite(): void {}

  accept(): Stream | Error | undefined {
    const accepted = this.#accepted;
    this.#accepted = undefined;
    return accepted;
  }

  /** Deno keeps the port until an accept has ended. */
  close(): void | Promise<void> {
    this.#closed = true;
    this.#readiness.clear();
    this.#reference?.remove();
    this.#listener.close();
    if (this.#accepted instanceof DenoStream) this.#accepted.close();
    return this.#accepting;
  }

  async #accept(): Promise<void> {
    let accepted: DenoStream | Error | undefined;
    while (accepted === undefined) {
      try {
        accepted = this.#toStream(await this.#listener.accept());
      } catch (error) {
        // After a reset the port is still good.
        if (this.#closed || !wasReset(error)) accepted = error as Error;
      }
    }
    this.#accepting = undefined;
    if (!this.#closed) {
      this.#accepted = accepted;
      this.#readiness.readable();
    } else if (accepted instanceof DenoStream) accepted.close();
  }
}
