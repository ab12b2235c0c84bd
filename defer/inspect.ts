const INSPECT_SYMBOLS = [
  Symbol.for("Deno.customInspect"),
  Symbol.for("nodejs.util.inspect.custom"),
];

/** Has `console.log` print objects by their `toString()`. */
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

/** Tells an object from others; assigned on first use. */
export function numberOf(object: object): number {
  let number = numbers.get(object);
  if (number === undefined) {
    number = ++lastNumber;
    numbers.set(object, number);
  }
  return number;
}
