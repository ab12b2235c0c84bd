/**
 * Arguments that are refused at once, with a message that says which and why.
 *
 * @module
 */

import { readSafely } from "./text.ts";

/** Throws a `TypeError` unless `value`, the argument called `name`, is a function. */
export function checkFunction(
  caller: string,
  name: string,
  value: unknown,
): void {
  if (typeof value !== "function") {
    throw notAFunction(`${caller}: ${name}`, value);
  }
}

/** The error for a `value` that should be a function; `what` says whose it is. */
export function notAFunction(what: string, value: unknown): TypeError {
  return new TypeError(
    `${what} must be a function, and this is ${kindOf(value)}`,
  );
}

/** What a value is, for an error message. */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value === "string") return `the string ${JSON.stringify(value)}`;
  const name: unknown = readSafely(() => Object(value).constructor.name, "");
  if (typeof name !== "string" || name === "") {
    return "an object without a class";
  }
  return /^[AEIOU]/i.test(name) ? `an ${name}` : `a ${name}`;
}
