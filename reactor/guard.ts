/**
 * The boundary between the library and its user's code.
 *
 * @module
 */

import { Failure, type Log } from "../defer/mod.ts";

/**
 * Calls a user's function. What it throws is logged, with what was being
 * called, and goes no further; so is the error of a promise that it returns,
 * when that comes. A deferred reports its errors itself.
 *
 * @param log where errors go
 * @param what was called, for the log: `"a delayed call"`
 * @param fn the user's function
 * @param onFailure told of the failure after it was logged
 * @returns what `fn` returned, or `undefined` where it threw
 */
export function guard<R>(
  log: Log,
  what: string,
  fn: () => R,
  onFailure?: (failure: Failure) => void,
): R | undefined {
  const fail = (error: unknown) => {
    const failure = new Failure(error, { raised: true });
    log.err(failure, `Unhandled error in ${what}:`);
    onFailure?.(failure);
  };
  try {
    const result = fn();
    if (result instanceof Promise) result.catch(fail);
    return result;
  } catch (error) {
    fail(error);
    return undefined;
  }
}
