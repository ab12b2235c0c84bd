/**
 * The protocol for those who want lines and nothing else.
 *
 * @module
 */

import { LineReceiver } from "./line_receiver.ts";

/**
 * A protocol that receives lines: Twisted's `basic.LineOnlyReceiver`. There it
 * is the simpler and faster of two; here it is a {@linkcode LineReceiver} whose
 * raw mode is out of reach.
 */
export class LineOnlyReceiver extends LineReceiver {
  /**
   * There is no raw mode here.
   *
   * @throws {Error} always
   */
  override setRawMode(): never {
    throw new Error(
      `${this.constructor.name} has no raw mode: extend LineReceiver for one`,
    );
  }
}
