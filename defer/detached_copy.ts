/**
 * What is kept of an error that nobody has handled.
 *
 * @module
 */

import { Failure, isFailure, standIn } from "./failure.ts";
import { isError, readSafely, textOf } from "./text.ts";

/**
 * A failure that is written as `original` is, of an error that refers to nothing
 * but other errors: so that it can be kept without what the original refers to.
 */
export function detachedCopy(original: Failure): Failure {
  return standIn(original, copyOf(original.value, new Map()));
}

/** Copies that have been made, for what refers to the same error again. */
type Copies = Map<object, unknown>;

/** An error's copy, a value that is no object, or the text of any other object. */
function copyOf(value: unknown, copies: Copies): unknown {
  if (typeof value === "function") return textOf(value);
  if (typeof value !== "object" || value === null) return value;
  if (copies.has(value)) return copies.get(value);
  // No closure may be on the stack here: the engine keeps what is on the stack
  // with every error that is made, and with a closure what that refers to.
  try {
    return copyObject(value, copies);
  } catch {
    return textOf(value);
  }
}

function copyObject(original: object, copies: Copies): unknown {
  if (isFailure(original)) {
    const value = copyOf(original.value, copies);
    return new Failure(value, { raised: original.raised });
  }
  if (Array.isArray(original)) {
    return original.filter(isKept).map((element) => copyOf(element, copies));
  }
  const copy = emptyCopy(original);
  copies.set(original, copy);
  for (const key of Reflect.ownKeys(original)) {
    const value: unknown = readSafely(() => Reflect.get(original, key), "");
    if (!isKept(value)) continue;
    Object.defineProperty(copy, key, {
      value: copyOf(value, copies),
      configurable: true,
      enumerable: Object.prototype.propertyIsEnumerable.call(original, key),
      writable: true,
    });
  }
  return copy;
}

/** An object of the same classes; an error is one for the engine as well. */
function emptyCopy(original: object): object {
  const prototype = Object.getPrototypeOf(original);
  return isError(original)
    ? Object.setPrototypeOf(new Error(), prototype)
    : Object.create(prototype);
}

/** Whether a value is a part of an error, and not only something it refers to. */
function isKept(value: unknown): boolean {
  if (typeof value === "function") return false;
  if (typeof value !== "object" || value === null) return true;
  return isError(value) || isFailure(value) || Array.isArray(value);
}
