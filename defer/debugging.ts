// Off, since it captures a stack for each deferred.

import { callLaterUnref } from "./host.ts";
import { noter } from "./noter.ts";
import { debugging, noting } from "./noting.ts";

/**
 * Twisted's `defer.setDebugging`. While it is on, an `AlreadyCalledError` and the report
 * of an unhandled error tell where the deferred was created and first fired, and errors
 * unhandled for one second are reported. Earlier deferreds have no history.
 * @category Deferred
 */
export function setDebugging(on: boolean): void {
  debugging.on = on;
  if (on) {
    debugging.history = { noteCreation, noteFiring, historyOf, afterGrace };
  }
  noting.noter = on || noter.hasInstruments ? noter : undefined;
}

/**
 * Whether it is on: Twisted's `defer.getDebugging`.
 * @category Deferred
 */
export function getDebugging(): boolean {
  return debugging.on;
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

function historyOf(d: object): string {
  const history = histories.get(d);
  if (history === undefined) return "";
  const { created, fired } = history;
  return `\nThe deferred was created here:\n${created}` +
    (fired === undefined ? "" : `\nIt was fired first here:\n${fired}`);
}

/**
 * This folder as stacks have it, empty in a bundle. Found at first use: it takes a stack.
 */
let folder: string | undefined;

/** The frames outside this folder. */
function stackHere(): string {
  const { stack = "" } = new Error();
  folder ??= /([^\s(]*[\\/])debugging\.[jt]s:/.exec(stack)?.[1] ?? "";
  const own = folder;
  const lines = stack.split("\n").slice(1);
  const outside = own === "" ? [] : lines.filter((line) => !line.includes(own));
  return (outside.length > 0 ? outside : lines).join("\n");
}

const GRACE_SECONDS = 1;

let callLater = callLaterUnref;

/** For tests. */
export function setUnhandledErrorTimer(timer: typeof callLaterUnref): void {
  callLater = timer;
}

function afterGrace(fn: () => void): void {
  callLater(GRACE_SECONDS, fn);
}
