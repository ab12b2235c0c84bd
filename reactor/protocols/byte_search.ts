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

  /**
   * @param wanted one byte or more
   * @param to the match ends before
   * @returns the first index; less than 0 if there is none
   */
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
