/**
 * The bridge between deferreds and promises, and the only place where a
 * deferred meets a microtask.
 *
 * @module
 */

/** Whether a value is a promise, or anything that `await` would wait for. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  if (typeof value !== "object" && typeof value !== "function") return false;
  return value !== null && "then" in value && typeof value.then === "function";
}
