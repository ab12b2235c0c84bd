/**
 * Errors for the user: one line on stderr, no stack trace, and an exit status.
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
