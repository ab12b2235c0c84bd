/**
 * The watch over errors that nobody has handled.
 *
 * An error at the end of a chain may yet be handled: an errback can be added
 * any time later. It is lost for certain when its deferred is collected, or
 * when the program ends; then it is told to the log.
 *
 * @module
 */

import type { Failure } from "./failure.ts";
import { log } from "./log.ts";

/** The failure a deferred was left with; it must not hold the deferred. */
interface Leftover {
  failure: Failure;
}

/** Found from its deferred as long as that lives. */
const leftovers = new WeakMap<object, Leftover>();

/** All that are not yet told, for the end of the program. */
const untold = new Set<Leftover>();

const collected = new FinalizationRegistry<Leftover>(tell);

function tell(leftover: Leftover): void {
  if (!untold.delete(leftover)) return;
  log.err(leftover.failure, "Unhandled error in Deferred:");
}

/** Notes that `owner`'s chain has ended, for now, with `failure`. */
export function watch(owner: object, failure: Failure): void {
  const known = leftovers.get(owner);
  if (known !== undefined) {
    if (known.failure === failure) return;
    known.failure = failure;
    untold.add(known);
    return;
  }
  const leftover: Leftover = { failure };
  leftovers.set(owner, leftover);
  untold.add(leftover);
  collected.register(owner, leftover, owner);
}

/** Notes that `owner` has no error any more, or that somebody took it over. */
export function unwatch(owner: object): void {
  const leftover = leftovers.get(owner);
  if (leftover === undefined) return;
  leftovers.delete(owner);
  untold.delete(leftover);
  collected.unregister(owner);
}

/**
 * Tells the log of every error that no errback has handled so far, each once.
 *
 * This happens by itself at the end of the program, and for each deferred when
 * it is collected. A test calls it to see at once what was left.
 */
export function reportUnhandledErrors(): void {
  for (const leftover of [...untold]) tell(leftover);
}
