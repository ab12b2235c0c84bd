/**
 * How much more memory a process has while it does something.
 *
 * @module
 */

/** How often the memory is looked at, in seconds. */
const INTERVAL = 0.05;

function residentMebibytes(): number {
  return Deno.memoryUsage().rss / 1024 / 1024;
}

/**
 * Does a piece of work, and watches the resident memory meanwhile.
 *
 * @param work What to do.
 * @returns By how many MiB it was more than at the start, at most.
 */
export async function memoryGrowth(
  work: () => Promise<unknown>,
): Promise<number> {
  const before = residentMebibytes();
  let most = before;
  const look = () => most = Math.max(most, residentMebibytes());
  const timer = setInterval(look, INTERVAL * 1000);
  try {
    await work();
    look();
  } finally {
    clearInterval(timer);
  }
  return most - before;
}
