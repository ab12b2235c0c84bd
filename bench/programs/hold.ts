/**
 * What is held open when memory is measured, and how that is measured.
 *
 * @module
 */

/** How many connections are held open. */
export const CONNECTIONS = 10_000;

/** How long a process rests before it is measured. */
const REST_SECONDS = 0.5;

const everyOne = Promise.withResolvers<void>();
let held = 0;

/** Counts a connection that is held. */
export function holdsOneMore(): void {
  held++;
  if (held === CONNECTIONS) everyOne.resolve();
}

/**
 * The resident memory of this process in MiB, when all connections are held and
 * it has come to rest.
 */
export async function residentMemory(): Promise<number> {
  await everyOne.promise;
  await new Promise((resolve) => setTimeout(resolve, REST_SECONDS * 1000));
  return Deno.memoryUsage().rss / 1024 / 1024;
}
