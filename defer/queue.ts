/**
 * A queue.
 *
 * @module
 */

import { checkInteger } from "./checks.ts";
import { Deferred, isDeferred } from "./deferred.ts";
import { QueueOverflow, QueueUnderflow } from "./errors.ts";
import type { Failure } from "./failure.ts";
import { LinkedList } from "./linked_list.ts";
import { WaitQueue } from "./wait_queue.ts";

/**
 * Things put in come out in that order, one for each who asks; who asks too
 * early waits: Twisted's `DeferredQueue`.
 *
 * @example
 * ```ts
 * import { DeferredQueue } from "@deferno/deferno";
 *
 * const queue = new DeferredQueue<string>();
 * const heard: string[] = [];
 * queue.get().addCallback((line) => heard.push(line));
 * queue.put("I met a traveller");
 * console.assert(heard[0] === "I met a traveller");
 *
 * queue.put("from an antique land");
 * console.assert(await queue.get() === "from an antique land");
 * ```
 *
 * @typeParam T what is put in
 */
export class DeferredQueue<T = unknown> {
  /** How many things it keeps for those to come; `undefined` for any number. */
  readonly size: number | undefined;
  /** How many may wait for a thing; `undefined` for any number. */
  readonly backlog: number | undefined;
  readonly #kept = new LinkedList<T | Failure>();
  readonly #waiters = new WaitQueue<T>();

  /**
   * An empty queue.
   *
   * @param size how many things the queue keeps for those to come; any number
   *   unless given
   * @param backlog how many may wait for a thing; any number unless given
   * @throws {RangeError} if one of them is no whole number, or negative
   */
  constructor(size?: number | null, backlog?: number | null) {
    this.size = asCount("size", size);
    this.backlog = asCount("backlog", backlog);
  }

  /** What is kept, the next one first: a copy of it as it is now. */
  get pending(): readonly (T | Failure)[] {
    return [...this.#kept];
  }

  /** Those who wait, the first in line first: a copy of the line as it is now. */
  get waiting(): readonly Deferred<T>[] {
    return this.#waiters.toArray();
  }

  /**
   * Puts a thing in. If somebody waits, the first in line has it before this
   * returns, whatever `size` says.
   *
   * @param value what to put in; with a failure, whoever gets it fails
   * @throws {QueueOverflow} if nobody waits, and `size` things are kept already
   * @throws {TypeError} if `value` is a deferred: put its result in
   */
  put(value: T | Failure): void {
    if (isDeferred(value)) {
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
   * Takes the next thing out, or waits for one. Cancelled meanwhile, the
   * deferred leaves the line.
   *
   * @returns a deferred of the thing, which has fired already if one was kept
   * @throws {QueueUnderflow} if nothing is kept, and `backlog` are waiting
   *   already
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
