/**
 * The one thing a deferred ever asks of a clock.
 *
 * @module
 */

/** A call that a {@linkcode Scheduler} will make, unless it is cancelled before. */
export interface ScheduledCall {
  /** Takes the call back. Throws if it was made or cancelled already. */
  cancel(): void;
  /** Whether the call is still to come. */
  active(): boolean;
}

/**
 * Anything that can call a function later: a reactor, or a `Clock` in a test.
 *
 * Nothing under defer/ knows the time. Whoever wants a timeout hands in what
 * keeps the time for it.
 */
export interface Scheduler {
  /**
   * Calls `fn` with `args` when the time has come, and not before this
   * returns.
   *
   * @param seconds from now, 0 or more
   * @param fn what to call
   * @param args what to call it with
   */
  callLater<A extends unknown[]>(
    seconds: number,
    fn: (...args: A) => unknown,
    ...args: A
  ): ScheduledCall;
}
