/**
 * Where deferreds were created and fired, from their stacks.
 *
 * @module
 */

import { callLaterUnref } from "./host.ts";

interface History {
  readonly created: string;
  fired: string | undefined;
}

const histories = new WeakMap<object, History>();

export function noteCreation(d: object): void {
  histories.set(d, { created: stackHere(), fired: undefined });
}

export function noteFiring(d: object): void {
  const history = histories.get(d);
  if (history !== undefined) history.fired ??= stackHere();
}

/** What is known of a deferred, in lines; empty if nothing is. */
export function historyOf(d: object): string {
  const history = histories.get(d);
  if (history === undefined) return "";
  const { created, fired } = history;
  return `\nThe deferred was created here:\n${created}` +
    (fired === undefined ? "" : `\nIt was fired first here:\n${fired}`);
}

/**
 * This folder as stacks have it; found at first use, since to make a stack while the
 * library is loaded costs every program. Empty where the files were bundled.
 */
let folder: string | undefined;

/** The frames outside this folder, one a line. */
function stackHere(): string {
  const { stack = "" } = new Error();
  folder ??= /([^\s(]*[\\/])history\.[jt]s:/.exec(stack)?.[1] ?? "";
  const own = folder;
  const lines = stack.split("\n").slice(1);
  const outside = own === "" ? [] : lines.filter((line) => !line.includes(own));
  return (outside.length > 0 ? outside : lines).join("\n");
}

/** Sets a timer that does not keep the program alive. */
export let callLater: typeof callLaterUnref = callLaterUnref;

/** For tests. */
export function setUnhandledErrorTimer(timer: typeof callLaterUnref): void {
  callLater = timer;
}
