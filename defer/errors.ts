/**
 * Errors of deferreds themselves, as opposed to the work they stand for.
 *
 * Each class has its name on its prototype, so that it is there when the engine
 * writes the first line of the stack. Those that `Deferred` itself does without have
 * it from a getter, which bundlers can drop.
 *
 * @module
 */

import type { Failure } from "./failure.ts";

export const FIRED_AGAIN: string =
  "This deferred has been fired already: a deferred has one result, so fire it once";

/**
 * A deferred was fired twice.
 *
 * @category Deferred
 */
export class AlreadyCalledError extends Error {
  static {
    this.prototype.name = "AlreadyCalledError";
  }

  /**
   * Makes the error.
   *
   * @param message what was called, and on what
   * @param options a `cause`, as for every `Error`
   */
  constructor(
    message: string = FIRED_AGAIN,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/**
 * The result of a cancelled deferred, unless its canceller fired it.
 *
 * @category Deferred
 */
export class CancelledError extends Error {
  static {
    this.prototype.name = "CancelledError";
  }

  /**
   * Makes the error.
   *
   * @param message what was cancelled
   * @param options a `cause`, as for every `Error`
   */
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
 *
 * @category Deferred
 */
export class TimeoutError extends Error {
  static {
    this.prototype.name = "TimeoutError";
  }

  /** The time that was over, in seconds. */
  readonly seconds: number;

  /**
   * Makes the error.
   *
   * @param seconds the time that was over, in seconds
   * @param options a `cause`, as for every `Error`
   */
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
 *
 * @category Deferred
 */
export class FirstError extends Error {
  /** That of the class. */
  override get name(): string {
    return "FirstError";
  }

  /** What the deferred failed with. */
  readonly subFailure: Failure;
  /** Its index, from 0. */
  readonly index: number;

  /**
   * Makes the error.
   *
   * @param subFailure what the deferred failed with
   * @param index its index, from 0
   * @param options a `cause`; by default the error of `subFailure`
   */
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
 *
 * @category Deferred
 */
export class FailureGroup extends AggregateError {
  /** That of the class. */
  override get name(): string {
    return "FailureGroup";
  }

  /** In the order of the race's list. */
  readonly failures: readonly Failure[];

  /**
   * Makes the error.
   *
   * @param failures in the order of the race's list
   * @param options a `cause`, as for every `Error`
   */
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
 *
 * @category Deferred
 */
export class QueueOverflow extends Error {
  /** That of the class. */
  override get name(): string {
    return "QueueOverflow";
  }

  /** The queue's limit. */
  readonly size: number;

  /**
   * Makes the error.
   *
   * @param size the queue's limit
   * @param options a `cause`, as for every `Error`
   */
  constructor(size: number, options?: ErrorOptions) {
    super(`Cannot put into the queue: it is full, with ${size} kept`, options);
    this.size = size;
  }
}

/**
 * An empty `DeferredQueue` has as many waiting as it allows.
 *
 * @category Deferred
 */
export class QueueUnderflow extends Error {
  /** That of the class. */
  override get name(): string {
    return "QueueUnderflow";
  }

  /** The limit of those who wait. */
  readonly backlog: number;

  /**
   * Makes the error.
   *
   * @param backlog the limit of those who wait
   * @param options a `cause`, as for every `Error`
   */
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
 *
 * @category Deferred
 */
export class NotACoroutineError extends TypeError {
  /** That of the class. */
  override get name(): string {
    return "NotACoroutineError";
  }

  /**
   * Makes the error.
   *
   * @param message what was given instead
   * @param options a `cause`, as for every `Error`
   */
  constructor(
    message: string = "Cannot run it: it is not a coroutine",
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
