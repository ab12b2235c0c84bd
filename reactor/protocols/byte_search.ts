/**
 * Finding bytes among many.
 *
 * @module
 */

/** In how many bytes a look at each is faster than what has to be made for more. */
const FEW = 32;

/**
 * Finds bytes in an array. It looks at four at a time, which is several times
 * faster than `indexOf` where what is wanted comes every hundred bytes or so.
 */
export class ByteSearch {
  readonly #bytes: Uint8Array;
  /** The same memory, from the four bytes on in which the array begins. */
  #words: Int32Array | undefined;
  /** How many bytes of the first word stand before the array. */
  readonly #before: number;

  /** @param bytes where to look; they may still change */
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#before = bytes.byteOffset % 4;
  }

  /**
   * Where some bytes begin for the first time.
   *
   * @param wanted one byte or more
   * @param from where to begin to look
   * @param to where to end: all of them have to stand before
   * @returns less than 0 if they are not there
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
    if (to - from > FEW) {
      const aligned = from + 3 - (from + this.#before + 3) % 4;
      for (; at < aligned; at++) if (bytes[at] === byte) return at;
      at = this.#findWord(byte, at, to);
    }
    for (; at < to; at++) if (bytes[at] === byte) return at;
    return -1;
  }

  /** The first word with the byte in it, or the end of the whole words. */
  #findWord(byte: number, from: number, to: number): number {
    const words = this.#words ??= this.#makeWords();
    const pattern = Math.imul(byte, 0x01010101);
    const end = (to + this.#before) >> 2;
    let at = (from + this.#before) >> 2;
    for (; at < end; at++) {
      // A byte of this is 0 where it is the one, and only a 0 borrows.
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
