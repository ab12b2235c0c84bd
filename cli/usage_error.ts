/**
 * How the programs tell a user that something went wrong: in one line, without a stack
 * trace, and with an exit status.
 *
 * @module
 */

import { program } from "../poetry/program.ts";

export { reasonOf } from "./reason.ts";

/** What the user asked for cannot be done; the message is written for them to read. */
export class UsageError extends Error {
  override name = "UsageError";
}

/** The exit status of a program that was started in a way it cannot work with. */
const BAD_USAGE = 2;

/**
 * Gives what `action` returns. A {@linkcode UsageError} out of it ends the program: its
 * message goes to stderr, below `usage` where there is one.
 */
export function exitOnUsageError<T>(action: () => T, usage?: string): T {
  try {
    return action();
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    if (usage !== undefined) console.error(`${usage}\n`);
    console.error(`error: ${error.message}`);
    return program.exit(BAD_USAGE);
  }
}

/** The same for what `action` returns later. */
export async function orExitLater<T>(
  action: () => PromiseLike<T>,
): Promise<T> {
  try {
    return await action();
  } catch (error) {
    return exitOnUsageError(() => {
      throw error;
    });
  }
}
