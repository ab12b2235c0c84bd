import { isFailure } from "./failure.ts";
import { classNameOf, nameOfFunction, readSafely, UNWRITABLE } from "./text.ts";

const MAX_CHARACTERS = 60;

/** A value in one line: a string quoted, a failure by its error. */
export function preview(value: unknown): string {
  if (typeof value === "string") {
    return value.length > MAX_CHARACTERS
      ? `${JSON.stringify(value.slice(0, MAX_CHARACTERS))}…`
      : JSON.stringify(value);
  }
  if (isFailure(value)) {
    const name = classNameOf(value.value);
    return `Failure(${name}: ${oneLine(value.getErrorMessage())})`;
  }
  if (typeof value === "function") return `function ${nameOfFunction(value)}`;
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value !== "object" || value === null) return String(value);
  return readSafely(() => previewObject(value), UNWRITABLE);
}

function previewObject(value: object): string {
  if (Array.isArray(value)) return `Array(${value.length})`;
  const text = oneLine(String(value));
  return text === "[object Object]"
    ? `${value.constructor?.name ?? "Object"} {…}`
    : text;
}

function oneLine(text: string): string {
  const line = text.replaceAll(/\s+/g, " ").trim();
  return line.length > MAX_CHARACTERS
    ? `${line.slice(0, MAX_CHARACTERS)}…`
    : line;
}
