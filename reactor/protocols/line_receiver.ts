import { BufferingProtocol } from "./buffering_protocol.ts";

const CRLF = new Uint8Array([13, 10]);

/**
 * Receives lines, and can switch to raw bytes and back: Twisted's `basic.LineReceiver`.
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
 * @category Protocols
 */
export class LineReceiver extends BufferingProtocol {
  /**
   * One byte or more. `CRLF` is `"\r\n"`.
   * @default {CRLF}
   */
  delimiter: Uint8Array = CRLF;
  /**
   * The longest line, in bytes, without its delimiter.
   * @default {16384}
   */
  // deno-lint-ignore camelcase -- Twisted's name
  MAX_LENGTH = 16384;
  #mode: "line" | "raw" = "line";
  #skipping = false;
  /** What `setLineMode` got meanwhile, for behind the delimiter. */
  #extra: Uint8Array[] = [];
  /** No delimiter begins in the buffer's first so many bytes. */
  #searched = 0;
  #searchedFor: Uint8Array = CRLF;

  /**
   * A line has arrived, without its delimiter: a view, which keeps a whole read in
   * memory. Keep copies (`line.slice()`).
   * @throws {Error} unless overridden
   */
  lineReceived(_line: Uint8Array): void {
    throw new Error(`${this.constructor.name} must override lineReceived`);
  }

  /**
   * Bytes have come in raw mode, fragmented anywhere.
   * @throws {Error} unless overridden
   */
  rawDataReceived(_data: Uint8Array): void {
    throw new Error(`${this.constructor.name} must override rawDataReceived`);
  }

  /**
   * A line is too long. By default closes the connection; if it stays open, the line is
   * discarded up to its delimiter.
   * @param _start a little more than `MAX_LENGTH` bytes
   */
  lineLengthExceeded(_start: Uint8Array): void {
    this.transport.loseConnection();
  }

  /**
   * Sends a line, and the delimiter.
   * @throws {TypeError} if not a `Uint8Array`
   */
  sendLine(line: Uint8Array): void {
    this.transport.writeSequence([line, this.delimiter]);
  }

  /** `rawDataReceived` gets what arrives. */
  setRawMode(): void {
    this.#mode = "raw";
    this.#startAnew();
  }

  /**
   * Switches to lines.
   * @param extra raw bytes that belong to the lines; behind the delimiter of a line that
   *   is being discarded
   */
  setLineMode(extra: Uint8Array = new Uint8Array(0)): void {
    this.#mode = "line";
    if (this.#skipping) {
      this.#extra.push(this.releasesData ? extra.slice() : extra);
      return;
    }
    this.#searched = 0;
    this.buffer.unshift(extra);
    // Now, or after the running receiver.
    this.deliver();
  }

  /** Empties the buffer; the bytes never change. */
  clearLineBuffer(): Uint8Array {
    this.#startAnew();
    const all = this.buffer.takeAll();
    return this.releasesData ? all.slice() : all;
  }

  /** Delivers a line, or everything in raw mode. */
  protected override parse(): boolean {
    if (this.#mode === "line") return this.#parseLine();
    if (this.buffer.length === 0) return false;
    this.keepPromise(this.rawDataReceived(this.buffer.takeAll()));
    return true;
  }

  #startAnew(): void {
    this.#searched = 0;
    this.#skipping = false;
    for (const extra of this.#extra.splice(0).reverse()) {
      this.buffer.unshift(extra);
    }
  }

  #parseLine(): boolean {
    const { buffer, delimiter } = this;
    if (this.#searched === 0 && !this.#skipping) {
      const line = buffer.takeUntil(delimiter, this.MAX_LENGTH);
      if (line !== undefined) {
        this.keepPromise(this.lineReceived(line));
        return true;
      }
    }
    if (delimiter !== this.#searchedFor) this.#searched = 0;
    this.#searchedFor = delimiter;
    const end = buffer.indexOf(delimiter, this.#searched);
    if (this.#isTooLong(end)) return this.#exceed();
    if (end < 0) return this.#wait();
    const line = buffer.take(end);
    buffer.skip(delimiter.length);
    this.#searched = 0;
    if (this.#skipping) this.#startAnew();
    else this.keepPromise(this.lineReceived(line));
    return true;
  }

  #isTooLong(end: number): boolean {
    if (this.#skipping) return false;
    if (end >= 0) return end > this.MAX_LENGTH;
    return this.buffer.length >= this.MAX_LENGTH + this.delimiter.length;
  }

  #wait(): boolean {
    const { buffer, delimiter } = this;
    // The delimiter may have arrived in part.
    const mayBeginAt = Math.max(buffer.length - delimiter.length + 1, 0);
    if (this.#skipping) buffer.skip(mayBeginAt);
    this.#searched = this.#skipping ? 0 : mayBeginAt;
    buffer.expect(this.MAX_LENGTH + delimiter.length);
    return false;
  }

  #exceed(): boolean {
    const { buffer, delimiter } = this;
    // Enough to notice when they arrive one by one.
    const start = buffer.peek().slice(0, this.MAX_LENGTH + delimiter.length);
    // No delimiter begins before here.
    buffer.skip(this.MAX_LENGTH + 1);
    this.#searched = 0;
    this.#skipping = true;
    this.keepPromise(this.lineLengthExceeded(start));
    return true;
  }
}

/**
 * A {@linkcode LineReceiver} without its raw mode: Twisted's `basic.LineOnlyReceiver`,
 * the faster one there.
 * @category Protocols
 */
export class LineOnlyReceiver extends LineReceiver {
  /** Throws: there is no raw mode. */
  override setRawMode(): never {
    throw new Error(
      `${this.constructor.name} has no raw mode: extend LineReceiver for one`,
    );
  }
}
