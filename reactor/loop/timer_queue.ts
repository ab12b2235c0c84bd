/**
 * The delayed calls that wait for their time.
 *
 * @module
 */

import { DelayedCall, type DelayedCallQueue } from "./delayed_call.ts";

/** A place in the queue. A call that is moved gets another; the old one is stale. */
interface Entry {
  readonly time: number;
  /** Tells which of two calls for the same time came first. */
  readonly order: number;
  readonly call: DelayedCall;
}

/** How many stale entries are not worth the work of sweeping them out. */
const FEW_STALE = 50;

function isBefore(a: Entry, b: Entry): boolean {
  return a.time < b.time || (a.time === b.time && a.order < b.order);
}

/** Whether it is where its call stands: else the call is over, or was moved. */
function isInForce(entry: Entry): boolean {
  return entry.call.place === entry;
}

function compare(a: Entry, b: Entry): number {
  return isBefore(a, b) ? -1 : 1;
}

/**
 * Delayed calls in the order of their times, first come first served among
 * equals. It knows no clock: `now` is handed in.
 *
 * The entries are a binary heap. A cancelled or moved call leaves its entry
 * behind, because taking it out of the middle would cost more than meeting it
 * later; when more than half of the entries are such, they are swept out.
 */
export class TimerQueue implements DelayedCallQueue {
  #now: () => number;
  #onMoved: ((time: number) => void) | undefined;
  #heap: Entry[] = [];
  /** Those that are being made, which have left the heap together. */
  #due: Entry[] = [];
  /** How many calls are still to come: the entries that are in force. */
  #pending = 0;
  #orders = 0;

  /**
   * @param now the time, in seconds
   * @param onMoved told the time of a call that was added or moved
   */
  constructor(now: () => number, onMoved?: (time: number) => void) {
    this.#now = now;
    this.#onMoved = onMoved;
  }

  /** The time, in seconds. */
  seconds(): number {
    return this.#now();
  }

  /**
   * Adds a call, due `seconds` from now.
   *
   * @throws {TypeError} if `fn` is no function
   * @throws {RangeError} if `seconds` is no number
   */
  add(
    seconds: number,
    fn: (...args: never[]) => unknown,
    args: readonly unknown[],
  ): DelayedCall {
    if (typeof fn !== "function") {
      throw new TypeError(`callLater needs a function to call: it got ${fn}`);
    }
    if (typeof seconds !== "number" || Number.isNaN(seconds)) {
      throw new RangeError(`Seconds must be a number: this is ${seconds}`);
    }
    const call = new DelayedCall(this, this.#now() + seconds, fn, args);
    this.moved(call);
    return call;
  }

  /** The calls that are still to come, in the order in which they are due. */
  calls(): DelayedCall[] {
    return [...this.#due, ...this.#heap].filter(isInForce).sort(compare)
      .map(({ call }) => call);
  }

  /** When the next call is due; `undefined` where there is none. */
  nextTime(): number | undefined {
    return this.#firstEntry()?.time;
  }

  /**
   * Takes the first call that is due off the queue, to be made.
   *
   * @returns `undefined` where none is due
   */
  takeDue(): DelayedCall | undefined {
    const entry = this.#firstEntry();
    if (entry === undefined || entry.time > this.#now()) return undefined;
    this.#removeFirst();
    this.#leave(entry.call);
    return entry.call;
  }

  /**
   * Makes the calls that are due now. A call that is added meanwhile has to wait
   * for the next time; one that is cancelled or moved meanwhile is not made.
   *
   * @param make makes one call
   */
  runDue(make: (call: DelayedCall) => void): void {
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

  moved(call: DelayedCall): void {
    const entry = { time: call.getTime(), order: this.#orders++, call };
    if (call.place === undefined) this.#pending++;
    call.place = entry;
    this.#insert(entry);
    this.#sweep();
    this.#onMoved?.(entry.time);
  }

  cancelled(call: DelayedCall): void {
    this.#leave(call);
    this.#sweep();
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

  /** A call is not to come any more. */
  #leave(call: DelayedCall): void {
    call.place = undefined;
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
