/**
 * Numbers on command lines. `Number` alone is too lenient: `Number("")` is 0.
 *
 * @module
 */

export function isInteger(text: string): boolean {
  return /^[+-]?\d+$/.test(text);
}

/** Whether `text` is a number, perhaps with a fraction or an exponent. */
export function isDecimal(text: string): boolean {
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text);
}
