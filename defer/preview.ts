/**
 * Values in one line, for texts about deferreds.
 *
 * @module
 */

import { isFailure } from "./failure.ts";
import { classNameOf, nameOfFunction, readSafely } from "./text.ts";

/** So much of a text is shown. */
const MOST_CHARACTERS = 60;

/** A value in one line: a text in quotes, a failure by its error. */
export function inLine(value: unknown): string {
  if (typeof value === "string") {
    return value.length > MOST_CHARACTERS
      ? `${JSON.stringify(value.slice(0, MOST_CHARACTERS))}…`
      : JSON.stringify(value);
  }
  if (isFailure(value)) {
    const name = classNameOf(value.value);
    return `Failure(${name}: ${inText(value.getErrorMessage())})`;
  }
  if (typeof value === "function") return `function ${nameOfFunction(value)}`;
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value !== "object" || value === null) return String(value);
  return readSafely(
    () => inObject(value),
    "an object that cannot be written as text",
  );
}

/** An object by its own text, where it has one, else by its class. */
function inObject(value: object): string {
  if (Array.isArray(value)) return `Array(${value.length})`;
  const text = inText(String(value));
  return text === "[object Object]"
    ? `${value.constructor?.name ?? "Object"} {…}`
    : text;
}

function inText(text: string): string {
  const line = text.replaceAll(/\s+/g, " ").trim();
  return line.length > MOST_CHARACTERS
    ? `${line.slice(0, MOST_CHARACTERS)}…`
    : line;
}
