/**
 * What can go wrong with a deferred itself, as opposed to the work it stands
 * for.
 *
 * Each class puts its name on its prototype, so that the name is already there
 * when the engine writes the first line of the stack.
 *
 * @module
 */

/** A deferred that has its result was fired again. */
export class AlreadyCalledError extends Error {
  static {
    this.prototype.name = "AlreadyCalledError";
  }

  /**
   * @param message what was called, and on what
   * @param options a `cause`, as for every `Error`
   */
  constructor(
    message: string =
      "This deferred has been fired already: a deferred has one result, so fire it once",
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
   * @param seconds how long was waited, in seconds
   * @param options a `cause`, as for every `Error`
   */
  constructor(seconds: number, options?: ErrorOptions) {
    super(
      `The deferred had no result after ${seconds} ${
        seconds === 1 ? "second" : "seconds"
      }`,
      options,
    );
    this.seconds = seconds;
  }
}
