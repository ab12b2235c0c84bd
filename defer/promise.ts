/**
 * The bridge between deferreds and promises, and the only place where a
 * deferred meets a microtask.
 *
 * @module
 */

import { Failure } from "./failure.ts";

/** Whether a value is a promise, or anything that `await` would wait for. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  if (typeof value !== "object" && typeof value !== "function") return false;
  return value !== null && "then" in value && typeof value.then === "function";
}

/** Calls `settle` with the value of a promise, or with the failure of its error. */
export function whenSettled(
  promise: PromiseLike<unknown>,
  settle: (result: unknown) => void,
): void {
  const fail = (reason: unknown) =>
    settle(new Failure(reason, { raised: true }));
  try {
    promise.then(settle, fail);
  } catch (error) {
    fail(error);
  }
}
