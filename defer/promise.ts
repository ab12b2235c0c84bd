import { isThenable } from "./checks.ts";
import { caught } from "./failure.ts";

export function whenSettled(
  promise: PromiseLike<unknown>,
  settle: (result: unknown) => void,
): void {
  const fail = (reason: unknown) => settle(caught(reason));
  try {
    promise.then((value) => {
      if (promise instanceof Promise) settle(value);
      else settleFlat(promise, value, settle);
    }, fail);
  } catch (error) {
    fail(error);
  }
}

/** A thenable may resolve to another one, as with `await`. */
function settleFlat(
  promise: PromiseLike<unknown>,
  value: unknown,
  settle: (result: unknown) => void,
): void {
  try {
    if (value === promise) {
      throw new TypeError("Cannot wait for a promise that resolves to itself");
    }
    if (isThenable(value)) return whenSettled(value, settle);
  } catch (error) {
    return settle(caught(error));
  }
  settle(value);
}
