import { checkBytes } from "../checks.ts";
import { BufferingProtocol } from "./buffering_protocol.ts";

const COLON = 0x3a;
const COMMA = 0x2c;
const ZERO = 0x30;
const NINE = 0x39;

/**
 * Receives netstrings, like `5:hello,`: Twisted's `basic.NetstringReceiver`.
 * @category Protocols
 */
export class NetstringReceiver extends BufferingProtocol {
  /**
   * The longest string, in bytes.
   * @default {99999}
   */
  // deno-lint-ignore camelcase -- Twisted's name
  MAX_LENGTH = 99999;
  /** Whether a netstring was invalid, or over the limit. */
  brokenPeer = false;

  /**
   * A string has arrived: a view, which keeps a whole read in memory. Keep copies
   * (`string.slice()`).
   * @throws {Error} unless overridden
   */
  stringReceived(_string: Uint8Array): void {
    throw new Error(`${this.constructor.name} must override stringReceived`);
  }

  /**
   * Sends a string.
   * @throws {TypeError} if not a `Uint8Array`
   */
  sendString(string: Uint8Array): void {
    checkBytes("sendString", string);
    const prefix = new TextEncoder().encode(`${string.length}:`);
    this.transport.writeSequence([prefix, string, new Uint8Array([COMMA])]);
  }

  /** Delivers one string. */
  protected override parse(): boolean {
    const { buffer } = this;
    if (this.brokenPeer) buffer.takeAll();
    // Before the colon arrives: a peer could send digits for ever.
    const most = Math.min(this.MAX_LENGTH, Number.MAX_SAFE_INTEGER);
    let length = 0;
    for (let at = 0;; at++) {
      const byte = buffer.at(at);
      if (byte === undefined) return false;
      if (byte === COLON && at > 0) return this.#parseString(at + 1, length);
      const isDigit = byte >= ZERO && byte <= NINE;
      const leadingZero = at === 1 && length === 0;
      if (!isDigit || leadingZero) return this.#breakOff();
      length = length * 10 + byte - ZERO;
      if (length > most) return this.#breakOff();
    }
  }

  #parseString(begin: number, length: number): boolean {
    const { buffer } = this;
    const end = buffer.at(begin + length);
    if (end === undefined) {
      buffer.expect(begin + length + 1);
      return false;
    }
    if (end !== COMMA) return this.#breakOff();
    buffer.skip(begin);
    const string = buffer.take(length);
    buffer.skip(1);
    this.keepPromise(this.stringReceived(string));
    return true;
  }

  #breakOff(): boolean {
    this.brokenPeer = true;
    this.buffer.takeAll();
    this.transport.loseConnection();
    return false;
  }
}

/**
 * Receives strings behind their big-endian length: Twisted's `basic.IntNStringReceiver`.
 * @category Protocols
 */
export abstract class IntNStringReceiver extends BufferingProtocol {
  /**
   * The longest string to receive, in bytes.
   * @default {99999}
   */
  // deno-lint-ignore camelcase -- Twisted's name
  MAX_LENGTH = 99999;
  /** Of the length, in bytes. */
  abstract readonly prefixLength: 1 | 2 | 4;
  /** Of a string over the limit. */
  #toSkip = 0;

  /**
   * A string has arrived: a view, which keeps a whole read in memory. Keep copies
   * (`string.slice()`).
   * @throws {Error} unless overridden
   */
  stringReceived(_string: Uint8Array): void {
    throw new Error(`${this.constructor.name} must override stringReceived`);
  }

  /**
   * A string is too long. By default closes the connection; if it stays open, the string
   * is discarded as it arrives.
   */
  lengthLimitExceeded(_length: number): void {
    this.transport.loseConnection();
  }

  /**
   * Sends a string.
   * @throws {StringTooLongError} if it is too long for its prefix
   * @throws {TypeError} if not a `Uint8Array`
   */
  sendString(string: Uint8Array): void {
    checkBytes("sendString", string);
    const most = 256 ** this.prefixLength - 1;
    if (string.length > most) {
      throw new StringTooLongError(
        `Cannot send a string of ${string.length} bytes behind a length of ${this.prefixLength}: ${most} are the most`,
      );
    }
    const prefix = new Uint8Array(this.prefixLength);
    let rest = string.length;
    for (let at = prefix.length - 1; at >= 0; at--) {
      prefix[at] = rest % 256;
      rest = Math.floor(rest / 256);
    }
    this.transport.writeSequence([prefix, string]);
  }

  /** Discards parts of one over the limit. */
  protected override parse(): boolean {
    if (this.#toSkip > 0) return this.#skip();
    const { buffer, prefixLength } = this;
    if (buffer.length < prefixLength) return false;
    let length = 0;
    for (let at = 0; at < prefixLength; at++) {
      length = length * 256 + (buffer.at(at) ?? 0);
    }
    if (length > this.MAX_LENGTH) {
      buffer.skip(prefixLength);
      this.#toSkip = length;
      this.keepPromise(this.lengthLimitExceeded(length));
      return true;
    }
    if (buffer.length < prefixLength + length) {
      buffer.expect(prefixLength + length);
      return false;
    }
    buffer.skip(prefixLength);
    this.keepPromise(this.stringReceived(buffer.take(length)));
    return true;
  }

  #skip(): boolean {
    const skipped = Math.min(this.#toSkip, this.buffer.length);
    this.buffer.skip(skipped);
    this.#toSkip -= skipped;
    return skipped > 0;
  }
}

/**
 * Twisted's `basic.Int8StringReceiver`.
 * @category Protocols
 */
export class Int8StringReceiver extends IntNStringReceiver {
  /** Sends up to 255 bytes. */
  override readonly prefixLength = 1;
}

/**
 * Twisted's `basic.Int16StringReceiver`.
 * @category Protocols
 */
export class Int16StringReceiver extends IntNStringReceiver {
  /** Sends up to 65535 bytes. */
  override readonly prefixLength = 2;
}

/**
 * Twisted's `basic.Int32StringReceiver`.
 * @category Protocols
 */
export class Int32StringReceiver extends IntNStringReceiver {
  /** Sends up to 4294967295 bytes. */
  override readonly prefixLength = 4;
}

/**
 * A string is too long for its length prefix.
 * @category Protocols
 */
export class StringTooLongError extends Error {
  static {
    this.prototype.name = "StringTooLongError";
  }
}
