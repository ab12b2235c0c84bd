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
import { debugging, historyOf } from "./debugging.ts";

/** The failure a deferred was left with; it must not hold the deferred. */
interface Leftover {
  failure: Failure;
  /** Where the deferred came from, while debugging is on. */
  readonly history: string;
}

/** Found from its deferred as long as that lives. */
const leftovers = new WeakMap<object, Leftover>();

/** All that are not yet told, for the end of the program. */
const untold = new Set<Leftover>();

const collected = new FinalizationRegistry<Leftover>(tell);

/** Those that may hold their deferreds, by the frames of their errors. */
let holding: Leftover[] = [];

function tell(leftover: Leftover): void {
  if (!untold.delete(leftover)) return;
  log.err(leftover.failure, `Unhandled error in Deferred:${leftover.history}`);
}

/** Notes that `owner`'s chain has ended, for now, with `failure`. */
export function watch(owner: object, failure: Failure): void {
  let leftover = leftovers.get(owner);
  if (leftover === undefined) {
    leftover = { failure, history: debugging.on ? historyOf(owner) : "" };
    leftovers.set(owner, leftover);
    collected.register(owner, leftover, owner);
  } else {
    if (leftover.failure === failure) return;
    leftover.failure = failure;
  }
  untold.add(leftover);
  if (debugging.on) tellLater(leftover);
  if (holding.push(leftover) === 1) queueMicrotask(letGo);
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
 * Sees to it that no error that is left holds the deferred it was left in.
 *
 * A deferred is collected between turns at the earliest, so this has time until
 * the end of the turn. By then most errors have been handled, and cost nothing.
 */
function letGo(): void {
  const left = holding.filter((leftover) => untold.has(leftover));
  holding = [];
  for (const { failure } of left) forgetFrames(failure.value);
}

/** Leaves of the stacks of an error and of its causes only the text. */
function forgetFrames(error: unknown): void {
  const seen = new Set<Error>();
  while (error instanceof Error && !seen.has(error)) {
    seen.add(error);
    keepTextAlone(error);
    error = error.cause;
  }
}

/**
 * Leaves of an error's stack only the text.
 *
 * An error that was made inside a callback was made inside a method of its
 * deferred. The engine keeps the frames beside the text, and with each of them
 * the object whose method it was, for as long as the error lives.
 */
function keepTextAlone(error: Error): void {
  const text = error.stack;
  const limit = Error.stackTraceLimit;
  try {
    Reflect.set(Error, "stackTraceLimit", 0);
    Error.captureStackTrace(error);
    // The engine replaces the frames it keeps when the text is asked for.
    void error.stack;
    if (text !== undefined) error.stack = text;
  } catch {
    // A frozen error keeps its frames: it is told at the end of the program.
  } finally {
    Reflect.set(Error, "stackTraceLimit", limit);
  }
}

/** How long an error may be left unhandled while debugging is on. */
const PATIENCE_SECONDS = 1;

let callLater: ((seconds: number, fn: () => void) => void) | undefined;

/**
 * For a backend: what calls a function later, without keeping the program alive
 * for that. This folder knows no time of its own.
 */
export function setUnhandledErrorTimer(
  timer: (seconds: number, fn: () => void) => void,
): void {
  callLater = timer;
}

/** While debugging is on, nobody has to wait for the collector to learn of it. */
function tellLater(leftover: Leftover): void {
  const { failure } = leftover;
  callLater?.(PATIENCE_SECONDS, () => {
    if (leftover.failure === failure) tell(leftover);
  });
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
