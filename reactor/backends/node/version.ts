// The check that Node is new enough.

/** The oldest supported version. Scripts read it without loading the backend. */
export const OLDEST_NODE = 20;

/** @throws {Error} if a version of Node, such as `20.1.0`, is too old */
export function checkNodeVersion(version: string): void {
  if (Number.parseInt(version) >= OLDEST_NODE) return;
  throw new Error(
    `Deferno needs Node.js ${OLDEST_NODE} or newer: this is ${version}`,
  );
}
