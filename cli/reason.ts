/**
 * Why the runtime could not do something.
 *
 * @module
 */

/**
 * Says why the runtime could not do something, in few words: `connection refused` for
 * `Connection refused (os error 111)`.
 */
export function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const reason = message.replace(/ \(os error .*/s, "");
  return reason.charAt(0).toLowerCase() + reason.slice(1);
}
