/**
 * A class has its name on its prototype, where it is when the engine writes the stack's
 * first line; those that `Deferred` does without from a getter, which bundlers can drop.
 * @module
 */

import type { Failure } from "./failure.ts";

export const FIRED_AGAIN: string = "This deferred was fired already";

/**
 * A deferred was fired twice.
 * @category Deferred
 */
export class AlreadyCalledError extends Error {
  /** Says what was called, and on what. */
  constructor(message: string = FIRED_AGAIN, options?: ErrorOptions) {
    super(message, options);
  }
}

/**
 * The result of a cancelled deferred, unless its canceller fired it.
 * @category Deferred
 */
export class CancelledError extends Error {
  /** Says what was cancelled. */
  constructor(
    message: string = "The deferred was cancelled",
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/**
 * No result in the time of `addTimeout`: Twisted's `defer.TimeoutError`. For connections
 * see `ConnectTimeoutError`.
 * @category Deferred
 */
export class TimeoutError extends Error {
  /** In seconds. */
  readonly seconds: number;

  /** Says how many seconds. */
  constructor(seconds: number, options?: ErrorOptions) {
    super(
      `No result after ${seconds} ${seconds === 1 ? "second" : "seconds"}`,
      options,
    );
    this.seconds = seconds;
  }
}

const classes = { AlreadyCalledError, CancelledError, TimeoutError };
for (const [name, { prototype }] of Object.entries(classes)) {
  prototype.name = name;
}

/**
 * The first failure of several deferreds.
 * @category Deferred
 */
export class FirstError extends Error {
  /** The class's name. */
  override get name(): string {
    return "FirstError";
  }

  /** What it failed with. */
  readonly subFailure: Failure;
  /** Its index, from 0. */
  readonly index: number;

  /** `cause` is by default the error of `subFailure`. */
  constructor(subFailure: Failure, index: number, options?: ErrorOptions) {
    super(
      `Deferred ${index} was the first to fail: ${subFailure.getErrorMessage()}`,
      { cause: subFailure.value, ...options },
    );
    this.subFailure = subFailure;
    this.index = index;
  }
}

/**
 * All deferreds of a race have failed.
 * @category Deferred
 */
export class FailureGroup extends AggregateError {
  /** The class's name. */
  override get name(): string {
    return "FailureGroup";
  }

  /** As in the race's list. */
  readonly failures: readonly Failure[];

  /** Makes the error. */
  constructor(failures: readonly Failure[], options?: ErrorOptions) {
    super(
      failures.map(({ value }) => value),
      `All deferreds of the race have failed: there were ${failures.length}`,
      options,
    );
    this.failures = failures;
  }
}

/**
 * A full `DeferredQueue` was put into.
 * @category Deferred
 */
export class QueueOverflow extends Error {
  /** The class's name. */
  override get name(): string {
    return "QueueOverflow";
  }

  /** The queue's limit. */
  readonly size: number;

  /** Says the limit. */
  constructor(size: number, options?: ErrorOptions) {
    super(`Cannot put into the queue: it is full, with ${size} kept`, options);
    this.size = size;
  }
}

/**
 * An empty `DeferredQueue` has its limit of waiters.
 * @category Deferred
 */
export class QueueUnderflow extends Error {
  /** The class's name. */
  override get name(): string {
    return "QueueUnderflow";
  }

  /** The limit of waiters. */
  readonly backlog: number;

  /** Says the limit. */
  constructor(backlog: number, options?: ErrorOptions) {
    super(
      `Cannot get from the queue: it is empty, with ${backlog} waiting`,
      options,
    );
    this.backlog = backlog;
  }
}

/**
 * `ensureDeferred` got something that is not a coroutine.
 * @category Deferred
 */
export class NotACoroutineError extends TypeError {
  /** The class's name. */
  override get name(): string {
    return "NotACoroutineError";
  }

  /** Says what it was. */
  constructor(
    message: string = "Cannot run it: it is not a coroutine",
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
