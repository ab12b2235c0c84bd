// The base of locks and semaphores.

import { checkFunction } from "./checks.ts";
import { type Chained, Deferred } from "./deferred.ts";
import { WaitQueue } from "./wait_queue.ts";

/**
 * A number of permits, first come, first served.
 *
 * `release()` passes the permit to the first in the queue before it returns. One that it
 * releases inside its callbacks is passed on after they have returned, so that a queue of
 * any length is served without recursion.
 * @category Deferred
 */
export abstract class Permits {
  readonly #limit: number;
  #free: number;
  /** Released, and about to go to those who wait. */
  #released = 0;
  /** Whether a `release()` further down the stack serves the queue. */
  #serving = false;
  readonly #waiters = new WaitQueue<this>();

  /** Makes permits that nobody holds. */
  constructor(limit: number) {
    this.#limit = limit;
    this.#free = limit;
  }

  /** Those who wait, the first one first: a copy. */
  get waiting(): readonly Deferred<this>[] {
    return this.#waiters.toArray();
  }

  /** The number of permits. */
  protected get permits(): number {
    return this.#limit;
  }

  /** The number of permits that are not held. */
  protected get freePermits(): number {
    return this.#free;
  }

  /**
   * Waits for a permit, to be released with `release()` or by `using`. Cancelling the
   * deferred while it waits removes it from the queue; later, it keeps the permit.
   * @returns a deferred of this object itself, fired at once if a permit is free
   */
  acquire(): Deferred<this> {
    if (this.#free === 0) return this.#waiters.enqueue();
    this.#free--;
    const d = new Deferred<this>();
    d.callback(this);
    return d;
  }

  /**
   * Releases a permit. The first who waits, if any, has it before this returns.
   * @throws {Error} if none is held
   */
  release(): void {
    if (this.#free + this.#released === this.#limit) {
      throw new Error(this.releasedTooOften());
    }
    if (this.#waiters.size === 0) {
      this.#free++;
    } else {
      this.#released++;
      if (!this.#serving) this.#serve();
    }
  }

  /**
   * Acquires a permit, calls a function, and releases the permit once the result is
   * there. Cancelling the deferred before `fn` was called prevents the call; later, it
   * cancels what `fn` waits for.
   * @param fn may return a deferred or a promise
   */
  run<R, A extends unknown[]>(
    fn: (...args: A) => R,
    ...args: A
  ): Deferred<Chained<R>> {
    checkFunction("run: fn", fn);
    let held = false;
    const called = this.acquire().addCallback(() => {
      held = true;
      return fn(...args);
    });
    called.addBoth((result) => {
      if (held) this.release();
      return result;
    });
    return called;
  }

  /** Releases a permit at the end of a block: `using _ = await lock.acquire();`. */
  [Symbol.dispose](): void {
    this.release();
  }

  /** The message for a release too many. */
  protected abstract releasedTooOften(): string;

  #serve(): void {
    this.#serving = true;
    try {
      while (this.#released > 0) {
        this.#released--;
        const first = this.#waiters.dequeue();
        if (first === undefined) this.#free++;
        else first.callback(this);
      }
    } finally {
      this.#serving = false;
    }
  }
}
