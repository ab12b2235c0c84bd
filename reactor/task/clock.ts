import type { DelayedCall, ReactorTime } from "../interfaces.ts";
import { TimerQueue } from "../loop/timer_queue.ts";

/**
 * Stands still until advanced: Twisted's `task.Clock`. With it for a reactor, testing a
 * timeout takes no time.
 * @example
 * ```ts
 * import { Clock } from "@deferno/deferno";
 *
 * const clock = new Clock();
 * let isOver = false;
 * clock.callLater(2, () => isOver = true);
 * clock.advance(1.5);
 * console.assert(!isOver);
 * clock.advance(0.5);
 * console.assert(isOver);
 * ```
 * @category Tasks
 */
export class Clock implements ReactorTime {
  #time = 0;
  #queue: TimerQueue = new TimerQueue(() => this.#time);

  seconds(): number {
    return this.#time;
  }

  /**
   * Calls `fn(...args)` when advanced so far.
   * @param seconds from now; less than 0 is due at the next `advance`
   * @throws {TypeError} if `fn` is not a function
   * @throws {RangeError} if `seconds` is `NaN`
   */
  callLater<A extends unknown[]>(
    seconds: number,
    fn: (...args: A) => unknown,
    ...args: A
  ): DelayedCall {
    return this.#queue.add(seconds, fn, args);
  }

  getDelayedCalls(): DelayedCall[] {
    return this.#queue.calls();
  }

  /**
   * Advances the time, then makes the calls that are due, in order. All see the new time;
   * one added meanwhile is made too if due. What a call throws is thrown here; the calls
   * behind it wait for the next `advance`.
   */
  advance(seconds: number): void {
    this.#time += seconds;
    const next = () => this.#queue.takeDue();
    for (let call = next(); call !== undefined; call = next()) call.make();
  }

  /** Advances by each of the steps, in seconds. */
  pump(steps: Iterable<number>): void {
    for (const seconds of steps) this.advance(seconds);
  }
}
