/**
 * A deferred that is given up when the time is over: what `addTimeout` does.
 *
 * @module
 */

import type { Deferred } from "./deferred.ts";
import { CancelledError, TimeoutError } from "./errors.ts";
import { Failure, isFailure } from "./failure.ts";
import type { Scheduler } from "./scheduler.ts";

/** What makes a result of the one that a deferred had when its time was over. */
export type TimeoutHandler<T> = (
  result: T | Failure,
  seconds: number,
) => unknown;

/** Cancels `d` after `seconds`, unless the chain so far has a result by then. */
export function addTimeout<T>(
  d: Deferred<T>,
  seconds: number,
  clock: Scheduler,
  onTimeoutCancel: TimeoutHandler<T> = cancelledToTimeout,
): void {
  let timedOut = false;
  const timer = clock.callLater(seconds, () => {
    timedOut = true;
    d.cancel();
  });
  d.addBoth((result) => {
    if (timer.active()) timer.cancel();
    return timedOut ? onTimeoutCancel(result, seconds) : result;
  });
}

/** Says that the time was over, where the deferred says only that it was cancelled. */
function cancelledToTimeout(result: unknown, seconds: number): unknown {
  if (isFailure(result) && result.check(CancelledError)) {
    // Not thrown: the stack would show this library, and nobody's mistake.
    return new Failure(new TimeoutError(seconds));
  }
  return result;
}
