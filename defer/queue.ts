// A queue whose consumers can wait.

import { checkInteger } from "./checks.ts";
import { Deferred, isAnyDeferred } from "./deferred.ts";
import { QueueOverflow, QueueUnderflow } from "./errors.ts";
import type { Failure } from "./failure.ts";
import { LinkedList } from "./linked_list.ts";
import { WaitQueue } from "./wait_queue.ts";

/**
 * A first-in, first-out queue; a `get()` from an empty one waits: Twisted's
 * `DeferredQueue`.
 * @example
 * ```ts
 * import { DeferredQueue } from "@deferno/deferno";
 *
 * const queue = new DeferredQueue<string>();
 * queue.get().addCallback((line) => console.assert(line === "I met"));
 * queue.put("I met");
 * queue.put("a traveller");
 * console.assert(await queue.get() === "a traveller");
 * ```
 * @category Deferred
 */
export class DeferredQueue<T = unknown> {
  /** The maximum of values that it keeps; `undefined` for no limit. */
  readonly size: number | undefined;
  /** The maximum of those who wait; `undefined` for no limit. */
  readonly backlog: number | undefined;
  readonly #kept = new LinkedList<T | Failure>();
  readonly #waiters = new WaitQueue<T>();

  /**
   * Makes an empty queue, without limits unless they are given.
   * @throws {RangeError} if one of them is not an integer, or negative
   */
  constructor(size?: number | null, backlog?: number | null) {
    this.size = asCount("size", size);
    this.backlog = asCount("backlog", backlog);
  }

  /** The values in the queue, the next one first: a copy. */
  get pending(): readonly (T | Failure)[] {
    return [...this.#kept];
  }

  /** Those who wait, the first one first: a copy. */
  get waiting(): readonly Deferred<T>[] {
    return this.#waiters.toArray();
  }

  /**
   * Adds a value, or a failure. The first who waits, if any, has it before this returns.
   * @throws {QueueOverflow} if nobody waits, and the queue is full
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
   * Removes the next value, or waits for one. Cancelling the deferred meanwhile removes
   * it from those who wait.
   * @throws {QueueUnderflow} if the queue is empty, and `backlog` wait already
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

function asCount(
  name: string,
  count: number | null | undefined,
): number | undefined {
  if (count === undefined || count === null) return undefined;
  checkInteger(`DeferredQueue: ${name}`, count, 0);
  return count;
}
