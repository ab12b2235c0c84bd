import type { Deferred } from "./deferred.ts";
import { CancelledError, TimeoutError } from "./errors.ts";
import { Failure, isFailure } from "./failure.ts";
import type { Scheduler } from "./scheduler.ts";

export type TimeoutHandler<T> = (
  result: T | Failure,
  seconds: number,
) => unknown;

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

function cancelledToTimeout(result: unknown, seconds: number): unknown {
  if (isFailure(result) && result.check(CancelledError)) {
    // Not thrown: the stack would show only this library.
    return new Failure(new TimeoutError(seconds));
  }
  return result;
}
