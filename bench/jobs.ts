/**
 * What the small jobs that are measured have in common.
 *
 * @module
 */

/** The callback of all chains. */
export function increment(n: number): number {
  return n + 1;
}

/** Stops a benchmark that did not do its job. */
export function check(ok: boolean): void {
  if (!ok) throw new Error("A job was not done");
}

/** As `rate`, for work that takes turns of the event loop. */
export async function rateOf(
  count: number,
  work: () => Promise<void>,
): Promise<number> {
  const start = performance.now();
  await work();
  return count / ((performance.now() - start) / 1000);
}
