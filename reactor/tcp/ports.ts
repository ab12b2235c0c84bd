/**
 * What is common to all that takes a port number.
 *
 * @module
 */

/**
 * How many connections may wait to be accepted, unless that is said: as many as
 * with Node and Deno. One that finds no room waits for its packet to be sent again,
 * which takes a second.
 */
export const DEFAULT_BACKLOG = 511;

/**
 * Checks a port number.
 *
 * @throws {RangeError} if it is no integer from `least` to 65535
 */
export function checkPort(port: number, least: 0 | 1): void {
  if (Number.isInteger(port) && port >= least && port <= 65535) return;
  throw new RangeError(
    `A port is an integer from ${least} to 65535: this is ${port}`,
  );
}
