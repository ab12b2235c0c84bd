/**
 * What a lock and a semaphore have in common: a number of permits, and a line of
 * those who wait for one.
 *
 * @module
 */

import { checkFunction } from "./checks.ts";
import { type Chained, Deferred } from "./deferred.ts";
import { WaitQueue } from "./wait_queue.ts";

/**
 * Gives out permits, first come, first served.
 *
 * A permit that is given back goes to the first in line at once, inside
 * `release()`. Where that one gives it back at once too, the next one has to
 * wait until its callbacks have returned: so a line of any length is served
 * without recursion.
 */
export abstract class Permits {
  readonly #limit: number;
  /** Nobody has them. */
  #free: number;
  /** Given back while another was being handed over; they go to the line next. */
  #returned = 0;
  /** Whether `release()` is serving the line further down the stack. */
  #serving = false;
  readonly #waiters = new WaitQueue<this>();

  /**
   * Permits that nobody has yet.
   *
   * @param limit how many there are
   */
  constructor(limit: number) {
    this.#limit = limit;
    this.#free = limit;
  }

  /** Those who wait, the first in line first: a copy of the line as it is now. */
  get waiting(): readonly Deferred<this>[] {
    return this.#waiters.toArray();
  }

  /** How many permits there are. */
  protected get permits(): number {
    return this.#limit;
  }

  /** How many of them nobody has. */
  protected get freePermits(): number {
    return this.#free;
  }

  /**
   * Waits for a permit. Whoever gets one has to give it back with `release()`,
   * or by `using`.
   *
   * Cancelled before it is its turn, the deferred leaves the line. Cancelled
   * later, it keeps what it has.
   *
   * @returns a deferred of this object itself, which has fired already if a
   *   permit was free
   */
  acquire(): Deferred<this> {
    if (this.#free === 0) return this.#waiters.enqueue();
    this.#free--;
    const d = new Deferred<this>();
    d.callback(this);
    return d;
  }

  /**
   * Gives a permit back. If somebody waits, the first in line has it before
   * this returns.
   *
   * @throws {Error} if all are back already
   */
  release(): void {
    if (this.#free + this.#returned === this.#limit) {
      throw new Error(this.releasedTooOften());
    }
    if (this.#waiters.size === 0) {
      this.#free++;
    } else {
      this.#returned++;
      if (!this.#serving) this.#serve();
    }
  }

  /**
   * Calls a function with a permit in hand, and gives it back once the result
   * is there, whatever it is.
   *
   * Cancelled while it waits for its turn, `fn` is never called. Cancelled
   * later, what `fn` waits for is cancelled.
   *
   * @param fn what to call; it may return a deferred or a promise
   * @param args what to call it with
   * @returns a deferred of what `fn` gave
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

  /**
   * Gives a permit back at the end of the block that got it:
   * `using _ = await lock.acquire();`.
   */
  [Symbol.dispose](): void {
    this.release();
  }

  /** Says what was given back that nobody had. */
  protected abstract releasedTooOften(): string;

  /** Hands over what was given back, until the line or the permits end. */
  #serve(): void {
    this.#serving = true;
    try {
      while (this.#returned > 0) {
        this.#returned--;
        const first = this.#waiters.dequeue();
        if (first === undefined) this.#free++;
        else first.callback(this);
      }
    } finally {
      this.#serving = false;
    }
  }
}
