import type { Address } from "../../addresses.ts";
import type { Listener, ReadinessObserver, Stream } from "../../backend.ts";
import { Readiness } from "../readiness.ts";

export class MemoryListener<A extends Address> implements Listener<A> {
  readonly address: A;
  readonly #readiness = new Readiness();
  readonly #onClose: () => void;
  #waiting: Stream[] = [];

  constructor(address: A, onClose: () => void) {
    this.address = address;
    this.#onClose = onClose;
  }

  pollRead(observer: ReadinessObserver): void {
    this.#readiness.pollRead(observer, this.#waiting.length > 0);
  }

  /** A port is never written to. */
  pollWrite(): void {}

  accept(): Stream | undefined {
    return this.#waiting.shift();
  }

  close(): void {
    this.#readiness.clear();
    this.#onClose();
    for (const stream of this.#waiting.splice(0)) stream.abort();
  }

  offer(stream: Stream): void {
    this.#waiting.push(stream);
    this.#readiness.readable();
  }
}
