/**
 * Those who wait in line for something, each with a deferred.
 *
 * @module
 */

import { Deferred } from "./deferred.ts";
import { Fifo, type Place } from "./fifo.ts";

/**
 * Deferreds in the order they came. Whoever cancels theirs leaves the line.
 */
export class Waiters<T> {
  readonly #line = new Fifo<Deferred<T>>();

  /** How many are waiting. */
  get size(): number {
    return this.#line.size;
  }

  /** Puts a new deferred at the end of the line. */
  join(): Deferred<T> {
    const d = new Deferred<T>(() => this.#line.remove(place));
    const place: Place<Deferred<T>> = this.#line.push(d);
    return d;
  }

  /**
   * Takes the first one out of the line; `undefined` if nobody is waiting. One
   * that was fired past the line waits no longer, and is passed over.
   */
  next(): Deferred<T> | undefined {
    for (;;) {
      const d = this.#line.shift()?.value;
      if (d === undefined || !d.called) return d;
    }
  }

  /** The line as it is now. */
  list(): Deferred<T>[] {
    return [...this.#line];
  }
}
