/**
 * The errors that the web streams of connections have ended with. Their protocols get
 * the same error, so it need not be logged where it comes out of the code that reads
 * or writes the streams.
 *
 * @module
 */

const reported = new WeakSet<object>();

/** Marks an error that a connection's streams end with. */
export function markReported(error: unknown): void {
  if (typeof error === "object" && error !== null) reported.add(error);
}

/** Whether a connection's streams have ended with this error. */
export function isReported(error: unknown): boolean {
  return typeof error === "object" && error !== null && reported.has(error);
}
