// Where deferreds were created and fired: recorded only while debugging is on,
// since it captures a stack for each of them.

export const debugging: { on: boolean } = { on: false };

interface History {
  readonly created: string;
  fired: string | undefined;
}

const histories = new WeakMap<object, History>();

/**
 * Switches the debugging of deferreds on or off: Twisted's `defer.setDebugging`.
 *
 * While it is on, an `AlreadyCalledError` and the report of an unhandled error tell
 * where the deferred was created and first fired, and errors are reported that have
 * been unhandled for one second. Deferreds that were created before have no history.
 */
export function setDebugging(on: boolean): void {
  debugging.on = on;
}

/** Whether debugging is on: Twisted's `defer.getDebugging`. */
export function getDebugging(): boolean {
  return debugging.on;
}

export function noteCreation(d: object): void {
  histories.set(d, { created: stackHere(), fired: undefined });
}

export function noteFiring(d: object): void {
  const history = histories.get(d);
  if (history !== undefined) history.fired ??= stackHere();
}

export function historyOf(d: object): string {
  const history = histories.get(d);
  if (history === undefined) return "";
  const { created, fired } = history;
  return `\nThe deferred was created here:\n${created}` +
    (fired === undefined ? "" : `\nIt was fired first here:\n${fired}`);
}

/**
 * This folder as stacks have it, from the first frame of one made here.
 * `undefined` where the files were bundled.
 */
const [, folder] = /([^\s(]*[\\/])debugging\.[jt]s:/.exec(
  new Error().stack ?? "",
) ?? [];

function stackHere(): string {
  const lines = new Error().stack?.split("\n").slice(1) ?? [];
  const outside = folder === undefined
    ? []
    : lines.filter((line) => !line.includes(folder));
  return (outside.length > 0 ? outside : lines).join("\n");
}
