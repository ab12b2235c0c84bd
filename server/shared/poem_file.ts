/**
 * Poems in files.
 *
 * @module
 */

import { reasonOf, UsageError } from "../../cli/usage_error.ts";
import { requireRead } from "../../cli/permissions.ts";
import { program } from "../../poetry/program.ts";

/** Reads a poem's bytes. Throws a {@linkcode UsageError} where there is none. */
export function readPoem(path: string): Uint8Array<ArrayBuffer> {
  requireRead(path);
  const poem = readBytes(path);
  if (poem.length === 0) throw new UsageError(`The poem is empty: ${path}.`);
  return poem;
}

function readBytes(path: string): Uint8Array<ArrayBuffer> {
  try {
    return program.readFile(path);
  } catch (error) {
    throw new UsageError(`Cannot read ${path}: ${reasonOf(error)}.`);
  }
}
