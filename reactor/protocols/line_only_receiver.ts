import { LineReceiver } from "./line_receiver.ts";

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
