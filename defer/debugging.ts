// The debugging of deferreds: off, since it captures a stack for each of them.

import * as history from "./history.ts";
import * as noter from "./noter.ts";

interface Debugging {
  on: boolean;
  /** Missing until it is on for the first time, so that bundlers can drop it. */
  history?: typeof history;
}

export const debugging: Debugging = { on: false };

interface Noting {
  on: boolean;
  /** Missing until it is on for the first time, as the history is. */
  noter?: typeof noter;
}

/** Whether deferreds note what they do: for their history, or for instruments. */
export const noting: Noting = { on: false };

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
 */
export function setDebugging(on: boolean): void {
  debugging.on = on;
  if (on) {
    debugging.history = history;
    noting.noter = noter;
  }
  noting.on = on || noting.noter?.hasInstruments() === true;
}

/** Whether debugging is on: Twisted's `defer.getDebugging`. */
export function getDebugging(): boolean {
  return debugging.on;
}

/** What is known of a deferred, in lines; empty if nothing is. */
export function historyOf(d: object): string {
  return debugging.history?.historyOf(d) ?? "";
}
