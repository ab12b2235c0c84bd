/**
 * Delayed calls, in a binary heap: the children of entry i stand at 2i + 1 and 2i + 2,
 * and none is due before its parent.
 *
 * ```text
 *            0: 1.0                 heap: 1.0 2.5 1.7 4.0 3.1
 *          /        \               call: C   D   A'  B   A
 *      1: 2.5      2: 1.7
 *      /    \
 *  3: 4.0  4: 3.1 (stale)
 * ```
 *
 * A call refers to its entry. `reset` and `delay` insert another (A'), `cancel` leaves it
 * without: the old one (A) is stale, and dropped when it comes to the front, which is
 * cheaper than finding it. When more than half are stale, they are swept out together.
 * @module
 */

import { checkFunction } from "../../defer/checks.ts";
import { QueuedCall } from "./delayed_call.ts";
import type { Instruments } from "./instruments.ts";

interface Entry {
  readonly time: number;
  /** For calls at the same time. */
  readonly order: number;
  readonly call: QueuedCall;
}

/** Not worth a sweep. */
const FEW_STALE = 50;

function isBefore(a: Entry, b: Entry): boolean {
  return a.time < b.time || (a.time === b.time && a.order < b.order);
}

function isInForce(entry: Entry): boolean {
  return entry.call.entry === entry;
}

function compare(a: Entry, b: Entry): number {
  return isBefore(a, b) ? -1 : 1;
}

export class TimerQueue {
  #now: () => number;
  #onMoved: ((time: number) => void) | undefined;
  #instruments: Instruments | undefined;
  #heap: Entry[] = [];
  /** Being made, out of the heap. */
  #due: Entry[] = [];
  #pending = 0;
  #orders = 0;

  /**
   * @param now in seconds
   * @param onMoved called with the time of a call added or moved
   */
  constructor(
    now: () => number,
    onMoved?: (time: number) => void,
    instruments?: Instruments,
  ) {
    this.#now = now;
    this.#onMoved = onMoved;
    this.#instruments = instruments;
  }

  seconds(): number {
    return this.#now();
  }

  add(
    seconds: number,
    fn: (...args: never[]) => unknown,
    args: readonly unknown[],
  ): QueuedCall {
    checkFunction("callLater: fn", fn);
    if (typeof seconds !== "number" || Number.isNaN(seconds)) {
      throw new RangeError(`seconds must be a number, got ${seconds}`);
    }
    const call = new QueuedCall(this, this.#now() + seconds, fn, args);
    this.moved(call);
    return call;
  }

  calls(): QueuedCall[] {
    return [...this.#due, ...this.#heap].filter(isInForce).sort(compare)
      .map(({ call }) => call);
  }

  nextTime(): number | undefined {
    return this.#firstEntry()?.time;
  }

  takeDue(): QueuedCall | undefined {
    const entry = this.#firstEntry();
    if (entry === undefined || entry.time > this.#now()) return undefined;
    this.#removeFirst();
    this.#leave(entry.call);
    return entry.call;
  }

  /** A call added meanwhile waits; one cancelled or moved meanwhile is not made. */
  runDue(make: (call: QueuedCall) => void): void {
    if (this.#firstEntry() === undefined) return;
    const now = this.#now();
    const due: Entry[] = this.#due = [];
    for (
      let entry = this.#firstEntry();
      entry !== undefined && entry.time <= now;
      entry = this.#firstEntry()
    ) {
      this.#removeFirst();
      due.push(entry);
    }
    for (const entry of due) {
      if (!isInForce(entry)) continue;
      this.#leave(entry.call);
      make(entry.call);
    }
    this.#due = [];
  }

  moved(call: QueuedCall): void {
    const entry = { time: call.getTime(), order: this.#orders++, call };
    const isNew = call.entry === undefined;
    if (isNew) this.#pending++;
    call.entry = entry;
    this.#insert(entry);
    this.#sweep();
    if (this.#instruments?.active) {
      this.#instruments.tell((instrument) =>
        isNew
          ? instrument.delayedCallAdded?.(call)
          : instrument.delayedCallMoved?.(call)
      );
    }
    this.#onMoved?.(entry.time);
  }

  cancelled(call: QueuedCall): void {
    this.#leave(call);
    this.#sweep();
    if (this.#instruments?.active) {
      this.#instruments.tell((one) => one.delayedCallCancelled?.(call));
    }
  }

  #firstEntry(): Entry | undefined {
    for (;;) {
      const first = this.#heap[0];
      if (first === undefined) return undefined;
      if (isInForce(first)) return first;
      this.#removeFirst();
    }
  }

  #insert(entry: Entry): void {
    const heap = this.#heap;
    let hole = heap.length;
    heap.push(entry);
    while (hole > 0) {
      const parent = (hole - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || !isBefore(entry, above)) break;
      heap[hole] = above;
      hole = parent;
    }
    heap[hole] = entry;
  }

  #removeFirst(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let hole = 0;
    for (;;) {
      let child = 2 * hole + 1;
      const left = heap[child];
      const right = heap[child + 1];
      let smaller = left;
      if (left !== undefined && right !== undefined && isBefore(right, left)) {
        smaller = right;
        child++;
      }
      if (smaller === undefined || !isBefore(smaller, last)) break;
      heap[hole] = smaller;
      hole = child;
    }
    heap[hole] = last;
  }

  #leave(call: QueuedCall): void {
    call.entry = undefined;
    this.#pending--;
  }

  #sweep(): void {
    const stale = this.#heap.length - this.#pending;
    if (stale <= FEW_STALE || stale <= this.#pending) return;
    const inForce = this.#heap.filter(isInForce);
    this.#heap = [];
    for (const entry of inForce) this.#insert(entry);
  }
}
