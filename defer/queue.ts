import { checkInteger } from "./checks.ts";
import { Deferred, isAnyDeferred } from "./deferred.ts";
import { QueueOverflow, QueueUnderflow } from "./errors.ts";
import type { Failure } from "./failure.ts";
import { LinkedList, type Node } from "./linked_list.ts";

/** Cancelling a deferred removes it. */
export class WaitQueue<T> {
  readonly #waiting = new LinkedList<Deferred<T>>();

  get size(): number {
    return this.#waiting.size;
  }

  enqueue(): Deferred<T> {
    const d = new Deferred<T>(() => node.remove());
    const node: Node<Deferred<T>> = this.#waiting.push(d);
    return d;
  }

  /** The first that nobody has fired. */
  dequeue(): Deferred<T> | undefined {
    for (;;) {
      const d = this.#waiting.shift()?.value;
      if (d === undefined || !d.called) return d;
    }
  }

  toArray(): Deferred<T>[] {
    return [...this.#waiting];
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
    return this.#waiters.toArray();
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

function asCount(
  name: string,
  count: number | null | undefined,
): number | undefined {
  if (count === undefined || count === null) return undefined;
  checkInteger(`DeferredQueue: ${name}`, count, 0);
  return count;
}
