// What `addTimeout` needs of a clock.

/**
 * A call that a {@linkcode Scheduler} will make, unless it is cancelled.
 * @category Tasks
 */
export interface ScheduledCall {
  /** Cancels the call. Throws if it was made or cancelled already. */
  cancel(): void;
  /** Whether it was neither made nor cancelled. */
  active(): boolean;
}

/**
 * Calls functions later: a reactor, or a `Clock` in a test.
 * @category Tasks
 */
export interface Scheduler {
  /**
   * Calls a function when the time has come, and not before this returns.
   * @param seconds from now, 0 or more
   */
  callLater<A extends unknown[]>(
    seconds: number,
    fn: (...args: A) => unknown,
    ...args: A
  ): ScheduledCall;
}
