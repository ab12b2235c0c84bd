/**
 * What a program does if its output cannot be written: the reader of a pipe has gone, as
 * in `| head -1`, or the disk is full.
 *
 * @module
 */

import { reasonOf } from "./usage_error.ts";

/** The exit status of a program that SIGPIPE ended: 128 + 13. */
export const BROKEN_PIPE = 141;

type OutputObserver = (error: unknown) => void;

const { error: printError } = console;

/**
 * Ends the program when its output cannot be written: quietly if the reader has gone,
 * otherwise with a line on stderr.
 */
export function endWithOutput(): void {
  watchOutput((error) => Deno.exit(outputStatus(error)));
}

/** Lets the program, a server, go on without its output. */
export function outliveOutput(): void {
  let isReported = false;
  watchOutput((error) => {
    if (isReported) return;
    isReported = true;
    outputStatus(error);
  });
}

/**
 * The exit status of a program that could not write its output. Prints the reason, except
 * for a broken pipe.
 */
export function outputStatus(error: unknown): number {
  if (error instanceof Deno.errors.BrokenPipe) return BROKEN_PIPE;
  console.error(`error: Cannot print: ${reasonOf(error)}.`);
  return 1;
}

/**
 * Reports lines that the console cannot write. Deno's own console ignores a broken pipe,
 * and throws for everything else, even for a line of the log.
 */
export function watchOutput(failed: OutputObserver): void {
  console.log = (...values: unknown[]) => {
    try {
      print(`${values.map(textOf).join(" ")}\n`);
    } catch (error) {
      failed(error);
    }
  };
  console.error = (...values: unknown[]) => {
    try {
      printError(...values);
    } catch {
      // There is nowhere left to report it.
    }
  };
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : Deno.inspect(value);
}

function print(text: string): void {
  let bytes = new TextEncoder().encode(text);
  while (bytes.length > 0) bytes = bytes.subarray(Deno.stdout.writeSync(bytes));
}
