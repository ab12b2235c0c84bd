/**
 * A call to be made by a {@linkcode Scheduler}.
 * @category Tasks
 */
export interface ScheduledCall {
  /** Throws if it was made or cancelled. */
  cancel(): void;
  /** Neither made nor cancelled. */
  active(): boolean;
}

/**
 * A reactor, or a test's `Clock`.
 * @category Tasks
 */
export interface Scheduler {
  /**
   * Calls a function later, and not before this returns.
   * @param seconds from now, 0 or more
   */
  callLater<A extends unknown[]>(
    seconds: number,
    fn: (...args: A) => unknown,
    ...args: A
  ): ScheduledCall;
}
