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
   * A string has arrived: a view, which keeps a whole read in memory. Keep copies instead
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
    if (this.brokenPeer) {
      this.buffer.takeAll();
      return false;
    }
    const { buffer } = this;
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
