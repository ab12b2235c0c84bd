/**
 * What can be waited for.
 *
 * @module
 */

/**
 * Whether a value is a promise, or anything that `await` would wait for.
 *
 * @throws what the value's `then` throws when it is looked at
 */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  if (typeof value !== "object" && typeof value !== "function") return false;
  return value !== null && "then" in value && typeof value.then === "function";
}
