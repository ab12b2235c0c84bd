/**
 * What is common to all that sends bytes.
 *
 * @module
 */

/**
 * Checks that something is bytes.
 *
 * @throws {TypeError} if it is not; text, above all, has to be encoded first
 */
export function checkBytes(method: string, data: unknown): void {
  if (data instanceof Uint8Array) return;
  throw new TypeError(
    `${method} sends bytes: it needs a Uint8Array, and this is a ${typeof data}` +
      (typeof data === "string" ? " (a TextEncoder makes bytes of it)" : ""),
  );
}
