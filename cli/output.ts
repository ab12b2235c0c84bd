/**
 * What a program does when nobody takes what it prints: the reader of a pipe has gone, as
 * in `| head -1`, or the disk is full. On Node `output_node.ts` stands in.
 *
 * @module
 */

import { reasonOf } from "./reason.ts";

/** The exit status that a shell gives to whoever was ended by SIGPIPE. */
export const BROKEN_PIPE = 141;

/** Is told what a write to stdout has failed with. */
type OutputObserver = (error: unknown) => void;

/** What the console has printed with so far. */
const { error: printError } = console;

/**
 * Ends the program where its output cannot be written: quietly, where the reader has gone,
 * and with a line on stderr otherwise.
 */
export function endWithOutput(): void {
  watchOutput((error) => Deno.exit(outputStatus(error)));
}

/** Has the program go on without its output: what it prints is not what it is for. */
export function outliveOutput(): void {
  let isReported = false;
  watchOutput((error) => {
    if (isReported) return;
    isReported = true;
    outputStatus(error);
  });
}

/**
 * The exit status of a program that could not write its output. Tells the user why, unless
 * it is the user who has gone.
 */
export function outputStatus(error: unknown): number {
  if (error instanceof Deno.errors.BrokenPipe) return BROKEN_PIPE;
  console.error(`error: Cannot print: ${reasonOf(error)}.`);
  return 1;
}

/**
 * Has the console tell where a line could not be written. Deno's own keeps a broken pipe
 * back, and throws everything else, be it for a line of the log.
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
      // There is nowhere left to tell it.
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
