import type { Address } from "../addresses.ts";
import type { Attempt, Stream } from "../backend.ts";

export interface Dialer {
  /** As given. */
  readonly destination: Address;
  /** @param done called once, after this returns */
  connect(done: (outcome: Stream | Error) => void): Attempt;
}
