/**
 * What the build knows of the checkout's programs.
 *
 * @module
 */

import { importsOf } from "../../scripts/sources.ts";
import type { Programs } from "./commands.ts";
import { sourceOf, VENDORED } from "./checkout.ts";

/** A file that a program names itself. */
const NAMED_FILE = /"(poetry\/[\w.-]+)"/g;

/** Looks into the files of the checkout. */
export function programsOf(root: string): Programs {
  const loadable = new Map<string, boolean>();
  const read = (path: string) => {
    try {
      return sourceOf(root, path);
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return undefined;
      throw error;
    }
  };
  /** False as soon as anything that is imported is a module of the runtime. */
  const isLoadable = (path: string): boolean => {
    const known = loadable.get(path);
    if (known !== undefined) return known;
    loadable.set(path, true);
    const text = read(path);
    const isFine = text !== undefined &&
      importsOf(path, text).every(({ specifier, to, typeOnly }) =>
        typeOnly || VENDORED[specifier] !== undefined ||
        (specifier.startsWith(".") && isLoadable(to))
      );
    loadable.set(path, isFine);
    return isFine;
  };
  return {
    exists: (path) => read(path) !== undefined,
    isLoadable,
    filesIn: (path) =>
      [...(read(path) ?? "").matchAll(NAMED_FILE)]
        .map(([, file = ""]) => file),
    takesTimeout: (path) => /\btimeout: true\b/.test(read(path) ?? ""),
    hasThreads: (path) => /\bnew Worker\(/.test(read(path) ?? ""),
  };
}
