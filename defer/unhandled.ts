/**
 * Reports of errors that nobody has handled.
 *
 * An errback can be added any time later, so an error at the end of a chain is lost for
 * certain only when its deferred is collected or the program ends. It is logged then.
 * @module
 */

import { debugging, historyOf } from "./noting.ts";
import { Failure } from "./failure.ts";
import { detachedCopy } from "./detached_copy.ts";
import { atProgramEnd } from "./host.ts";
import { log } from "./log.ts";

/**
 * The failure at the end of a chain. Once detached it holds neither the deferred nor the
 * error, which may refer to the deferred: that would never be collected, and the failure
 * never be reported.
 */
class UnhandledFailure {
  readonly history: string;
  #failure: WeakRef<Failure>;
  /** The failure itself, or its detached copy. */
  #kept: Failure;
  #error: WeakRef<object> | undefined;

  constructor(failure: Failure, history: string) {
    this.history = history;
    this.#failure = new WeakRef(failure);
    this.#kept = failure;
  }

  holds(failure: Failure): boolean {
    return this.#failure.deref() === failure;
  }

  /** Keeps a copy alone. */
  detach(): void {
    const { value } = this.#kept;
    if (typeof value === "object" && value !== null) {
      this.#error = new WeakRef(value);
    }
    this.#kept = detachedCopy(this.#kept);
  }

  /** The failure if it is still alive, or one of its error, or the copy. */
  recall(): Failure {
    const failure = this.#failure.deref();
    if (failure !== undefined) return failure;
    const error = this.#error?.deref();
    const { raised } = this.#kept;
    return error === undefined ? this.#kept : new Failure(error, { raised });
  }
}

/** By deferred. */
const unhandledFailures = new WeakMap<object, UnhandledFailure>();

/** For the end of the program. */
const unreported = new Set<UnhandledFailure>();

/** Each is reported once, whatever chain it goes to next. */
const reported = new WeakSet<Failure>();

const collected = new FinalizationRegistry<UnhandledFailure>(report);

/** Not yet detached: those of this turn. */
let pinned: UnhandledFailure[] = [];

/** Whether the end of the program will report what is left. */
let awaitsEnd = false;

function report(unhandled: UnhandledFailure): void {
  if (!unreported.delete(unhandled)) return;
  const failure = unhandled.recall();
  reported.add(failure);
  log.err(failure, `Unhandled error in Deferred:${unhandled.history}`);
}

/** Called when `owner`'s chain has ended, for now, with `failure`. */
export function watch(owner: object, failure: Failure): void {
  // A callback that was added has let the failure pass.
  if (unhandledFailures.get(owner)?.holds(failure)) return;
  unwatch(owner);
  if (reported.has(failure)) return;
  const history = debugging.on ? historyOf(owner) : "";
  const unhandled = new UnhandledFailure(failure, history);
  unhandledFailures.set(owner, unhandled);
  collected.register(owner, unhandled, owner);
  unreported.add(unhandled);
  if (!awaitsEnd) atProgramEnd(reportUnhandledErrors);
  awaitsEnd = true;
  if (debugging.on) debugging.history?.afterGrace(() => report(unhandled));
  if (pinned.push(unhandled) === 1) queueMicrotask(detachPinned);
}

/** Called when the failure of `owner` was handled or taken over. */
export function unwatch(owner: object): void {
  const unhandled = unhandledFailures.get(owner);
  if (unhandled === undefined) return;
  unhandledFailures.delete(owner);
  unreported.delete(unhandled);
  collected.unregister(owner);
}

/**
 * Deferreds are collected between turns, so a failure has to be detached by the end of
 * its turn. Most have been handled by then, and are never copied.
 */
function detachPinned(): void {
  const left = pinned.filter((unhandled) => unreported.has(unhandled));
  pinned = [];
  for (const unhandled of left) unhandled.detach();
}

/**
 * Logs every error that no errback has handled so far, each once.
 *
 * Each is logged anyway when its deferred is collected, at the latest at the end of the
 * program. A test calls this to see them at once.
 * @category Deferred
 */
export function reportUnhandledErrors(): void {
  for (const unhandled of [...unreported]) report(unhandled);
}
