/**
 * The command line of the poetry servers.
 *
 * @module
 */

import {
  helpText,
  type Options,
  parseCommandLine,
  programName,
  type Values,
} from "../../cli/command_line.ts";
import {
  exitOnUsageError,
  outliveOutput,
  reasonOf,
  UsageError,
} from "../../cli/exit.ts";
import { requireRead } from "../../cli/permissions.ts";

export interface ServerArguments<O extends Options> {
  /** The poem's file, as the user wrote it. */
  file: string;
  poem: Uint8Array<ArrayBuffer>;
  options: Values<O>;
}

/**
 * Parses the command line of the running server, and reads its poem. Prints the help,
 * with `about` in it, and exits if the user asks for it; exits with a message if
 * something is wrong. From then on, the server goes on if its output cannot be written.
 */
export function parseServerArguments<O extends Options>(
  about: string,
  accepted: O,
): ServerArguments<O> {
  outliveOutput();
  return exitOnUsageError(() => {
    const { help, values, operands } = parseCommandLine(Deno.args, accepted);
    if (help) {
      const usage = `Usage: ${programName()} [options] POEM`;
      console.log(helpText(usage, about, accepted));
      Deno.exit(0);
    }
    const [file, ...others] = operands;
    if (file === undefined || others.length > 0) {
      throw new UsageError("Provide exactly one poem file; --help tells more.");
    }
    return { file, poem: readPoem(file), options: values };
  });
}

function readPoem(path: string): Uint8Array<ArrayBuffer> {
  requireRead(path);
  const poem = readFile(path);
  if (poem.length === 0) throw new UsageError(`The poem is empty: ${path}.`);
  return poem;
}

function readFile(path: string): Uint8Array<ArrayBuffer> {
  try {
    return Deno.readFileSync(path);
  } catch (error) {
    throw new UsageError(`Cannot read ${path}: ${reasonOf(error)}.`);
  }
}
