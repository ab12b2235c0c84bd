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

/** The script with the library and the worker, in the checkout. */
export const LIBRARY = "library.js";

/** Where that script says which file begins behind which of its lines. */
export const STARTS_HOOK = "deferno:starts";

/** The files of a script, by the number of the line before them. */
export type Starts = readonly (readonly [path: string, line: number])[];
