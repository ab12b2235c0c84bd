/**
 * The protocol of netstrings: `5:hello,`.
 *
 * @module
 */

import { checkBytes } from "../bytes.ts";
import { BufferingProtocol } from "./buffering_protocol.ts";

const COLON = 0x3a;
const COMMA = 0x2c;
const ZERO = 0x30;
const NINE = 0x39;

/**
 * A protocol that receives netstrings: Twisted's `basic.NetstringReceiver`.
 *
 * @example
 * ```ts
 * import { NetstringReceiver } from "@deferno/deferno";
 *
 * class Words extends NetstringReceiver {
 *   words: string[] = [];
 *   override stringReceived(string: Uint8Array): void {
 *     this.words.push(new TextDecoder().decode(string));
 *   }
 * }
 * const words = new Words();
 * words.dataReceived(new TextEncoder().encode("5:hello,0:,1:"));
 * console.assert(words.words.join("|") === "hello|");
 * ```
 */
export class NetstringReceiver extends BufferingProtocol {
  /** The longest string, in bytes. */
  // deno-lint-ignore camelcase -- Twisted's name
  MAX_LENGTH = 99999;
  /** Whether the peer sent what is no netstring, or one that is too long. */
  brokenPeer = false;

  /**
   * A string has come.
   *
   * @param _string its bytes
   * @throws {Error} unless it is overridden
   */
  stringReceived(_string: Uint8Array): void {
    throw new Error(`${this.constructor.name} must override stringReceived`);
  }

  /**
   * Sends a string.
   *
   * @param string its bytes
   * @throws {TypeError} if it is no `Uint8Array`
   */
  sendString(string: Uint8Array): void {
    checkBytes("sendString", string);
    const prefix = new TextEncoder().encode(`${string.length}:`);
    this.transport.writeSequence([prefix, string, new Uint8Array([COMMA])]);
  }

  /** Hands on one string. */
  protected override parse(): boolean {
    if (this.brokenPeer) {
      this.buffer.takeAll();
      return false;
    }
    const bytes = this.buffer.peek();
    const prefix = this.#readPrefix(bytes);
    if (prefix === "broken") return this.#breakOff();
    if (prefix === "incomplete") return false;
    const end = prefix.begin + prefix.length;
    const last = bytes[end];
    if (last === undefined) return false;
    if (last !== COMMA) return this.#breakOff();
    this.buffer.take(prefix.begin);
    const string = this.buffer.take(prefix.length);
    this.buffer.take(1);
    this.handUp(this.stringReceived(string));
    return true;
  }

  /** Reads the length, and where behind it the string begins. */
  #readPrefix(
    bytes: Uint8Array,
  ): { length: number; begin: number } | "incomplete" | "broken" {
    let length = 0;
    for (let at = 0; at < bytes.length; at++) {
      const byte = bytes[at] ?? 0;
      if (byte === COLON && at > 0) return { length, begin: at + 1 };
      const isDigit = byte >= ZERO && byte <= NINE;
      const leadingZero = at === 1 && bytes[0] === ZERO;
      if (!isDigit || leadingZero) return "broken";
      length = length * 10 + byte - ZERO;
      // Whether or not the colon is in sight: no peer is to go on for ever.
      if (length > this.MAX_LENGTH || !Number.isSafeInteger(length)) {
        return "broken";
      }
    }
    return "incomplete";
  }

  #breakOff(): boolean {
    this.brokenPeer = true;
    this.buffer.takeAll();
    this.transport.loseConnection();
    return false;
  }
}
