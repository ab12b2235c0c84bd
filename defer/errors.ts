/**
 * Errors of deferreds themselves, as opposed to the work they stand for. A class has its
 * name on its prototype, where it is when the engine writes the stack's first line; those
 * that `Deferred` itself does without from a getter, which bundlers can drop.
 * @module
 */

import type { Failure } from "./failure.ts";

export const FIRED_AGAIN: string = "This deferred was fired already";

/**
 * A deferred was fired twice.
 * @category Deferred
 */
export class AlreadyCalledError extends Error {
  static {
    this.prototype.name = "AlreadyCalledError";
  }

  /** Makes the error, of what was called, and on what. */
  constructor(
    message: string = FIRED_AGAIN,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/**
 * The result of a cancelled deferred, unless its canceller fired it.
 * @category Deferred
 */
export class CancelledError extends Error {
  static {
    this.prototype.name = "CancelledError";
  }

  /** Makes the error, of what was cancelled. */
  constructor(
    message: string = "The deferred was cancelled",
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/**
 * A deferred had no result within the time of `addTimeout`: Twisted's
 * `defer.TimeoutError`. For connections see `ConnectTimeoutError`.
 * @category Deferred
 */
export class TimeoutError extends Error {
  static {
    this.prototype.name = "TimeoutError";
  }

  /** The time that was over, in seconds. */
  readonly seconds: number;

  /** Makes the error, of a time in seconds. */
  constructor(seconds: number, options?: ErrorOptions) {
    super(
      `No result after ${seconds} ${seconds === 1 ? "second" : "seconds"}`,
      options,
    );
    this.seconds = seconds;
  }
}

/**
 * The first failure of several deferreds.
 * @category Deferred
 */
export class FirstError extends Error {
  /** The name of the class. */
  override get name(): string {
    return "FirstError";
  }

  /** What the deferred failed with. */
  readonly subFailure: Failure;
  /** Its index, from 0. */
  readonly index: number;

  /** Makes the error; its `cause` is the error of `subFailure` by default. */
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
  /** The name of the class. */
  override get name(): string {
    return "FailureGroup";
  }

  /** In the order of the race's list. */
  readonly failures: readonly Failure[];

  /** Makes the error, of failures in the order of the race's list. */
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
  /** The name of the class. */
  override get name(): string {
    return "QueueOverflow";
  }

  /** The queue's limit. */
  readonly size: number;

  /** Makes the error, of the queue's limit. */
  constructor(size: number, options?: ErrorOptions) {
    super(`Cannot put into the queue: it is full, with ${size} kept`, options);
    this.size = size;
  }
}

/**
 * An empty `DeferredQueue` has as many waiting as it allows.
 * @category Deferred
 */
export class QueueUnderflow extends Error {
  /** The name of the class. */
  override get name(): string {
    return "QueueUnderflow";
  }

  /** The limit of those who wait. */
  readonly backlog: number;

  /** Makes the error, of the limit of those who wait. */
  constructor(backlog: number, options?: ErrorOptions) {
    super(
      `Cannot get from the queue: it is empty, with ${backlog} waiting`,
      options,
    );
    this.backlog = backlog;
  }
}

/**
 * `ensureDeferred` was called with something that is not a coroutine.
 * @category Deferred
 */
export class NotACoroutineError extends TypeError {
  /** The name of the class. */
  override get name(): string {
    return "NotACoroutineError";
  }

  /** Makes the error, of what was given instead. */
  constructor(
    message: string = "Cannot run it: it is not a coroutine",
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
