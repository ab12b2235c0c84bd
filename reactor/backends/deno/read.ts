/**
 * Reading files, on Deno.
 *
 * @module
 */

import { readError } from "./errors.ts";

/**
 * Reads a text file.
 *
 * @throws {Error} if it cannot be read
 */
export function readTextFile(path: string): string {
  try {
    return Deno.readTextFileSync(path);
  } catch (error) {
    throw readError(path, error);
  }
}

/**
 * Lists the names of the files in a folder, sorted.
 *
 * @throws {Error} if it cannot be read
 */
export function listFolder(path: string): string[] {
  try {
    return Array.from(Deno.readDirSync(path), ({ name }) => name).sort();
  } catch (error) {
    throw readError(path, error);
  }
}
