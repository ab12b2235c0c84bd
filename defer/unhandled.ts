/**
 * An errback can be added at any time, so an unhandled error is logged only when its
 * deferred is collected, or the program ends.
 * @module
 */

import { Failure, standIn } from "./failure.ts";
import { isFailure } from "./identity.ts";
import { atProgramEnd } from "./host.ts";
import { log } from "./log.ts";
import { debugging, historyOf } from "./noting.ts";
import { isError, readSafely, textOf } from "./text.ts";

/**
 * Once detached it holds neither the deferred nor the error, which may refer to that: it
 * would never be collected, nor the failure reported.
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

  /** Keeps only a copy. */
  detach(): void {
    const { value } = this.#kept;
    if (typeof value === "object" && value !== null) {
      this.#error = new WeakRef(value);
    }
    this.#kept = detachedCopy(this.#kept);
  }

  /** The failure, or one of its error, if still alive; else the copy. */
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

/** The program's end will report the rest. */
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

export function unwatch(owner: object): void {
  const unhandled = unhandledFailures.get(owner);
  if (unhandled === undefined) return;
  unhandledFailures.delete(owner);
  unreported.delete(unhandled);
  collected.unregister(owner);
}

/**
 * By the turn's end: deferreds are collected between turns. Most failures are handled by
 * then, and never copied.
 */
function detachPinned(): void {
  const left = pinned.filter((unhandled) => unreported.has(unhandled));
  pinned = [];
  for (const unhandled of left) unhandled.detach();
}

/**
 * Logs every error not handled so far, each once, without waiting: for tests.
 * @category Deferred
 */
export function reportUnhandledErrors(): void {
  for (const unhandled of [...unreported]) report(unhandled);
}

/** With its texts; the copy's error keeps nothing alive but other errors. */
function detachedCopy(original: Failure): Failure {
  return standIn(original, copyOf(original.value, new Map()));
}

type Copies = Map<object, unknown>;

function copyOf(value: unknown, copies: Copies): unknown {
  if (typeof value === "function") return textOf(value);
  if (typeof value !== "object" || value === null) return value;
  if (copies.has(value)) return copies.get(value);
  // No closure may be on the stack here: V8 keeps the stack's functions with every error,
  // and what closures refer to.
  try {
    return copyObject(value, copies);
  } catch {
    return textOf(value);
  }
}

function copyObject(original: object, copies: Copies): unknown {
  if (isFailure(original)) {
    const value = copyOf(original.value, copies);
    return new Failure(value, { raised: original.raised });
  }
  if (Array.isArray(original)) {
    return original.filter(isKept).map((element) => copyOf(element, copies));
  }
  const copy = emptyCopy(original);
  copies.set(original, copy);
  for (const key of Reflect.ownKeys(original)) {
    const value: unknown = readSafely(() => Reflect.get(original, key), "");
    if (!isKept(value)) continue;
    Object.defineProperty(copy, key, {
      value: copyOf(value, copies),
      configurable: true,
      enumerable: Object.prototype.propertyIsEnumerable.call(original, key),
      writable: true,
    });
  }
  return copy;
}

/** With the same prototype; an error to the engine as well. */
function emptyCopy(original: object): object {
  const prototype = Object.getPrototypeOf(original);
  return isError(original)
    ? Object.setPrototypeOf(new Error(), prototype)
    : Object.create(prototype);
}

/** Whether it is part of the error, not merely referred to. */
function isKept(value: unknown): boolean {
  if (typeof value === "function") return false;
  if (typeof value !== "object" || value === null) return true;
  return isError(value) || isFailure(value) || Array.isArray(value);
}
