/**
 * Lines, without a raw mode.
 *
 * @module
 */

import { LineReceiver } from "./line_receiver.ts";

/**
 * Receives lines: Twisted's `basic.LineOnlyReceiver`, the faster one there. Here it is
 * a {@linkcode LineReceiver} without its raw mode.
 *
 * @category Protocols
 */
export class LineOnlyReceiver extends LineReceiver {
  /**
   * There is no raw mode.
   *
   * @throws {Error} always
   */
  override setRawMode(): never {
    throw new Error(
      `${this.constructor.name} has no raw mode: extend LineReceiver for one`,
    );
  }
}
