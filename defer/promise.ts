/**
 * The bridge between deferreds and promises, and the only place where a
 * deferred meets a microtask.
 *
 * @module
 */

import { Failure } from "./failure.ts";
import { isThenable } from "./thenable.ts";

export { isThenable };

/** Calls `settle` with the value of a promise, or with the failure of its error. */
export function whenSettled(
  promise: PromiseLike<unknown>,
  settle: (result: unknown) => void,
): void {
  const fail = (reason: unknown) =>
    settle(new Failure(reason, { raised: true }));
  try {
    promise.then((value) => {
      if (promise instanceof Promise) settle(value);
      else settleFlat(promise, value, settle);
    }, fail);
  } catch (error) {
    fail(error);
  }
}

/** Waits on where a thenable gave another one, as `await` does. */
function settleFlat(
  promise: PromiseLike<unknown>,
  value: unknown,
  settle: (result: unknown) => void,
): void {
  try {
    if (value === promise) throw new TypeError("A promise gave itself");
    if (isThenable(value)) return whenSettled(value, settle);
  } catch (error) {
    return settle(new Failure(error, { raised: true }));
  }
  settle(value);
}
