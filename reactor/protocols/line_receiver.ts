/**
 * Protocols that talk in lines.
 *
 * @module
 */

import { BufferingProtocol } from "./buffering_protocol.ts";

const CRLF = new Uint8Array([13, 10]);

/**
 * A protocol that receives lines, and may switch to raw bytes and back:
 * Twisted's `basic.LineReceiver`.
 *
 * @example
 * ```ts
 * import { LineReceiver } from "@deferno/deferno";
 *
 * class Poem extends LineReceiver {
 *   lines: string[] = [];
 *   override lineReceived(line: Uint8Array): void {
 *     this.lines.push(new TextDecoder().decode(line));
 *   }
 * }
 * const poem = new Poem();
 * poem.dataReceived(new TextEncoder().encode("one\r\ntwo\r\nthr"));
 * console.assert(poem.lines.join() === "one,two");
 * ```
 */
export class LineReceiver extends BufferingProtocol {
  /** What ends a line; one byte or more. */
  delimiter: Uint8Array = CRLF;
  /** The longest line, in bytes, without its end. */
  // deno-lint-ignore camelcase -- Twisted's name
  MAX_LENGTH = 16384;
  #mode: "line" | "raw" = "line";
  /** Whether the rest of a line that was too long is being thrown away. */
  #skipping = false;
  /** What `setLineMode` was given meanwhile: it comes behind that rest. */
  #extra: Uint8Array[] = [];
  /** So many bytes of the buffer were looked at, and no delimiter begins there. */
  #searched = 0;
  /** The delimiter that was looked for. */
  #searchedFor: Uint8Array = CRLF;

  /**
   * A line has come. It is a view of what was read, which nobody changes, so it
   * may be kept. But it keeps all of that alive, up to 64 KiB: of a few lines
   * that are kept for long, keep copies (`line.slice()`).
   *
   * @param _line the line, without its end
   * @throws {Error} unless it is overridden
   */
  lineReceived(_line: Uint8Array): void {
    throw new Error(`${this.constructor.name} must override lineReceived`);
  }

  /**
   * Bytes have come while the protocol is in raw mode.
   *
   * @param _data the bytes, cut anywhere
   * @throws {Error} unless it is overridden
   */
  rawDataReceived(_data: Uint8Array): void {
    throw new Error(`${this.constructor.name} must override rawDataReceived`);
  }

  /**
   * A line is longer than `MAX_LENGTH`. Unless this closes the connection, as it
   * does if it is not overridden, the line is thrown away up to its end.
   *
   * @param _start how the line begins: a little more than `MAX_LENGTH` bytes
   */
  lineLengthExceeded(_start: Uint8Array): void {
    this.transport.loseConnection();
  }

  /**
   * Sends a line.
   *
   * @param line the line, without its end
   * @throws {TypeError} if it is no `Uint8Array`
   */
  sendLine(line: Uint8Array): void {
    this.transport.writeSequence([line, this.delimiter]);
  }

  /** From now on, what comes is handed to `rawDataReceived`. */
  setRawMode(): void {
    this.#mode = "raw";
    this.#startAnew();
  }

  /**
   * From now on, what comes is handed on in lines.
   *
   * @param extra bytes that came in raw mode and belong to the lines already;
   *   while a line that was too long is thrown away, they come behind its end
   */
  setLineMode(extra: Uint8Array = new Uint8Array(0)): void {
    this.#mode = "line";
    if (this.#skipping) {
      this.#extra.push(extra);
      return;
    }
    this.#searched = 0;
    this.buffer.unshift(extra);
    // Outside of a receiver's call this hands them on now, inside after it.
    this.handOn();
  }

  /**
   * Takes what has arrived of lines that are not yet complete.
   *
   * @returns what was taken
   */
  clearLineBuffer(): Uint8Array {
    this.#startAnew();
    return this.buffer.takeAll();
  }

  /** Hands on one line, or what there is in raw mode. */
  protected override parse(): boolean {
    if (this.#mode === "line") return this.#parseLine();
    if (this.buffer.length === 0) return false;
    this.handUp(this.rawDataReceived(this.buffer.takeAll()));
    return true;
  }

  /** What is in the buffer now is the beginning of something. */
  #startAnew(): void {
    this.#searched = 0;
    this.#skipping = false;
    for (const extra of this.#extra.splice(0).reverse()) {
      this.buffer.unshift(extra);
    }
  }

  #parseLine(): boolean {
    const { buffer, delimiter } = this;
    if (delimiter !== this.#searchedFor) this.#searched = 0;
    this.#searchedFor = delimiter;
    const end = buffer.indexOf(delimiter, this.#searched);
    if (end < 0 ? this.#isTooLong() : this.#isLineTooLong(end)) {
      return this.#exceed();
    }
    if (end < 0) return this.#wait();
    const line = buffer.take(end);
    buffer.skip(delimiter.length);
    this.#searched = 0;
    if (this.#skipping) this.#startAnew();
    else this.handUp(this.lineReceived(line));
    return true;
  }

  /** Whether the line that ends there is too long. */
  #isLineTooLong(end: number): boolean {
    return end > this.MAX_LENGTH && !this.#skipping;
  }

  /** Whether a line whose end is not in sight is too long, wherever it is. */
  #isTooLong(): boolean {
    const { length } = this.buffer;
    return length >= this.MAX_LENGTH + this.delimiter.length && !this.#skipping;
  }

  /** Without a delimiter in sight, more has to come. */
  #wait(): boolean {
    const { buffer, delimiter } = this;
    // The first bytes of a delimiter may be there already.
    const mayBeginAt = Math.max(buffer.length - delimiter.length + 1, 0);
    if (this.#skipping) buffer.skip(mayBeginAt);
    this.#searched = this.#skipping ? 0 : mayBeginAt;
    buffer.expect(this.MAX_LENGTH + delimiter.length);
    return false;
  }

  #exceed(): boolean {
    const { buffer, delimiter } = this;
    // As many bytes as it takes to see this when they come one by one.
    const start = buffer.peek().slice(0, this.MAX_LENGTH + delimiter.length);
    // No delimiter begins before here; its first bytes may stand behind.
    buffer.skip(this.MAX_LENGTH + 1);
    this.#searched = 0;
    this.#skipping = true;
    this.handUp(this.lineLengthExceeded(start));
    return true;
  }
}
