/**
 * Writing a picture to a file.
 *
 * @module
 */

import { reasonOf, UsageError } from "../../cli/exit.ts";

/**
 * Throws a {@linkcode UsageError} where the program may not write the file. Asked before
 * anything is read, so that nobody writes a chain down in vain.
 */
export function requireWrite(path: string): void {
  const { state } = Deno.permissions.querySync({ name: "write", path });
  if (state === "granted") return;
  throw new UsageError(
    `No permission to write ${path}: deno run needs --allow-write=${path}.`,
  );
}

/** Writes the file. Throws a {@linkcode UsageError} where it cannot. */
export function writePicture(path: string, picture: string): void {
  try {
    Deno.writeTextFileSync(path, picture);
  } catch (error) {
    throw new UsageError(`Cannot write ${path}: ${reasonOf(error)}.`);
  }
}
