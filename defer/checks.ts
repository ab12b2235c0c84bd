// One formula: "X must be Y, got Z".

import { readSafely } from "./text.ts";

export function mustBe(what: string, expected: string, value: unknown): string {
  return `${what} must be ${expected}, got ${kindOf(value)}`;
}

/** As for `addCallback(transport.write)`: the runtime names neither method nor object. */
export function lostThis(method: string, object = "deferred"): TypeError {
  return new TypeError(
    `${method}: this must be the ${object}, got undefined: hand on a function that calls it`,
  );
}

/**
 * Whether `await` would wait.
 * @throws what a getter for `then` throws
 */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  if (typeof value !== "object" && typeof value !== "function") return false;
  return value !== null && "then" in value && typeof value.then === "function";
}

/** @throws {TypeError} if `value` is not a function */
export function checkFunction(what: string, value: unknown): void {
  if (typeof value === "function") return;
  throw new TypeError(mustBe(what, "a function", value));
}

/** @throws {RangeError} if `value` is not an integer of at least `least` */
export function checkInteger(
  what: string,
  value: unknown,
  least: number,
): void {
  if (Number.isInteger(value) && Number(value) >= least) return;
  throw new RangeError(mustBe(what, `an integer, ${least} or more`, value));
}

/** A primitive as in code; an object's class. */
export function kindOf(value: unknown): string {
  if (typeof value === "string") return `the string ${JSON.stringify(value)}`;
  if (typeof value !== "object" && typeof value !== "function") {
    return String(value);
  }
  if (value === null) return "null";
  const name: unknown = readSafely(() => value.constructor.name, "");
  if (typeof name !== "string" || name === "") return "an object";
  return /^[AEIOU]/i.test(name) ? `an ${name}` : `a ${name}`;
}
