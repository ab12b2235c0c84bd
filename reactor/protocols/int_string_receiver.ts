/**
 * Protocols that send the length of each string before it, as a number of one,
 * two or four bytes.
 *
 * @module
 */

import { checkBytes } from "../checks.ts";
import { BufferingProtocol } from "./buffering_protocol.ts";

/** A string is too long for the length that is to be sent before it. */
export class StringTooLongError extends Error {
  static {
    this.prototype.name = "StringTooLongError";
  }
}

/** What the three have in common: Twisted's `basic.IntNStringReceiver`. */
export abstract class IntNStringReceiver extends BufferingProtocol {
  /** The longest string that is received, in bytes. */
  // deno-lint-ignore camelcase -- Twisted's name
  MAX_LENGTH = 99999;
  /** How many bytes the length takes; the first is the highest. */
  abstract readonly prefixLength: 1 | 2 | 4;
  /** How many bytes of a string that was too long are still to be thrown away. */
  #toSkip = 0;

  /**
   * A string has come. It is a view of what was read, which nobody changes, so
   * it may be kept. But it keeps all of that alive, up to 64 KiB or more: of a
   * few strings that are kept for long, keep copies (`string.slice()`).
   *
   * @param _string its bytes
   * @throws {Error} unless it is overridden
   */
  stringReceived(_string: Uint8Array): void {
    throw new Error(`${this.constructor.name} must override stringReceived`);
  }

  /**
   * A string is announced that is longer than `MAX_LENGTH`. Unless it is
   * overridden this closes the connection; if the connection stays open, the
   * string is thrown away as it comes.
   *
   * @param _length the length that was announced
   */
  lengthLimitExceeded(_length: number): void {
    this.transport.loseConnection();
  }

  /**
   * Sends a string.
   *
   * @param string its bytes
   * @throws {StringTooLongError} if its length cannot be sent before it
   * @throws {TypeError} if it is no `Uint8Array`
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

  /** Hands on one string, or throws a part of one away that was too long. */
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
      this.handUp(this.lengthLimitExceeded(length));
      return true;
    }
    if (buffer.length < prefixLength + length) {
      buffer.expect(prefixLength + length);
      return false;
    }
    buffer.skip(prefixLength);
    this.handUp(this.stringReceived(buffer.take(length)));
    return true;
  }

  #skip(): boolean {
    const skipped = Math.min(this.#toSkip, this.buffer.length);
    this.buffer.skip(skipped);
    this.#toSkip -= skipped;
    return skipped > 0;
  }
}

/** Strings behind a length of one byte: Twisted's `basic.Int8StringReceiver`. */
export class Int8StringReceiver extends IntNStringReceiver {
  /** One byte: strings of up to 255 bytes can be sent. */
  override readonly prefixLength = 1;
}

/** Strings behind a length of two bytes: Twisted's `basic.Int16StringReceiver`. */
export class Int16StringReceiver extends IntNStringReceiver {
  /** Two bytes: strings of up to 65535 bytes can be sent. */
  override readonly prefixLength = 2;
}

/** Strings behind a length of four bytes: Twisted's `basic.Int32StringReceiver`. */
export class Int32StringReceiver extends IntNStringReceiver {
  /** Four bytes: strings of up to 4294967295 bytes can be sent. */
  override readonly prefixLength = 4;
}
