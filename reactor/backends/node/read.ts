/**
 * Reading files, on Node.
 *
 * @module
 */

import { readdirSync, readFileSync } from "node:fs";
import { readError } from "./errors.ts";

/**
 * Reads a text file.
 *
 * @throws {Error} if it cannot be read
 */
export function readTextFile(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw readError(path, error as Error);
  }
}

/**
 * Lists the names of the files in a folder, sorted.
 *
 * @throws {Error} if it cannot be read
 */
export function listFolder(path: string): string[] {
  try {
    return readdirSync(path).sort();
  } catch (error) {
    throw readError(path, error as Error);
  }
}
