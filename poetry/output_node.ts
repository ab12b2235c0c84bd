/**
 * What a program does on Node when nobody takes what it prints.
 *
 * @module
 */

import process from "node:process";
import { getSystemErrorMap } from "node:util";

/** The exit status that a shell gives to whoever was ended by SIGPIPE. */
const BROKEN_PIPE = 141;

/** Ends the program where its output cannot be written. */
export function endWithOutput(): void {
  watchOutput((error) => process.exit(outputStatus(error)));
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

function outputStatus(error: NodeJS.ErrnoException): number {
  if (error.code === "EPIPE") return BROKEN_PIPE;
  const [, reason = error.message] =
    getSystemErrorMap().get(error.errno ?? 0) ?? [];
  console.error(`error: Cannot print: ${reason}.`);
  return 1;
}

/** Node would end the program with a stack trace. */
function watchOutput(failed: (error: NodeJS.ErrnoException) => void): void {
  process.stdout.on("error", failed);
  process.stderr.on("error", () => {});
}
