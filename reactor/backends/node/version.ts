/**
 * The check that Node is new enough.
 *
 * @module
 */

/** The oldest Node that this works on. */
export const OLDEST_NODE = 20;

/**
 * Checks the version of Node.
 *
 * @param version as Node tells it: `20.1.0`
 * @throws {Error} if it is too old
 */
export function checkNodeVersion(version: string): void {
  if (Number.parseInt(version) >= OLDEST_NODE) return;
  throw new Error(
    `Deferno needs Node.js ${OLDEST_NODE} or newer: this is ${version}`,
  );
}
