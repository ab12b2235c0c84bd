// What a connector connects with.

import type { Address } from "../addresses.ts";
import type { Attempt, Stream } from "../backend.ts";

/** Over what a connector makes its connections, and where to. */
export interface Dialer {
  /** Where to, as it was given. */
  readonly destination: Address;
  /** @param done called once with the outcome, never before this returns */
  connect(done: (outcome: Stream | Error) => void): Attempt;
}

/**
 * As many as with Node and Deno. A connection that finds no room waits a second, for its
 * packet to be sent again.
 */
export const DEFAULT_BACKLOG = 511;
