/**
 * The command line of the simulator.
 *
 * @module
 */

import {
  type Option,
  parseCommandLine,
  programName,
} from "../../cli/command_line.ts";
import { exitOnUsageError, UsageError } from "../../cli/exit.ts";
import type { Side } from "./step.ts";
import { requireWrite } from "./write_picture.ts";

/** What the simulator is asked to do. */
export interface SimulatorArguments {
  /** Whether to draw everything below each other, though the terminal is wide. */
  narrow: boolean;
  /** The ways in which to fire the deferred. */
  sides: Side[];
  /** The file to write a picture to, if any. */
  svg: string;
}

const HELP = `
Draws what a deferred does with a result and with a failure. Give it pairs of a
callback and an errback, one a line, and an empty line at the end. Both are one of
these, or the beginning of one:

  return VALUE    returns it
  fail VALUE      throws it
  passthru        returns what it was given

A VALUE has at most 6 characters. In the drawing, a star marks a failure: initial*

Options:
  --callback  Fire the deferred with a result alone.
  --errback   Fire the deferred with a failure alone.
  --narrow    Draw everything below each other, as for a narrow terminal.
  --svg FILE  Write a picture to FILE as well: it needs --allow-write=FILE.
  --help      Print this help and exit.`;

const SIDES: Side[] = ["callback", "errback"];

/** The options without a value: the shared parser knows only those that have one. */
const FLAGS = ["--narrow", ...SIDES.map((side) => `--${side}`)];

const svg: Option<string> = {
  placeholder: "FILE",
  help: "The file to write a picture to.",
  default: "",
  parse: (text) => text,
};

/**
 * Reads the command line. A user who asks for help is shown it; one who got something
 * wrong is told what. Both end the program.
 */
export function parseArguments(args: string[]): SimulatorArguments {
  const usage =
    `Usage: ${programName()} [--callback | --errback] [--narrow] [--svg FILE]`;
  return exitOnUsageError(() => {
    const flags = args.filter((arg) => FLAGS.includes(arg));
    const others = args.filter((arg) => !FLAGS.includes(arg));
    const { help, values, operands } = parseCommandLine(others, { svg });
    if (help) {
      console.log(`${usage}\n${HELP}`);
      Deno.exit(0);
    }
    if (operands.length > 0) {
      throw new UsageError(`No argument is needed: this is ${operands[0]}.`);
    }
    if (values.svg !== "") requireWrite(values.svg);
    const sides = SIDES.filter((side) => flags.includes(`--${side}`));
    return {
      narrow: flags.includes("--narrow"),
      sides: sides.length > 0 ? sides : SIDES,
      svg: values.svg,
    };
  }, usage);
}
