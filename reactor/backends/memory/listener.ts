/**
 * A port in memory.
 *
 * @module
 */

import type { Address } from "../../addresses.ts";
import type { Listener, ReadinessObserver, Stream } from "../../backend.ts";

/** A {@linkcode Listener} that is told of connections by the other end. */
export class MemoryListener<A extends Address> implements Listener<A> {
  readonly address: A;
  #waiting: Stream[] = [];
  #observer: ReadinessObserver | undefined;
  #onClose: () => void;

  /**
   * @param address what it listens on
   * @param onClose called when it is closed
   */
  constructor(address: A, onClose: () => void) {
    this.address = address;
    this.#onClose = onClose;
  }

  pollRead(observer: ReadinessObserver): void {
    if (this.#waiting.length > 0) observer.readable();
    else this.#observer = observer;
  }

  /** A port has nothing to write to. */
  pollWrite(): void {}

  accept(): Stream | undefined {
    return this.#waiting.shift();
  }

  close(): void {
    this.#observer = undefined;
    this.#onClose();
    for (const stream of this.#waiting.splice(0)) stream.abort();
  }

  /** For the other end: a connection has come. */
  offer(stream: Stream): void {
    this.#waiting.push(stream);
    const observer = this.#observer;
    this.#observer = undefined;
    observer?.readable();
  }
}
