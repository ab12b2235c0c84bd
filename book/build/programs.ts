/**
 * What the build knows of the checkout's programs.
 *
 * @module
 */

import { importsOf } from "../../scripts/sources.ts";
import type { Programs } from "./commands.ts";
import { sourceOf, VENDORED } from "./checkout.ts";

const PROGRAM_FOLDERS = /^(?:clients|examples|server)\//;

/** What a page has not: threads that share memory, and the sockets of a runtime. */
const MISSING = /\bSharedArrayBuffer\b|\b(?:node|deno)Backend\b/;

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
    const isOutside = PROGRAM_FOLDERS.test(path) && MISSING.test(text ?? "");
    const isFine = text !== undefined && !isOutside &&
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
    takesTimeout: (path) => /\btimeout: true\b/.test(read(path) ?? ""),
  };
}
