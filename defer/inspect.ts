/**
 * How objects are told apart and printed.
 *
 * @module
 */

/** The symbols under which Deno and Node look for what to print. */
const INSPECT_SYMBOLS = [
  Symbol.for("Deno.customInspect"),
  Symbol.for("nodejs.util.inspect.custom"),
];

/**
 * Has the objects of a class printed by `console.log` and its like as their
 * `toString()` says.
 */
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

/** The number of an object, which it gets when it is first asked for. */
export function numberOf(object: object): number {
  let number = numbers.get(object);
  if (number === undefined) {
    number = ++lastNumber;
    numbers.set(object, number);
  }
  return number;
}
