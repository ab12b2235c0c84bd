/**
 * What the chains of deferreds and of promises have in common.
 *
 * @module
 */

import { median } from "../measure.ts";

/** A callback. */
export type Step = (n: number) => number;

/** Runs so many chains of three callbacks. */
export type Chains = (
  count: number,
  first: Step,
  second: Step,
  third: Step,
) => void | Promise<void>;

/** How many chains one call runs. */
const COUNT = 100_000;

/** How many calls make one figure. */
const CALLS = 31;

function increment(n: number): number {
  return n + 1;
}

function double(n: number): number {
  return n * 2;
}

function decrement(n: number): number {
  return n - 1;
}

/**
 * How many chains are run in a second. It is the middle of some calls, for the
 * first ones run while the engine still compiles what they call.
 *
 * @param kind `"same"` for the same callback three times, or `"different"`
 */
export async function chainsPerSecond(
  kind: string | undefined,
  chains: Chains,
): Promise<number> {
  const [second, third] = kind === "same"
    ? [increment, increment]
    : [double, decrement];
  const rates: number[] = [];
  for (let call = 0; call < CALLS; call++) {
    const start = performance.now();
    await chains(COUNT, increment, second, third);
    rates.push(COUNT / ((performance.now() - start) / 1000));
  }
  return median(rates);
}
