import { isFailure } from "./identity.ts";

// Getters, proxies and `toString` may throw: a report of an error must not bring another.

const UNWRITABLE = "(a value that cannot be written as text)";

export function readSafely<T>(read: () => T, instead: T): T {
  try {
    return read();
  } catch {
    return instead;
  }
}

/** Safe on revoked proxies, where `instanceof` throws. */
export function isError(value: unknown): value is Error {
  return readSafely(() => value instanceof Error, false);
}

export function textOf(value: unknown): string {
  return readSafely(() => String(value), UNWRITABLE);
}

export function messageOf(value: unknown): string {
  if (!isError(value)) return textOf(value);
  return readSafely(() => textOf(value.message), UNWRITABLE);
}

export function framesOf(value: unknown): string {
  const stack: unknown = readSafely(() => isError(value) && value.stack, "");
  const frames = typeof stack === "string" && /^ +at [^]*/m.exec(stack);
  return frames ? `${frames[0].trimEnd()}\n` : "";
}

// deno-lint-ignore ban-types -- a class is a function, whatever it constructs
export function* classesOf(value: unknown): Generator<Function> {
  if (value === undefined || value === null) return;
  for (
    let object = prototypeOf(Object(value));
    object !== null;
    object = prototypeOf(object)
  ) {
    const constructor = constructorOf(object);
    if (typeof constructor === "function") yield constructor;
  }
}

function constructorOf(object: object): unknown {
  return readSafely(() => object.constructor, undefined);
}

function prototypeOf(object: object): object | null {
  return readSafely(() => Object.getPrototypeOf(object), null);
}

/** Empty if it has none, or not a string. */
// deno-lint-ignore ban-types -- a class is a function, whatever it constructs
export function nameOfFunction(fn: Function): string {
  const name: unknown = readSafely(() => fn.name, "");
  return typeof name === "string" ? name : "";
}

/** Of the first class that has one, else the `typeof`. */
export function classNameOf(value: unknown): string {
  for (const known of classesOf(value)) {
    const name = nameOfFunction(known);
    if (name !== "") return name;
  }
  return typeof value;
}

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
