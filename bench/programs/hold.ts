/**
 * What is held open when memory is measured, and how that is measured.
 *
 * @module
 */

/** How many connections are held open. */
export const CONNECTIONS = 10_000;

/** How long a process rests before it is measured. */
const REST_SECONDS = 0.5;

/** The resident memory of this process in MiB, when it has come to rest. */
export async function residentMemory(): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, REST_SECONDS * 1000));
  return Deno.memoryUsage().rss / 1024 / 1024;
}

/** Makes sure that all connections are there. */
export function checkHeld(held: number): void {
  if (held === CONNECTIONS) return;
  throw new Error(`${held} of ${CONNECTIONS} connections are held`);
}
