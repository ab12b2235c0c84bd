// Lines, without a raw mode.

import { LineReceiver } from "./line_receiver.ts";

/**
 * Receives lines: Twisted's `basic.LineOnlyReceiver`, the faster one there. Here it is a
 * {@linkcode LineReceiver} without its raw mode.
 * @category Protocols
 */
export class LineOnlyReceiver extends LineReceiver {
  /** Throws always: there is no raw mode. */
  override setRawMode(): never {
    throw new Error(
      `${this.constructor.name} has no raw mode: extend LineReceiver for one`,
    );
  }
}
