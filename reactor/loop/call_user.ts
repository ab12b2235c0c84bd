/**
 * The boundary between the library and its user's code.
 *
 * @module
 */

import { Failure, type Log } from "../../defer/mod.ts";
import { isReported } from "./reported.ts";

/**
 * Calls a user's function. What it throws is logged and goes no further, and so is
 * what a promise that it returns is rejected with. A deferred reports its errors
 * itself.
 *
 * @param log where errors go
 * @param what was called, for the log: `"a delayed call"`
 * @param fn the user's function
 * @param onFailure called with the failure after it was logged
 * @returns what `fn` returned, or `undefined` where it threw
 */
export function callUser<R>(
  log: Log,
  what: string,
  fn: () => R,
  onFailure?: (failure: Failure) => void,
): R | undefined {
  try {
    const result = fn();
    catchRejection(log, what, result, onFailure);
    return result;
  } catch (error) {
    report(log, what, error, onFailure);
    return undefined;
  }
}

/**
 * Does the same for a function that may throw to its caller. With `onFailure`, the
 * reason of a connection that has ended is not logged.
 */
export function catchRejection(
  log: Log,
  what: string,
  result: unknown,
  onFailure?: (failure: Failure) => void,
): void {
  if (!(result instanceof Promise)) return;
  result.catch((error) => {
    if (onFailure === undefined || !isReported(error)) {
      return report(log, what, error, onFailure);
    }
    onFailure(new Failure(error, { raised: true }));
  });
}

function report(
  log: Log,
  what: string,
  error: unknown,
  onFailure?: (failure: Failure) => void,
): void {
  const failure = new Failure(error, { raised: true });
  log.err(failure, `Unhandled error in ${what}:`);
  onFailure?.(failure);
}
