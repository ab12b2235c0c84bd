import { checkFunction, checkInteger } from "./checks.ts";
import { type Chained, Deferred } from "./deferred.ts";
import { WaitQueue } from "./queue.ts";

/**
 * Permits, first come, first served. What is released while `release()` passes one on is
 * passed on afterwards: a queue of any length is served without recursion.
 * @category Deferred
 */
export abstract class Permits {
  readonly #limit: number;
  #free: number;
  /** About to go to those who wait. */
  #released = 0;
  /** By a `release()` down the stack. */
  #serving = false;
  readonly #waiters = new WaitQueue<this>();

  /** Makes free permits. */
  constructor(limit: number) {
    this.#limit = limit;
    this.#free = limit;
  }

  /** A copy, the first one first. */
  get waiting(): readonly Deferred<this>[] {
    return this.#waiters.toArray();
  }

  /** How many there are. */
  protected get permits(): number {
    return this.#limit;
  }

  /** How many are free. */
  protected get freePermits(): number {
    return this.#free;
  }

  /**
   * Waits for a permit, to be released with `release()` or `using`. Cancelling ends the
   * wait; later, it keeps the permit.
   * @returns fires with this object, at once if a permit is free
   */
  acquire(): Deferred<this> {
    if (this.#free === 0) return this.#waiters.enqueue();
    this.#free--;
    const d = new Deferred<this>();
    d.callback(this);
    return d;
  }

  /**
   * Releases a permit; the first who waits has it before this returns.
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
   * Calls a function while holding a permit, until its result is there. Cancelling
   * prevents the call; later, it cancels what `fn` waits for.
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

  /** Releases it: `using _ = await lock.acquire();`. */
  [Symbol.dispose](): void {
    this.release();
  }

  /** The error's message. */
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

/**
 * One holder at a time: Twisted's `DeferredLock`. `using _ = await lock.acquire()`
 * releases it at the end of the block. Do not forget the `await`; the lock itself in
 * `using` would be released once more.
 * @example
 * ```ts
 * import { DeferredLock } from "@deferno/deferno";
 *
 * const lock = new DeferredLock();
 * const poem: number[] = [];
 *
 * async function recite(line: number) {
 *   using _ = await lock.acquire();
 *   poem.push(line);
 *   await Promise.resolve();
 *   poem.push(line);
 * }
 * await Promise.all([recite(1), recite(2)]);
 * console.assert(poem.join() === "1,1,2,2");
 * ```
 * @category Deferred
 */
export class DeferredLock extends Permits {
  /** Makes a free lock. */
  constructor() {
    super(1);
  }

  /** Whether somebody holds it. */
  get locked(): boolean {
    return this.freePermits === 0;
  }

  /** The error's message. */
  protected override releasedTooOften(): string {
    return "Cannot release the lock: nobody holds it";
  }
}

/**
 * A number of holders at a time, to limit concurrency: Twisted's `DeferredSemaphore`. To
 * be used as a {@linkcode DeferredLock}.
 * @category Deferred
 */
export class DeferredSemaphore extends Permits {
  /**
   * Makes it for so many holders.
   * @throws {RangeError} if not an integer of at least 1
   */
  constructor(tokens: number) {
    checkInteger("DeferredSemaphore: tokens", tokens, 1);
    super(tokens);
  }

  /** How many holders there may be. */
  get limit(): number {
    return this.permits;
  }

  /** How many are free. */
  get tokens(): number {
    return this.freePermits;
  }

  /** The error's message. */
  protected override releasedTooOften(): string {
    return `Cannot release the semaphore: none of its ${this.limit} tokens is held`;
  }
}
