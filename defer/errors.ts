/**
 * What can go wrong with a deferred itself, as opposed to the work it stands
 * for.
 *
 * Each class puts its name on its prototype, so that the name is already there
 * when the engine writes the first line of the stack.
 *
 * @module
 */

import type { Failure } from "./failure.ts";

/** What an {@linkcode AlreadyCalledError} says. */
export const FIRED_AGAIN: string =
  "This deferred has been fired already: a deferred has one result, so fire it once";

/** A deferred that has its result was fired again. */
export class AlreadyCalledError extends Error {
  static {
    this.prototype.name = "AlreadyCalledError";
  }

  /**
   * Tells of one result too many.
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

/** The result of a deferred that was cancelled, unless its canceller gave another. */
export class CancelledError extends Error {
  static {
    this.prototype.name = "CancelledError";
  }

  /**
   * Tells of a cancelled deferred.
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
 * A deferred did not get its result in the time that `addTimeout` gave it.
 *
 * In Twisted this is `defer.TimeoutError`. A connection that could not be made
 * in time is another thing: a `ConnectTimeoutError`.
 */
export class TimeoutError extends Error {
  static {
    this.prototype.name = "TimeoutError";
  }

  /** How long was waited, in seconds. */
  readonly seconds: number;

  /**
   * Tells how long was waited.
   *
   * @param seconds how long was waited, in seconds
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

/** One deferred of several failed, and that decides for all of them. */
export class FirstError extends Error {
  static {
    this.prototype.name = "FirstError";
  }

  /** What the deferred failed with. */
  readonly subFailure: Failure;
  /** Where it stands among the others, from 0. */
  readonly index: number;

  /**
   * Tells which deferred failed, and with what.
   *
   * @param subFailure what the deferred failed with
   * @param index where it stands among the others, from 0
   * @param options a `cause`; the error of `subFailure` unless given
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

/** None of the deferreds of a race has won: each of them failed. */
export class FailureGroup extends AggregateError {
  static {
    this.prototype.name = "FailureGroup";
  }

  /** What each of them failed with, in the order of the race's list. */
  readonly failures: readonly Failure[];

  /**
   * Tells what each deferred failed with.
   *
   * @param failures what each of them failed with
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

/** A queue was given one thing more than it may keep. */
export class QueueOverflow extends Error {
  static {
    this.prototype.name = "QueueOverflow";
  }

  /** How much it may keep. */
  readonly size: number;

  /**
   * Tells of a thing that found no room.
   *
   * @param size how much the queue may keep
   * @param options a `cause`, as for every `Error`
   */
  constructor(size: number, options?: ErrorOptions) {
    super(`Cannot put into the queue: it is full, with ${size} kept`, options);
    this.size = size;
  }
}

/** A queue that has nothing was asked once more than may wait for it. */
export class QueueUnderflow extends Error {
  static {
    this.prototype.name = "QueueUnderflow";
  }

  /** How many may wait. */
  readonly backlog: number;

  /**
   * Tells of a request that found no room in the line.
   *
   * @param backlog how many may wait for the queue
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

/** What was to be run is no coroutine, nor anything that stands for one. */
export class NotACoroutineError extends TypeError {
  static {
    this.prototype.name = "NotACoroutineError";
  }

  /**
   * Tells what could not be run.
   *
   * @param message what was given instead
   * @param options a `cause`, as for every `Error`
   */
  constructor(
    message: string = "Cannot run what is no coroutine",
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
