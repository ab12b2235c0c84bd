/**
 * How a program ends for the user's reasons. Errors are one line on stderr, without a stack
 * trace, and an exit status; so is output that cannot be written: the reader of a pipe has
 * gone, as in `| head -1`, or the disk is full.
 *
 * @module
 */

/** Something that the user asked for cannot be done. The message is for them. */
export class UsageError extends Error {
  override name = "UsageError";
}

/** The exit status for a command line that is invalid, or cannot be carried out. */
export const BAD_USAGE = 2;

/**
 * Returns what `action` returns. If it throws a {@linkcode UsageError}, prints the
 * message, below `usage` if given, and exits.
 */
export function exitOnUsageError<T>(action: () => T, usage?: string): T {
  try {
    return action();
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    if (usage !== undefined) console.error(`${usage}\n`);
    exitWith(error.message);
  }
}

export function exitWith(message: string): never {
  console.error(`error: ${message}`);
  Deno.exit(BAD_USAGE);
}

/**
 * The reason that an error of the runtime gives, in our style: `connection refused` for
 * `Connection refused (os error 111)`.
 */
export function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const reason = message.replace(/ \(os error .*/s, "");
  return reason.charAt(0).toLowerCase() + reason.slice(1);
}

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
