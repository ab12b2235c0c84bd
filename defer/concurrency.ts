import { checkFunction, checkInteger } from "./checks.ts";
import { succeed } from "./create.ts";
import { type Chained, Deferred, isAnyDeferred } from "./deferred.ts";
import { QueueOverflow, QueueUnderflow } from "./errors.ts";
import type { Failure } from "./failure.ts";
import { LinkedList, type Node } from "./linked_list.ts";

/**
 * Permits, first come, first served. What is released while `release()` passes one on is
 * passed on afterwards, without recursion.
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
    return [...this.#waiters];
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
    return succeed<this>(this);
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
 * A {@linkcode DeferredLock} for several holders: Twisted's `DeferredSemaphore`.
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

/** Cancelling a deferred removes it. */
class WaitQueue<T> extends LinkedList<Deferred<T>> {
  enqueue(): Deferred<T> {
    const d = new Deferred<T>(() => node.remove());
    const node: Node<Deferred<T>> = this.push(d);
    return d;
  }

  /** The first that nobody has fired. */
  dequeue(): Deferred<T> | undefined {
    for (;;) {
      const d = this.shift()?.value;
      if (d === undefined || !d.called) return d;
    }
  }
}

/**
 * Twisted's `DeferredQueue`: first in, first out; `get()` waits while it is empty.
 * @example
 * ```ts
 * import { DeferredQueue } from "@deferno/deferno";
 *
 * const queue = new DeferredQueue<string>();
 * queue.get().addCallback((line) => console.assert(line === "I met"));
 * queue.put("I met");
 * ```
 * @category Deferred
 */
export class DeferredQueue<T = unknown> {
  /** The most values kept; `undefined` for no limit. */
  readonly size: number | undefined;
  /** The most who wait; `undefined` for no limit. */
  readonly backlog: number | undefined;
  readonly #kept = new LinkedList<T | Failure>();
  readonly #waiters = new WaitQueue<T>();

  /**
   * Without limits by default.
   * @throws {RangeError} if one is not an integer of at least 0
   */
  constructor(size?: number | null, backlog?: number | null) {
    this.size = asCount("size", size);
    this.backlog = asCount("backlog", backlog);
  }

  /** A copy, the next one first. */
  get pending(): readonly (T | Failure)[] {
    return [...this.#kept];
  }

  /** A copy, the first one first. */
  get waiting(): readonly Deferred<T>[] {
    return [...this.#waiters];
  }

  /**
   * Adds a value, or a failure; the first who waits has it before this returns.
   * @throws {QueueOverflow} if the queue is full
   * @throws {TypeError} if `value` is a deferred
   */
  put(value: T | Failure): void {
    if (isAnyDeferred(value)) {
      throw new TypeError(
        "Cannot put a deferred into the queue: add a callback to it that puts its result in",
      );
    }
    const first = this.#waiters.dequeue();
    if (first !== undefined) {
      first.callback(value);
    } else if (this.size === undefined || this.#kept.size < this.size) {
      this.#kept.push(value);
    } else {
      throw new QueueOverflow(this.size);
    }
  }

  /**
   * Removes the next value, or waits for one, unless cancelled.
   * @throws {QueueUnderflow} if `backlog` wait already
   */
  get(): Deferred<T> {
    const kept = this.#kept.shift();
    if (kept !== undefined) {
      const d = new Deferred<T>();
      d.callback(kept.value);
      return d;
    }
    if (this.backlog !== undefined && this.#waiters.size >= this.backlog) {
      throw new QueueUnderflow(this.backlog);
    }
    return this.#waiters.enqueue();
  }
}

function asCount(name: string, count?: number | null): number | undefined {
  if (count == null) return undefined;
  checkInteger(`DeferredQueue: ${name}`, count, 0);
  return count;
}
