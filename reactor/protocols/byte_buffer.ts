/**
 * Bytes that have arrived and are not yet understood.
 *
 * @module
 */

const EMPTY = new Uint8Array(0);

/**
 * A queue of bytes: added at the end, taken from the front. What is taken is a
 * view that nobody overwrites, so it can be kept without a copy.
 */
export class ByteBuffer {
  /** The bytes wait in here from `#start` to `#end`; behind them there is room. */
  #storage: Uint8Array = EMPTY;
  #start = 0;
  #end = 0;

  /** How many bytes wait. */
  get length(): number {
    return this.#end - this.#start;
  }

  /** Adds bytes at the end. */
  add(bytes: Uint8Array): void {
    if (this.length === 0) {
      // Mostly everything before has been understood: then nothing is copied.
      this.#storage = bytes;
      this.#start = 0;
      this.#end = bytes.length;
      return;
    }
    const needed = this.#end + bytes.length;
    // Bytes that were taken may still be in use, so what waits is never moved
    // within its storage.
    if (needed > this.#storage.length) this.#grow(bytes.length);
    this.#storage.set(bytes, this.#end);
    this.#end += bytes.length;
  }

  /** The bytes that wait, left where they are. */
  peek(): Uint8Array {
    return this.#storage.subarray(this.#start, this.#end);
  }

  /** Takes bytes from the front; there must be as many. */
  take(count: number): Uint8Array {
    const taken = this.#storage.subarray(this.#start, this.#start + count);
    this.#start += count;
    return taken;
  }

  /** Takes all there are. */
  takeAll(): Uint8Array {
    return this.take(this.length);
  }

  /** Puts bytes before those that wait. */
  unshift(bytes: Uint8Array): void {
    const waiting = this.takeAll();
    this.add(bytes);
    if (waiting.length > 0) this.add(waiting);
  }

  /**
   * Where some bytes begin for the first time.
   *
   * @param wanted one byte or more
   * @param from where to begin to look
   * @returns counted from the front; less than 0 if they are not there
   */
  indexOf(wanted: Uint8Array, from: number): number {
    // The room behind the end may be large, and is not to be looked through.
    const storage = this.#end === this.#storage.length
      ? this.#storage
      : this.#storage.subarray(0, this.#end);
    const first = wanted[0] ?? 0;
    const last = this.#end - wanted.length;
    for (let at = this.#start + from;; at++) {
      at = storage.indexOf(first, at);
      if (at < 0 || at > last) return -1;
      let same = 1;
      while (same < wanted.length && storage[at + same] === wanted[same]) {
        same++;
      }
      if (same === wanted.length) return at - this.#start;
    }
  }

  #grow(more: number): void {
    const waiting = this.peek();
    const { length } = waiting;
    // No more than is needed, or else as much again as there is: a peer that
    // sends much at once, or little often, makes it neither large nor slow.
    this.#storage = new Uint8Array(Math.max(length * 2, length + more));
    this.#storage.set(waiting);
    this.#start = 0;
    this.#end = waiting.length;
  }
}
