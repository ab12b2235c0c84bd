/**
 * Reports of errors that nobody has handled. An errback can be added any time later, so
 * an error is lost for certain only when its deferred is collected or the program ends;
 * it is logged then.
 * @module
 */

import { debugging, historyOf } from "./noting.ts";
import { Failure } from "./failure.ts";
import { detachedCopy } from "./detached_copy.ts";
import { atProgramEnd } from "./host.ts";
import { log } from "./log.ts";

/**
 * The failure at the end of a chain. Once detached it holds neither the deferred nor the
 * error, which may refer to the deferred: that would never be collected, nor the failure
 * reported.
 */
class UnhandledFailure {
  readonly history: string;
  #failure: WeakRef<Failure>;
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

  /** The failure if still alive, or one of its error, or the copy. */
  recall(): Failure {
    const failure = this.#failure.deref();
    if (failure !== undefined) return failure;
    const error = this.#error?.deref();
    const { raised } = this.#kept;
    return error === undefined ? this.#kept : new Failure(error, { raised });
  }
}

const unhandledFailures = new WeakMap<object, UnhandledFailure>();

const unreported = new Set<UnhandledFailure>();

/** Once each, whatever chain it goes to next. */
const reported = new WeakSet<Failure>();

const collected = new FinalizationRegistry<UnhandledFailure>(report);

/** This turn's, not yet detached. */
let pinned: UnhandledFailure[] = [];

/** Whether the program's end will report the rest. */
let awaitsEnd = false;

function report(unhandled: UnhandledFailure): void {
  if (!unreported.delete(unhandled)) return;
  const failure = unhandled.recall();
  reported.add(failure);
  log.err(failure, `Unhandled error in Deferred:${unhandled.history}`);
}

/** The chain of `owner` has ended, for now, with `failure`. */
export function watch(owner: object, failure: Failure): void {
  // An added callback has let it pass.
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

/** It was handled or taken over. */
export function unwatch(owner: object): void {
  const unhandled = unhandledFailures.get(owner);
  if (unhandled === undefined) return;
  unhandledFailures.delete(owner);
  unreported.delete(unhandled);
  collected.unregister(owner);
}

/**
 * Deferreds are collected between turns, so a failure is detached by the end of its turn.
 * Most were handled by then, and are never copied.
 */
function detachPinned(): void {
  const left = pinned.filter((unhandled) => unreported.has(unhandled));
  pinned = [];
  for (const unhandled of left) unhandled.detach();
}

/**
 * Logs every error not handled so far, each once: for a test, that need not wait for
 * collection, or the program's end.
 * @category Deferred
 */
export function reportUnhandledErrors(): void {
  for (const unhandled of [...unreported]) report(unhandled);
}
