/**
 * The command line of an example that can be told how long to take.
 *
 * @module
 */

import {
  helpText,
  type Option,
  parseCommandLine,
  programName,
} from "../../cli/command_line.ts";
import { endWithOutput, exitOnUsageError, UsageError } from "../../cli/exit.ts";
import { isDecimal } from "../../cli/numbers.ts";

/** More than anybody waits for an example. */
const LONGEST = 3600;

/** The one option of an example. */
export interface SecondsOption {
  /** Its name, without the dashes. */
  name: string;
  /** What the seconds are, in a line. */
  help: string;
  /** How many there are where the option is not given. */
  default: number;
}

/**
 * Reads the command line of the running example, whose one option is a number of seconds.
 * A user who asks for help is shown it, with `about` in it; one who got something wrong
 * is told what. Both end the program, and from then on so does output that nobody takes.
 */
export function parseSeconds(about: string, option: SecondsOption): number {
  endWithOutput();
  const { name } = option;
  const usage = `Usage: ${programName()} [--${name} SECONDS]`;
  const options = { [name]: secondsOption(option) };
  return exitOnUsageError(() => {
    const { help, values, operands } = parseCommandLine(Deno.args, options);
    if (help) {
      console.log(helpText(usage, about, options));
      Deno.exit(0);
    }
    if (operands.length > 0) {
      throw new UsageError(`No argument is needed: this is ${operands[0]}.`);
    }
    return values[name] ?? option.default;
  }, usage);
}

function secondsOption(
  { name, help, default: seconds }: SecondsOption,
): Option<number> {
  return {
    placeholder: "SECONDS",
    help: `${help} Default: ${seconds}.`,
    default: seconds,
    parse(text) {
      const found = isDecimal(text) ? Number(text) : NaN;
      if (found >= 0 && found <= LONGEST) return found;
      throw new UsageError(
        `--${name} takes a number of seconds from 0 to ${LONGEST}: it is ${text}.`,
      );
    },
  };
}
