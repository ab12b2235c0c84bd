/**
 * What is changed in modules for a page to load them.
 *
 * @module
 */

/** Finds what a module imports: what stands before, the quote, and the specifier. */
export const SPECIFIER = /(\bfrom\s*|\bimport\s*\(?\s*)(["'])([^"'\n]+)\2/g;

/** Where a main module tells the worker that it is being evaluated. */
export const BEGIN_HOOK = "deferno:begin";

/** The first statement of a main module. Imported modules are evaluated before it. */
export const BEGIN = `globalThis[${JSON.stringify(BEGIN_HOOK)}]();`;

/** Where modules of a peer find what stands for its process. */
export function processName(peer: string): string {
  return `deferno:process:${peer}`;
}

/** The folder, in the checkout, of the modules that a peer has for itself. */
export function peerFolder(path: string): string {
  return `as/${path.replace(/\.ts$/, "").replaceAll("/", "-")}`;
}
