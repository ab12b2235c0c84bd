import { nameOfFunction } from "../../defer/text.ts";
import type { ScheduledCall } from "../../defer/mod.ts";
import { AlreadyCalled, AlreadyCancelled } from "../errors.ts";
import type { DelayedCall } from "../interfaces.ts";
// A circle of types, gone at run time.
import type { TimerQueue } from "./timer_queue.ts";

/** A user may have cancelled it: `getDelayedCalls()` exposes the library's calls. */
export function cancelPending(
  call: Pick<ScheduledCall, "active" | "cancel"> | undefined,
): void {
  if (call?.active()) call.cancel();
}

export class QueuedCall implements DelayedCall {
  #state: "pending" | "called" | "cancelled" = "pending";
  /** In the queue's heap. */
  entry: object | undefined = undefined;
  #queue: TimerQueue;
  #time: number;
  #fn: (...args: never[]) => unknown;
  #args: readonly unknown[];

  constructor(
    queue: TimerQueue,
    time: number,
    fn: (...args: never[]) => unknown,
    args: readonly unknown[],
  ) {
    this.#queue = queue;
    this.#time = time;
    this.#fn = fn;
    this.#args = args;
  }

  get called(): boolean {
    return this.#state === "called";
  }

  get cancelled(): boolean {
    return this.#state === "cancelled";
  }

  active(): boolean {
    return this.#state === "pending";
  }

  getTime(): number {
    return this.#time;
  }

  cancel(): void {
    this.#assertPending("cancel");
    this.#state = "cancelled";
    this.#queue.cancelled(this);
    this.#release();
  }

  reset(seconds: number): void {
    this.#assertPending("reset");
    this.#moveTo(this.#queue.seconds() + seconds, seconds);
  }

  delay(seconds: number): void {
    this.#assertPending("delay");
    this.#moveTo(this.#time + seconds, seconds);
  }

  make(): unknown {
    const fn = this.#fn;
    const args = this.#args;
    this.#state = "called";
    this.#release();
    // `callLater` has checked the types.
    return fn(...(args as never[]));
  }

  get functionName(): string {
    return nameOfFunction(this.#fn);
  }

  toString(): string {
    return `DelayedCall(${this.functionName || "anonymous function"})`;
  }

  #moveTo(time: number, seconds: number): void {
    if (Number.isNaN(time)) {
      throw new RangeError(`seconds must be a number, got ${seconds}`);
    }
    this.#time = time;
    this.#queue.moved(this);
  }

  #assertPending(wish: string): void {
    if (this.#state === "pending") return;
    const ErrorClass = this.called ? AlreadyCalled : AlreadyCancelled;
    const was = this.called ? "made" : "cancelled";
    const message = `Cannot ${wish} a delayed call that was ${was} already`;
    throw new ErrorClass(message);
  }

  /** What it refers to can be collected. */
  #release(): void {
    this.#fn = () => {};
    this.#args = [];
  }
}
