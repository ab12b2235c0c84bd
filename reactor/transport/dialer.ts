/**
 * What a connector is given to connect with, whatever carries the connection.
 *
 * @module
 */

import type { Address } from "../addresses.ts";
import type { Attempt, Stream } from "../backend.ts";

/** How a connector makes its connections: over what, and where to. */
export interface Dialer {
  /** Where to, as it was given. */
  readonly destination: Address;
  /**
   * Starts an attempt.
   *
   * @param done called once with the outcome, never before this returns
   */
  connect(done: (outcome: Stream | Error) => void): Attempt;
}

/**
 * How many connections may wait to be accepted by default: as many as with Node and
 * Deno. One that finds no room waits a second, for its packet to be sent again.
 */
export const DEFAULT_BACKLOG = 511;
