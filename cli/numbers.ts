/**
 * What counts as a number on a command line. `Number` alone won't tell: to it, nothing
 * at all is a 0.
 *
 * @module
 */

/** Whether `text` is a whole number. */
export function isInteger(text: string): boolean {
  return /^[+-]?\d+$/.test(text);
}

/** Whether `text` is a number, with or without a fraction or an exponent. */
export function isDecimal(text: string): boolean {
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text);
}
