/**
 * The errors with which streams of connections have ended.
 *
 * @module
 */

const reported = new WeakSet<object>();

/** The streams of a connection end with this error, as its protocol is reported. */
export function markReported(error: unknown): void {
  if (typeof error === "object" && error !== null) reported.add(error);
}

/**
 * Whether the streams of a connection have ended with this error. Where it comes
 * out of the code that has read or written them, that is no news.
 */
export function isReported(error: unknown): boolean {
  return typeof error === "object" && error !== null && reported.has(error);
}
