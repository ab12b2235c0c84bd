/**
 * The running program, as Node knows it.
 *
 * @module
 */

import { readFileSync } from "node:fs";
import process from "node:process";
import { getSystemErrorMap } from "node:util";

/** The running program. */
export const program = {
  /** What was typed behind its name. */
  args: process.argv.slice(2) as readonly string[],
  /** The name of the command, or of its file. */
  get name(): string {
    return process.argv[1]?.split("/").at(-1) ?? "";
  },
  /** The exit status that it ends with when there is nothing left to do. */
  set exitCode(status: number) {
    process.exitCode = status;
  },
  /** Ends at once. */
  exit(status: number): never {
    process.exit(status);
  },
  /** Runs its main function. An error out of that ends the program. */
  run(main: () => Promise<void>): void {
    main();
  },
  /** Reads a file. */
  readFile(path: string): Uint8Array<ArrayBuffer> {
    try {
      return new Uint8Array(readFileSync(path));
    } catch (error) {
      throw new Error(reasonOf(error), { cause: error });
    }
  },
};

/** Why Node could not do something, without the name of the error and the file. */
function reasonOf(error: unknown): string {
  const { errno = 0, message } = error as NodeJS.ErrnoException;
  return getSystemErrorMap().get(errno)?.[1] ?? message;
}
