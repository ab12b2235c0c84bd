// The debugging of deferreds: off, since it captures a stack for each of them.

import * as history from "./history.ts";
import { noter } from "./noter.ts";
import { debugging, noting } from "./noting.ts";

/**
 * Switches the debugging of deferreds on or off: Twisted's `defer.setDebugging`.
 *
 * While it is on, an `AlreadyCalledError` and the report of an unhandled error tell
 * where the deferred was created and first fired, and errors are reported that have
 * been unhandled for one second. Deferreds that were created before have no history.
 *
 * @category Deferred
 */
export function setDebugging(on: boolean): void {
  debugging.on = on;
  if (on) debugging.history = history;
  noting.noter = on || noter.hasInstruments ? noter : undefined;
}

/**
 * Whether debugging is on: Twisted's `defer.getDebugging`.
 *
 * @category Deferred
 */
export function getDebugging(): boolean {
  return debugging.on;
}
