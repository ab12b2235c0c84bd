/**
 * Where deferreds come from: kept only while debugging is on, since it costs a
 * look at the stack for each of them.
 *
 * @module
 */

/** Whether debugging is on, for the deferreds to see. */
export const debugging: { on: boolean } = { on: false };

interface History {
  readonly created: string;
  fired: string | undefined;
}

const histories = new WeakMap<object, History>();

/**
 * Switches the debugging of deferreds on or off: Twisted's
 * `defer.setDebugging`.
 *
 * While it is on, an `AlreadyCalledError` and the report of an unhandled error
 * tell where the deferred was created and where it was fired first; and an error
 * that nobody has handled after one second is reported then. Only deferreds that
 * are created meanwhile know where they come from.
 *
 * @param on `true` to switch it on
 *
 * @example
 * ```ts
 * import { getDebugging, setDebugging } from "@deferno/deferno";
 *
 * setDebugging(true);
 * console.assert(getDebugging());
 * setDebugging(false);
 * ```
 */
export function setDebugging(on: boolean): void {
  debugging.on = on;
}

/** Whether debugging is on: Twisted's `defer.getDebugging`. */
export function getDebugging(): boolean {
  return debugging.on;
}

/** Notes that a deferred is being created, here. */
export function noteCreation(d: object): void {
  histories.set(d, { created: stackHere(), fired: undefined });
}

/** Notes that a deferred is being fired, here, unless it was before. */
export function noteFiring(d: object): void {
  const history = histories.get(d);
  if (history !== undefined) history.fired ??= stackHere();
}

/** What is known of a deferred's past, in lines; empty where nothing is. */
export function historyOf(d: object): string {
  const history = histories.get(d);
  if (history === undefined) return "";
  const { created, fired } = history;
  return `\nThe deferred was created here:\n${created}` +
    (fired === undefined ? "" : `\nIt was fired first here:\n${fired}`);
}

/**
 * This folder, as it stands in a stack: in front of this file's name in the
 * first frame there is. Where the files were bundled it has none.
 */
const [, folder] = /([^\s(]*[\\/])debugging\.[jt]s:/.exec(
  new Error().stack ?? "",
) ?? [];

/** The frames of whoever called into this folder, one a line. */
function stackHere(): string {
  const lines = new Error().stack?.split("\n").slice(1) ?? [];
  const outside = folder === undefined
    ? []
    : lines.filter((line) => !line.includes(folder));
  return (outside.length > 0 ? outside : lines).join("\n");
}
