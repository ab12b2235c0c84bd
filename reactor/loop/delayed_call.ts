/**
 * A call that is to be made later.
 *
 * @module
 */

import { nameOfFunction } from "../../defer/text.ts";
import { AlreadyCalled, AlreadyCancelled } from "../errors.ts";
import type { ScheduledCall } from "../../defer/mod.ts";

/** What a delayed call needs of the queue that it waits in. */
export interface DelayedCallQueue {
  /** The time, in seconds. */
  seconds(): number;
  /** The call is due at another time now. */
  moved(call: DelayedCall): void;
  /** The call will not be made. */
  cancelled(call: DelayedCall): void;
}

/**
 * Takes a call back, if it is still to come. Whoever has the clock may have
 * cancelled it before: `getDelayedCalls()` gives out the library's calls as well.
 */
export function cancelPending(
  call: Pick<ScheduledCall, "active" | "cancel"> | undefined,
): void {
  if (call?.active()) call.cancel();
}

/** Lets go of what a call held once it is over. */
function nothing(): void {}

/**
 * A call that is to be made later, as `callLater` returns it: Twisted's
 * `IDelayedCall`.
 */
export class DelayedCall implements ScheduledCall {
  #state: "pending" | "called" | "cancelled" = "pending";
  /** Where it is in the queue. Only the queue knows what that means. */
  place: unknown = undefined;
  #queue: DelayedCallQueue;
  #time: number;
  #fn: (...args: never[]) => unknown;
  #args: readonly unknown[];

  /**
   * Makes a pending call, without putting it into the queue.
   *
   * @param queue where the call waits
   * @param time when it is due, in the seconds of the queue
   * @param fn what to call
   * @param args what to call it with
   */
  constructor(
    queue: DelayedCallQueue,
    time: number,
    fn: (...args: never[]) => unknown,
    args: readonly unknown[],
  ) {
    this.#queue = queue;
    this.#time = time;
    this.#fn = fn;
    this.#args = args;
  }

  /** Whether the call was made. */
  get called(): boolean {
    return this.#state === "called";
  }

  /** Whether the call was cancelled. */
  get cancelled(): boolean {
    return this.#state === "cancelled";
  }

  /** Whether the call is still to come. */
  active(): boolean {
    return this.#state === "pending";
  }

  /** When the call is due, or was: seconds on the clock that makes it. */
  getTime(): number {
    return this.#time;
  }

  /**
   * Takes the call back.
   *
   * @throws {AlreadyCalled} if it was made
   * @throws {AlreadyCancelled} if it was cancelled before
   */
  cancel(): void {
    this.#mustBePending("cancel");
    this.#state = "cancelled";
    this.#release();
    this.#queue.cancelled(this);
  }

  /**
   * Puts the call off, or moves it nearer: it is due so long from now.
   *
   * @param seconds from now; less than 0 counts as 0
   * @throws {AlreadyCalled} if it was made
   * @throws {AlreadyCancelled} if it was cancelled
   */
  reset(seconds: number): void {
    this.#mustBePending("reset");
    this.#moveTo(this.#queue.seconds() + seconds, seconds);
  }

  /**
   * Puts the call off by so long from when it was due.
   *
   * @param seconds how much later; less than 0 moves it nearer
   * @throws {AlreadyCalled} if it was made
   * @throws {AlreadyCancelled} if it was cancelled
   */
  delay(seconds: number): void {
    this.#mustBePending("delay");
    this.#moveTo(this.#time + seconds, seconds);
  }

  /** Makes the call. For the queue, when the time has come. */
  make(): unknown {
    const fn = this.#fn;
    const args = this.#args;
    this.#state = "called";
    this.#release();
    // `callLater` checked the arguments against the function's parameters.
    return fn(...(args as never[]));
  }

  /** What it is, for a log. */
  toString(): string {
    return `DelayedCall(${nameOfFunction(this.#fn) || "anonymous function"})`;
  }

  #moveTo(time: number, seconds: number): void {
    if (Number.isNaN(time)) {
      throw new RangeError(`Seconds must be a number: this is ${seconds}`);
    }
    this.#time = time;
    this.#queue.moved(this);
  }

  #mustBePending(wish: string): void {
    if (this.#state === "pending") return;
    const ErrorClass = this.called ? AlreadyCalled : AlreadyCancelled;
    throw new ErrorClass(
      `Cannot ${wish} a delayed call that was ${
        this.called ? "made" : "cancelled"
      } already`,
    );
  }

  #release(): void {
    this.#fn = nothing;
    this.#args = [];
  }
}
