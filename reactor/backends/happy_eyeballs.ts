/**
 * Connecting to a host that may have several addresses, for a runtime that does
 * not do so by itself.
 *
 * @module
 */

import type { Attempt, Stream } from "../backend.ts";
import { HappyEyeballs as Race } from "../happy_eyeballs.ts";
import type { HostTime } from "./host_time.ts";

/** How long an address has for itself, in seconds: what RFC 8305 recommends. */
const ATTEMPT_DELAY_SECONDS = 0.25;

type Done = (outcome: Stream | Error) => void;

/** How one address is connected to, and what keeps the time. */
interface Dialing {
  readonly dial: (address: string, done: Done) => Attempt;
  readonly time: Pick<HostTime, "setAlarm">;
}

/** Races attempts at the addresses of a host, and hands on one outcome. */
export class HappyEyeballs extends Race<Stream> implements Attempt {
  /**
   * Begins the first attempt.
   *
   * @param addresses at least one
   * @param done gets the first connection; if all fail, the first error, whose
   *   `cause` has the others
   */
  constructor(
    addresses: readonly string[],
    { dial, time }: Dialing,
    done: Done,
  ) {
    super(addresses, {
      connect: (address, outcome) =>
        dial(address, (result) => {
          if (result instanceof Error) outcome.failed(result);
          else outcome.succeeded(result);
        }),
      delay: ATTEMPT_DELAY_SECONDS,
      setAlarm: (seconds, fn) => time.setAlarm(seconds, fn),
    }, {
      succeeded: done,
      failed: (error) => done(error as Error),
    });
  }
}
