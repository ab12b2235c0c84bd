/**
 * What is fetched and served when poems are counted.
 *
 * @module
 */

/** How many poems are counted, and how many of them are on their way at once. */
export const POEMS = 10_000;
export const AT_ONCE = 100;

const FILE = new URL("../../poetry/ecstasy.txt", import.meta.url);

/** How many bytes it has. */
const SIZE = 3003;

/** The poem, as it is served. */
export function poemBytes(): Uint8Array<ArrayBuffer> {
  return Deno.readFileSync(FILE);
}

/** Times the fetching of all the poems, and gives how many came in a second. */
export async function poemsPerSecond(
  fetchAll: () => Promise<void>,
): Promise<number> {
  const start = performance.now();
  await fetchAll();
  return POEMS / ((performance.now() - start) / 1000);
}

/** Makes sure that a poem is the whole one. */
export function checkPoem(poem: string, whole: string): void {
  if (poem === whole) return;
  throw new Error(`A poem came with ${poem.length} of ${whole.length} letters`);
}

/** Makes sure that there are as many bytes as in the whole poem. */
export function checkSize(size: number): void {
  if (size === SIZE) return;
  throw new Error(`A poem came with ${size} of ${SIZE} bytes`);
}
