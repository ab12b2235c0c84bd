/**
 * The watch over errors that nobody has handled.
 *
 * An error at the end of a chain may yet be handled: an errback can be added
 * any time later. It is lost for certain when its deferred is collected, or
 * when the program ends; then it is told to the log.
 *
 * @module
 */

import { debugging, historyOf } from "./debugging.ts";
import { Failure } from "./failure.ts";
import { detachedCopy } from "./detached_copy.ts";
import { log } from "./log.ts";

/**
 * The failure that a deferred was left with. From the end of the turn on it holds
 * neither the deferred nor the error, which may refer to the deferred: what was
 * held here would never be collected, and so never be told.
 */
class Leftover {
  readonly history: string;
  #failure: WeakRef<Failure>;
  /** The failure itself until the end of the turn, and then what is kept of it. */
  #kept: Failure;
  #error: WeakRef<object> | undefined;

  constructor(failure: Failure, history: string) {
    this.history = history;
    this.#failure = new WeakRef(failure);
    this.#kept = failure;
  }

  isOf(failure: Failure): boolean {
    return this.#failure.deref() === failure;
  }

  /** Keeps of the failure what can be told of it. */
  letGo(): void {
    const { value } = this.#kept;
    if (typeof value === "object" && value !== null) {
      this.#error = new WeakRef(value);
    }
    this.#kept = detachedCopy(this.#kept);
  }

  /** The failure, or another of its error, or at least what was kept of it. */
  recall(): Failure {
    const failure = this.#failure.deref();
    if (failure !== undefined) return failure;
    const error = this.#error?.deref();
    const { raised } = this.#kept;
    return error === undefined ? this.#kept : new Failure(error, { raised });
  }
}

/** Found from its deferred as long as that lives. */
const leftovers = new WeakMap<object, Leftover>();

/** All that are not yet told, for the end of the program. */
const untold = new Set<Leftover>();

/** Failures that were told, wherever they go next. */
const told = new WeakSet<Failure>();

const collected = new FinalizationRegistry<Leftover>(tell);

/** Those of this turn. */
let recent: Leftover[] = [];

function tell(leftover: Leftover): void {
  if (!untold.delete(leftover)) return;
  const failure = leftover.recall();
  told.add(failure);
  log.err(failure, `Unhandled error in Deferred:${leftover.history}`);
}

/** Notes that `owner`'s chain has ended, for now, with `failure`. */
export function watch(owner: object, failure: Failure): void {
  // It has only been passed on, which happens with each callback that is added.
  if (leftovers.get(owner)?.isOf(failure)) return;
  unwatch(owner);
  if (told.has(failure)) return;
  const history = debugging.on ? historyOf(owner) : "";
  const leftover = new Leftover(failure, history);
  leftovers.set(owner, leftover);
  collected.register(owner, leftover, owner);
  untold.add(leftover);
  if (debugging.on) tellLater(leftover);
  if (recent.push(leftover) === 1) queueMicrotask(letGo);
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
 * Sees to it that what is kept of an error holds nothing else.
 *
 * A deferred is collected between turns at the earliest, so this has time until
 * the end of the turn. By then most errors have been handled, and cost nothing.
 */
function letGo(): void {
  const left = recent.filter((leftover) => untold.has(leftover));
  recent = [];
  for (const leftover of left) leftover.letGo();
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
  callLater?.(PATIENCE_SECONDS, () => tell(leftover));
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
