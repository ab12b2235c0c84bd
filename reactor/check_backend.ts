/**
 * The check that a backend is one.
 *
 * @module
 */

/**
 * Checks a backend that a program has chosen. One that its runtime does not have
 * is `undefined` to a program without types.
 *
 * @param who whom it is for
 * @param backend what was chosen
 * @throws {TypeError} if it is none
 */
export function checkBackend(who: string, backend: unknown): void {
  const chosen: { readonly connect?: unknown } = Object(backend);
  if (typeof chosen.connect === "function") return;
  const shown = typeof backend === "object" && backend !== null
    ? "an object that cannot connect"
    : String(backend);
  throw new TypeError(
    `${who} needs a backend: it got ${shown}. denoBackend is there on Deno alone, ` +
      "nodeBackend on Node.js, and runtimeBackend on either",
  );
}
