/**
 * Bytes not parsed yet. Whole reads are added, up to 64 KiB each, and messages taken,
 * which nearly always lie within one read: then nothing is copied.
 *
 *     #storage   ┌─────────┬──────────────────┬───────────┐
 *                │  taken  │     waiting      │   room    │
 *                └─────────┴──────────────────┴───────────┘
 *                0         #start             #end
 *
 *     #next      ┌────────────────────────────┐
 *                │ waiting, behind #end       │   one read, as it was added
 *                └────────────────────────────┘
 *
 * 1. `add` makes a read the storage of an empty buffer, or `#next`; a second one behind
 *    it joins all in the storage.
 * 2. `take` and `skip` move `#start`. When it reaches `#end`, `#next` becomes the
 *    storage. A message across both is completed in the storage's room.
 * 3. What was taken is a view that its receiver may keep, so the storage's bytes are
 *    never moved or overwritten: without room, what waits is copied to a larger one.
 * 4. A storage grows to twice its waiting bytes, for amortized linear time, but not
 *    beyond what `expect` announced.
 * 5. `settle`, when no more can be parsed, replaces a large read of which little waits by
 *    a copy, since idle connections would keep many; of a protocol that has released its
 *    data, each read.
 * @module
 */

const EMPTY = new Uint8Array(0);

/** Kept, however little waits. */
const MAX_KEPT_BYTES = 4 * 1024;

/** The least that `settle` makes. */
const MIN_STORAGE_BYTES = 256;

/**
 * What is taken is a view that never changes, and keeps the whole array beneath in
 * memory.
 * @category Protocols
 */
export class ByteBuffer {
  #storage: Uint8Array = EMPTY;
  /** A view costs half as much so as by `subarray()`. */
  #memory: ArrayBufferLike = EMPTY.buffer;
  #offset = 0;
  /** Whether the storage was made here, and is nobody's read. */
  #isOwn = false;
  #start = 0;
  #end = 0;
  #search: ByteSearch | undefined;
  #next: Uint8Array = EMPTY;
  #expected = Infinity;

  /** How many bytes wait. */
  get length(): number {
    return this.#end - this.#start + this.#next.length;
  }

  /** They must not change any more. */
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

  /** From the front; `undefined` behind the end. */
  at(index: number): number | undefined {
    const place = this.#start + index;
    if (place < this.#end) return this.#storage[place];
    return this.#next[place - this.#end];
  }

  /** All bytes, not taken. */
  peek(): Uint8Array {
    this.#join(0);
    return this.#storage.subarray(this.#start, this.#end);
  }

  /** The next message's size, until `settle()`. */
  expect(count: number): void {
    this.#expected = count;
  }

  /** So many must wait. */
  take(count: number): Uint8Array {
    const end = this.#start + count;
    if (end > this.#end) return this.#takeAcross(count);
    const place = this.#offset + this.#start;
    const taken = new Uint8Array(this.#memory, place, count);
    this.skip(count);
    return taken;
  }

  /**
   * Takes up to `most` bytes before the first occurrence, which is dropped.
   * @param wanted one byte or more
   * @returns `undefined` if `indexOf` has to tell: there is none in the storage, or
   *   behind more bytes
   */
  takeUntil(wanted: Uint8Array, most: number): Uint8Array | undefined {
    const search = this.#search ??= new ByteSearch(this.#storage);
    const start = this.#start;
    const count = search.indexOf(wanted, start, this.#end) - start;
    if (count < 0 || count > most) return undefined;
    const taken = new Uint8Array(this.#memory, this.#offset + start, count);
    this.skip(count + wanted.length);
    return taken;
  }

  /** Takes all waiting bytes. */
  takeAll(): Uint8Array {
    return this.take(this.length);
  }

  /** So many must wait. */
  skip(count: number): void {
    this.#start += count;
    // Mostly there is no `#next`, and an empty storage does no harm.
    if (this.#start < this.#end || this.#next.length === 0) return;
    this.#replaceStorage(
      this.#next,
      this.#start - this.#end,
      this.#next.length,
    );
    this.#next = EMPTY;
  }

  /** Adds bytes at the front. */
  unshift(bytes: Uint8Array): void {
    const waiting = this.takeAll();
    this.add(bytes);
    this.add(waiting);
  }

  /**
   * Finds the first occurrence of one byte or more.
   * @returns its index; less than 0 if there is none
   */
  indexOf(wanted: Uint8Array, from: number): number {
    const search = this.#search ??= new ByteSearch(this.#storage);
    const found = search.indexOf(wanted, this.#start + from, this.#end);
    if (found >= 0) return found - this.#start;
    return this.#next.length === 0 ? -1 : this.#indexAcross(wanted, from);
  }

  /**
   * Releases a large storage of which less than half waits.
   * @param releasesReads whether to keep nothing of what was added
   */
  settle(releasesReads: boolean = false): void {
    this.#join(0);
    this.#expected = Infinity;
    const { length } = this;
    if (length === 0) return this.#replaceStorage(EMPTY, 0, 0);
    const { byteLength } = this.#memory;
    const isKept = this.#isOwn || !releasesReads;
    const isSmall = byteLength <= MAX_KEPT_BYTES || byteLength <= length * 2;
    if (isKept && isSmall) return;
    // With room for the rest of the message, which is then not copied again.
    const own = new Uint8Array(Math.max(length * 2, MIN_STORAGE_BYTES));
    own.set(this.peek());
    this.#replaceStorage(own, 0, length);
    this.#isOwn = true;
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

  /** With room for so many more bytes. */
  #join(more: number): void {
    const next = this.#next;
    if (next.length === 0 && more === 0) return;
    const needed = next.length + more;
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
    const twice = Math.min(length * 2, this.#expected);
    const larger = new Uint8Array(Math.max(twice, length + more));
    larger.set(waiting);
    this.#replaceStorage(larger, 0, length);
    this.#isOwn = true;
  }

  #replaceStorage(storage: Uint8Array, start: number, end: number): void {
    this.#storage = storage;
    this.#memory = storage.buffer;
    this.#offset = storage.byteOffset;
    this.#isOwn = false;
    this.#start = start;
    this.#end = end;
    this.#search = undefined;
  }
}

/** Up to here, comparing bytes is faster than making a view of words. */
const MAX_BYTEWISE = 32;

/**
 * Finds bytes in an array, comparing four at a time: several times faster than `indexOf`
 * with a match every hundred bytes or so.
 */
export class ByteSearch {
  readonly #bytes: Uint8Array;
  /** The same memory, from the array's first aligned word on. */
  #words: Int32Array | undefined;
  /** Bytes of the first word before the array. */
  readonly #before: number;

  /** @param bytes may change later */
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#before = bytes.byteOffset % 4;
  }

  /** As the buffer's; the match ends before `to`. */
  indexOf(wanted: Uint8Array, from: number, to: number): number {
    const bytes = this.#bytes;
    const first = wanted[0] ?? 0;
    const last = to - wanted.length;
    for (let at = from; at <= last; at++) {
      at = this.#find(first, at, last + 1);
      if (at < 0) return -1;
      let same = 1;
      while (same < wanted.length && bytes[at + same] === wanted[same]) same++;
      if (same === wanted.length) return at;
    }
    return -1;
  }

  #find(byte: number, from: number, to: number): number {
    const bytes = this.#bytes;
    let at = from;
    if (to - from > MAX_BYTEWISE) {
      const aligned = from + 3 - (from + this.#before + 3) % 4;
      for (; at < aligned; at++) if (bytes[at] === byte) return at;
      at = this.#findWord(byte, at, to);
    }
    for (; at < to; at++) if (bytes[at] === byte) return at;
    return -1;
  }

  /** Or the end of the words. */
  #findWord(byte: number, from: number, to: number): number {
    const words = this.#words ??= this.#makeWords();
    const pattern = Math.imul(byte, 0x01010101);
    const end = (to + this.#before) >> 2;
    let at = (from + this.#before) >> 2;
    for (; at < end; at++) {
      // A matching byte is 0 here, and only a 0 borrows in the subtraction.
      const difference = (words[at] ?? 0) ^ pattern;
      if ((difference - 0x01010101) & ~difference & 0x80808080) break;
    }
    return at * 4 - this.#before;
  }

  #makeWords(): Int32Array {
    const { buffer, byteOffset, length } = this.#bytes;
    const whole = (this.#before + length) >> 2;
    return new Int32Array(buffer, byteOffset - this.#before, whole);
  }
}
