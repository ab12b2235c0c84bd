/**
 * How chains are counted, of deferreds and of promises alike.
 *
 * @module
 */

import { median } from "../measure.ts";

/** How many chains one call runs. */
const COUNT = 100_000;

/** How many calls make one figure. */
const CALLS = 31;

/**
 * How many chains are run in a second. It is the middle of some calls, for the
 * first ones run while the engine still compiles what they call.
 *
 * @param chains runs so many chains
 */
export async function chainsPerSecond(
  chains: (count: number) => void | Promise<void>,
): Promise<number> {
  const rates: number[] = [];
  for (let call = 0; call < CALLS; call++) {
    const start = performance.now();
    await chains(COUNT);
    rates.push(COUNT / ((performance.now() - start) / 1000));
  }
  return median(rates);
}
