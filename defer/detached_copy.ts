import { Failure, isFailure, standIn } from "./failure.ts";
import { isError, readSafely, textOf } from "./text.ts";

/**
 * Copies a failure with its texts; the copy's error refers to other errors only, and
 * keeps nothing else alive.
 */
export function detachedCopy(original: Failure): Failure {
  return standIn(original, copyOf(original.value, new Map()));
}

type Copies = Map<object, unknown>;

function copyOf(value: unknown, copies: Copies): unknown {
  if (typeof value === "function") return textOf(value);
  if (typeof value !== "object" || value === null) return value;
  if (copies.has(value)) return copies.get(value);
  // No closure may be on the stack here: V8 keeps the stack's functions with every error
  // that is made, and what closures refer to.
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

/** With the same prototype; an error to the engine as well. */
function emptyCopy(original: object): object {
  const prototype = Object.getPrototypeOf(original);
  return isError(original)
    ? Object.setPrototypeOf(new Error(), prototype)
    : Object.create(prototype);
}

/** Whether it is part of the error, not merely referred to. */
function isKept(value: unknown): boolean {
  if (typeof value === "function") return false;
  if (typeof value !== "object" || value === null) return true;
  return isError(value) || isFailure(value) || Array.isArray(value);
}
