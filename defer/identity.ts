import type { Failure } from "./failure.ts";

/** In every copy of the library: two packages may each bring one. */
const KIND = Symbol.for("deferno.kind");

/** Marks a class's objects, and has its `instanceof`, not its subclasses', go by that. */
export function brand(
  type: abstract new (...args: never[]) => object,
  kind: string,
): void {
  Object.defineProperty(type.prototype, KIND, { value: kind });
  Object.defineProperty(type, Symbol.hasInstance, {
    value(this: typeof type, value: object) {
      return brandOf(value) === kind &&
        (this === type ||
          Object.prototype.isPrototypeOf.call(this.prototype, value));
    },
  });
}

/** A revoked proxy, which throws, has none. */
export function brandOf(value: unknown): unknown {
  try {
    return (value as { [KIND]?: unknown } | null | undefined)?.[KIND];
  } catch {
    return undefined;
  }
}

/** Of any copy of the library. */
export function isFailure(value: unknown): value is Failure {
  return typeof value === "object" && brandOf(value) === "Failure";
}

const INSPECT_SYMBOLS = [
  Symbol.for("Deno.customInspect"),
  Symbol.for("nodejs.util.inspect.custom"),
];

/** Has `console.log` call `toString()`. */
export function printAsText(prototype: object): void {
  for (const symbol of INSPECT_SYMBOLS) {
    Object.defineProperty(prototype, symbol, {
      configurable: true,
      value(this: object) {
        return String(this);
      },
    });
  }
}

const numbers = new WeakMap<object, number>();
let lastNumber = 0;

/** Assigned on first use. */
export function numberOf(object: object): number {
  let number = numbers.get(object);
  if (number === undefined) {
    number = ++lastNumber;
    numbers.set(object, number);
  }
  return number;
}
