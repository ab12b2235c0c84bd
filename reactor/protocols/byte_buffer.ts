/**
 * Bytes that have arrived and are not yet understood.
 *
 * @module
 */

import { ByteSearch } from "./byte_search.ts";

const EMPTY = new Uint8Array(0);

/** Arrays of so many bytes are not worth a copy of the few that wait in them. */
const SMALL = 4 * 1024;

/** What waits may get so much room, however little it is. */
const LEAST_ROOM = 256;

/**
 * A queue of bytes: added at the end, taken from the front. What is taken is a
 * view that nobody overwrites, so it can be kept without a copy. But it keeps
 * all of the array alive that it is a view of: to keep a little of much, copy it.
 */
export class ByteBuffer {
  /** The first bytes wait in here from `#start` to `#end`; behind, there is room. */
  #storage: Uint8Array = EMPTY;
  #start = 0;
  #end = 0;
  /** Looks through the storage; there once it was needed. */
  #search: ByteSearch | undefined;
  /** The bytes behind those, as they were added. */
  #next: Uint8Array = EMPTY;
  /** No room is made for more bytes than this, unless more have come. */
  #expected = Infinity;

  /** How many bytes wait. */
  get length(): number {
    return this.#end - this.#start + this.#next.length;
  }

  /** Adds bytes at the end. They are not copied yet, and must not change. */
  add(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    if (this.length === 0) {
      this.#replaceStorage(bytes, 0, bytes.length);
    } else if (this.#next.length === 0) {
      this.#next = bytes;
    } else {
      this.#join(bytes.length);
      this.#append(bytes);
    }
  }

  /** The byte at a place, counted from the front; `undefined` where none waits. */
  at(index: number): number | undefined {
    const place = this.#start + index;
    if (place < this.#end) return this.#storage[place];
    return this.#next[place - this.#end];
  }

  /** The bytes that wait, left where they are. */
  peek(): Uint8Array {
    this.#join(0);
    return this.#storage.subarray(this.#start, this.#end);
  }

  /**
   * Says how many bytes there will have to be before any can be taken: the next
   * `settle()` makes no room for more.
   */
  expect(count: number): void {
    this.#expected = count;
  }

  /** Takes bytes from the front; there must be as many. */
  take(count: number): Uint8Array {
    const end = this.#start + count;
    if (end > this.#end) return this.#takeAcross(count);
    const taken = this.#storage.subarray(this.#start, end);
    this.skip(count);
    return taken;
  }

  /** Takes all there are. */
  takeAll(): Uint8Array {
    return this.take(this.length);
  }

  /** Drops bytes from the front; there must be as many. */
  skip(count: number): void {
    this.#start += count;
    // Mostly nothing is behind, and then an empty storage does no harm.
    if (this.#start < this.#end || this.#next.length === 0) return;
    this.#replaceStorage(
      this.#next,
      this.#start - this.#end,
      this.#next.length,
    );
    this.#next = EMPTY;
  }

  /** Puts bytes before those that wait. */
  unshift(bytes: Uint8Array): void {
    const waiting = this.takeAll();
    this.add(bytes);
    this.add(waiting);
  }

  /**
   * Where some bytes begin for the first time.
   *
   * @param wanted one byte or more
   * @param from where to begin to look
   * @returns counted from the front; less than 0 if they are not there
   */
  indexOf(wanted: Uint8Array, from: number): number {
    const search = this.#search ??= new ByteSearch(this.#storage);
    const found = search.indexOf(wanted, this.#start + from, this.#end);
    if (found >= 0) return found - this.#start;
    return this.#next.length === 0 ? -1 : this.#indexAcross(wanted, from);
  }

  /**
   * Keeps little more alive than what waits, for when it has to wait for long:
   * twice as much room, or the memory of a small read.
   */
  settle(): void {
    this.#join(0);
    this.#expected = Infinity;
    const { length } = this;
    if (length === 0) return this.#replaceStorage(EMPTY, 0, 0);
    const { byteLength } = this.#storage.buffer;
    if (byteLength <= SMALL || byteLength <= length * 2) return;
    // With room for what may be missing, so that it need not be copied again.
    const own = new Uint8Array(Math.max(length * 2, LEAST_ROOM));
    own.set(this.peek());
    this.#replaceStorage(own, 0, length);
  }

  #indexAcross(wanted: Uint8Array, from: number): number {
    const here = this.#end - this.#start;
    const first = Math.max(from, here - wanted.length + 1, 0);
    for (let at = first; at < here; at++) {
      if (wanted.every((byte, i) => this.at(at + i) === byte)) return at;
    }
    const next = new ByteSearch(this.#next);
    const fromNext = Math.max(from - here, 0);
    const found = next.indexOf(wanted, fromNext, this.#next.length);
    return found < 0 ? -1 : here + found;
  }

  #takeAcross(count: number): Uint8Array {
    const here = this.#end - this.#start;
    const missing = count - here;
    if (this.#end + missing > this.#storage.length) this.#grow(missing);
    this.#append(this.#next.subarray(0, missing));
    const taken = this.#storage.subarray(this.#start, this.#end);
    this.#replaceStorage(this.#next, missing, this.#next.length);
    this.#next = EMPTY;
    return taken;
  }

  /** Has everything that waits in the storage, with room for more behind it. */
  #join(more: number): void {
    const next = this.#next;
    if (next.length === 0 && more === 0) return;
    const needed = next.length + more;
    // Bytes that were taken may still be in use, so what waits is never moved
    // within its storage.
    if (this.#end + needed > this.#storage.length) this.#grow(needed);
    this.#next = EMPTY;
    this.#append(next);
  }

  #append(bytes: Uint8Array): void {
    this.#storage.set(bytes, this.#end);
    this.#end += bytes.length;
  }

  #grow(more: number): void {
    const waiting = this.#storage.subarray(this.#start, this.#end);
    const { length } = waiting;
    // No more than is needed, or else as much again as there is: a peer that
    // sends much at once, or little often, makes it neither large nor slow.
    const twice = Math.min(length * 2, this.#expected);
    const larger = new Uint8Array(Math.max(twice, length + more));
    larger.set(waiting);
    this.#replaceStorage(larger, 0, length);
  }

  #replaceStorage(storage: Uint8Array, start: number, end: number): void {
    this.#storage = storage;
    this.#start = start;
    this.#end = end;
    this.#search = undefined;
  }
}
