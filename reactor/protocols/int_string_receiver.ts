import { checkBytes } from "../checks.ts";
import { BufferingProtocol } from "./buffering_protocol.ts";

/**
 * A string is too long for its length prefix.
 * @category Protocols
 */
export class StringTooLongError extends Error {
  static {
    this.prototype.name = "StringTooLongError";
  }
}

/**
 * The base of the three: Twisted's `basic.IntNStringReceiver`.
 * @category Protocols
 */
export abstract class IntNStringReceiver extends BufferingProtocol {
  /**
   * The longest string to receive, in bytes.
   * @default {99999}
   */
  // deno-lint-ignore camelcase -- Twisted's name
  MAX_LENGTH = 99999;
  /** Of the big-endian length, in bytes. */
  abstract readonly prefixLength: 1 | 2 | 4;
  /** Of a string over the limit. */
  #toSkip = 0;

  /**
   * A string has arrived: a view, which keeps a whole read in memory. Keep copies instead
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
