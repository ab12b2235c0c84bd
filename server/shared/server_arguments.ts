/**
 * The command line of every poetry server.
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
import { exitOnUsageError, UsageError } from "../../cli/usage_error.ts";
import { outliveOutput } from "../../cli/output.ts";
import { readPoem } from "./poem_file.ts";
import { program } from "../../poetry/program.ts";

/** What a server is asked to do. */
export interface ServerArguments<O extends Options> {
  /** The poem's file, as the user named it. */
  file: string;
  /** What is in it. */
  poem: Uint8Array<ArrayBuffer>;
  /** The values of the server's options. */
  options: Values<O>;
}

/**
 * Reads the command line of the running server, and the poem that it names. A user who
 * asks for help is shown it, with `about` in it; one who got something wrong is told
 * what. Both end the program. From then on it does without output where nobody takes it.
 */
export function parseServerArguments<O extends Options>(
  about: string,
  accepted: O,
): ServerArguments<O> {
  outliveOutput();
  return exitOnUsageError(() => {
    const { help, values, operands } = parseCommandLine(program.args, accepted);
    if (help) {
      const usage = `Usage: ${programName()} [options] POEM`;
      console.log(helpText(usage, about, accepted));
      program.exit(0);
    }
    const [file, ...others] = operands;
    if (file === undefined || others.length > 0) {
      throw new UsageError("Provide exactly one poem file; --help tells more.");
    }
    return { file, poem: readPoem(file), options: values };
  });
}
