/**
 * The debugging of deferreds: off, since it captures a stack for each of them.
 *
 * @module
 */

import { callLaterUnref } from "./host.ts";

/** What debugging does; missing until it is on, so that bundlers can drop it. */
interface Notes {
  noteCreation(d: object): void;
  noteFiring(d: object): void;
  historyOf(d: object): string;
  /** Calls a function when an error has been unhandled for long enough. */
  afterGrace(fn: () => void): void;
}

interface Debugging {
  on: boolean;
  history?: Notes;
}

export const debugging: Debugging = { on: false };

/**
 * Switches the debugging of deferreds on or off: Twisted's
 * `defer.setDebugging`.
 *
 * While it is on, an `AlreadyCalledError` and the report of an unhandled error
 * tell where the deferred was created and first fired, and errors are reported
 * that have been unhandled for one second. Deferreds that were created before
 * have no history.
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
 * @category Deferred
 */
export function setDebugging(on: boolean): void {
  debugging.on = on;
  if (!on) return;
  debugging.history = {
    noteCreation,
    noteFiring,
    historyOf: textOf,
    afterGrace,
  };
}

/**
 * Whether debugging is on: Twisted's `defer.getDebugging`.
 *
 * @category Deferred
 */
export function getDebugging(): boolean {
  return debugging.on;
}

/** What is known of a deferred, in lines; empty if nothing is. */
export function historyOf(d: object): string {
  return debugging.history?.historyOf(d) ?? "";
}

interface History {
  readonly created: string;
  fired: string | undefined;
}

const histories = new WeakMap<object, History>();

function noteCreation(d: object): void {
  histories.set(d, { created: stackHere(), fired: undefined });
}

function noteFiring(d: object): void {
  const history = histories.get(d);
  if (history !== undefined) history.fired ??= stackHere();
}

/** What is known of a deferred, in lines; empty if nothing is. */
function textOf(d: object): string {
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
  folder ??= /([^\s(]*[\\/])debugging\.[jt]s:/.exec(stack)?.[1] ?? "";
  const own = folder;
  const lines = stack.split("\n").slice(1);
  const outside = own === "" ? [] : lines.filter((line) => !line.includes(own));
  return (outside.length > 0 ? outside : lines).join("\n");
}

/** How long debugging leaves an error unhandled before it is reported. */
const GRACE_SECONDS = 1;

let callLater = callLaterUnref;

/** For tests. */
export function setUnhandledErrorTimer(timer: typeof callLaterUnref): void {
  callLater = timer;
}

function afterGrace(fn: () => void): void {
  callLater(GRACE_SECONDS, fn);
}
