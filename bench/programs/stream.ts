/**
 * What goes over one connection when its speed is measured.
 *
 * @module
 */

/** How much goes over the connection. */
export const TOTAL = 1024 * 1024 * 1024;

/** How much goes at a time, out of the program that is measured or into it. */
export const CHUNK = 64 * 1024;

/** Who is at the other end takes more at a time, so that it has less to do. */
export const PEER_CHUNK = 1024 * 1024;

/** Times the sending or receiving of it all, and gives the MiB of a second. */
export async function mebibytesPerSecond(
  transfer: () => Promise<void>,
): Promise<number> {
  const start = performance.now();
  await transfer();
  return TOTAL / 1024 / 1024 / ((performance.now() - start) / 1000);
}

/** Makes sure that it all came. */
export function checkTotal(received: number): void {
  if (received === TOTAL) return;
  throw new Error(`${received} of ${TOTAL} bytes came`);
}
