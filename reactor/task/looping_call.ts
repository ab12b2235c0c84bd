import { checkFunction } from "../../defer/checks.ts";
import { nameOfFunction } from "../../defer/text.ts";
import { Deferred, type Failure, maybeDeferred } from "../../defer/mod.ts";
import { checkClock, checkSeconds } from "../checks.ts";
import type { DelayedCall, ReactorTime } from "../interfaces.ts";
import { cancelPending } from "../loop/delayed_call.ts";

/** Of one `start()`, until its deferred has fired. */
interface Run<Loop> {
  readonly deferred: Deferred<Loop>;
  interval: number;
  readonly now: boolean;
  /** Where the grid begins; `reset()` moves it. */
  startTime: number;
  /** Missing during a call. */
  call: DelayedCall | undefined;
}

/**
 * Calls a function at regular intervals: Twisted's `task.LoopingCall`. The calls stay on
 * the grid that begins with `start()`: one whose time has passed is skipped. A call lasts
 * until the deferred or the promise that it returns is done; the next one waits for it.
 * @example
 * ```ts
 * import { Clock, LoopingCall } from "@deferno/deferno";
 *
 * const clock = new Clock();
 * let ticks = 0;
 * const loop = new LoopingCall(clock, () => ticks++);
 * loop.start(2);
 * clock.pump([2, 2]);
 * loop.stop();
 * console.assert(ticks === 3);
 * ```
 * @category Tasks
 */
export class LoopingCall<A extends unknown[] = []> {
  /** Replaceable while the loop does not run. */
  clock: ReactorTime;
  #fn: (...args: A) => unknown;
  #args: A;
  #name: string;
  #interval: number | undefined;
  #run: Run<this> | undefined;
  /** Of the last call of `withCount`'s function. */
  #countedTime: number | undefined;

  /**
   * Does not run it yet.
   * @throws {TypeError} if `clock` has no `callLater`, or `fn` is not a function
   */
  constructor(clock: ReactorTime, fn: (...args: A) => unknown, ...args: A) {
    checkClock("LoopingCall", clock);
    checkFunction("LoopingCall: fn", fn);
    this.clock = clock;
    this.#fn = fn;
    this.#args = args;
    this.#name = nameOf(fn);
  }

  /**
   * Makes a loop whose function gets the number of intervals since its last call: more
   * than 1 if calls were skipped.
   */
  static withCount(
    clock: ReactorTime,
    fn: (count: number) => unknown,
  ): LoopingCall {
    const loop: LoopingCall = new LoopingCall(clock, () => {
      const count = loop.#count();
      return count > 0 ? fn(count) : undefined;
    });
    loop.#name = nameOf(fn);
    return loop;
  }

  /** Started and not stopped. */
  get running(): boolean {
    return this.#run !== undefined;
  }

  /**
   * In seconds. In a running loop, a new one applies after the next call, on a grid that
   * begins where the old one did.
   */
  get interval(): number | undefined {
    return this.#interval;
  }

  set interval(seconds: number) {
    checkSeconds("interval", seconds);
    this.#interval = seconds;
    if (this.#run !== undefined) this.#run.interval = seconds;
  }

  /**
   * Starts the loop.
   * @param interval seconds between two calls; 0 for as often as possible
   * @param now whether the first call is made now
   * @returns fires with this loop when it is stopped; fails, and ends the loop, if the
   *   function does. Cancelling it leaves the loop running
   * @throws {Error} if it is running
   * @throws {RangeError} if `interval` is less than 0 or `NaN`
   */
  start(interval: number, now: boolean = true): Deferred<this> {
    if (this.running) throw new Error(`Cannot start ${this}: it is running`);
    checkSeconds("interval", interval);
    const startTime = this.clock.seconds();
    const deferred = new Deferred<this>();
    const run = { deferred, interval, now, startTime, call: undefined };
    this.#run = run;
    this.#interval = interval;
    if (now) this.#call(run);
    else this.#schedule(run, startTime);
    return deferred;
  }

  /**
   * Stops the loop. The deferred of `start()` fires before this returns, or, during a
   * call, after that.
   * @throws {Error} if it is not running
   */
  stop(): void {
    const run = this.#assertRunning("stop");
    this.#run = undefined;
    if (run.call === undefined) return;
    cancelPending(run.call);
    this.#finish(run);
  }

  /**
   * Moves the grid: the next call is one interval from now. Does nothing during a call.
   * @throws {Error} if the loop is not running
   */
  reset(): void {
    const run = this.#assertRunning("reset");
    if (run.call === undefined) return;
    run.startTime = this.clock.seconds();
    if (run.call.active()) run.call.reset(run.interval);
    else this.#schedule(run, run.startTime);
  }

  /** `LoopingCall<2>(beat, "x")`: interval, function, arguments. */
  toString(): string {
    const call = [this.#name, ...this.#args.map(shown)].join(", ");
    return `LoopingCall<${this.#interval}>(${call})`;
  }

  #assertRunning(wish: string): Run<this> {
    if (this.#run !== undefined) return this.#run;
    throw new Error(`Cannot ${wish} ${this}: it is not running`);
  }

  #call(run: Run<this>): void {
    run.call = undefined;
    maybeDeferred(this.#fn, ...this.#args)
      .addCallback(() => {
        if (this.#run === run) this.#schedule(run, this.clock.seconds());
        else this.#finish(run);
      })
      .addErrback((failure) => this.#fail(run, failure));
  }

  #schedule(run: Run<this>, time: number): void {
    const seconds = secondsToGrid(time, run);
    run.call = this.clock.callLater(seconds, () => this.#call(run));
  }

  #finish(run: Run<this>): void {
    if (!run.deferred.called) run.deferred.callback(this);
  }

  #fail(run: Run<this>, failure: Failure): void {
    if (this.#run === run) this.#run = undefined;
    // After a cancel the error is logged, as of a deferred without an errback.
    const { deferred } = run;
    (deferred.called ? new Deferred<this>() : deferred).errback(failure);
  }

  /** Points of the grid since the last count over 0. */
  #count(): number {
    const run = this.#assertRunning("count the calls of");
    const now = this.clock.seconds();
    if (run.interval === 0) {
      this.#countedTime = now;
      return 1;
    }
    const last = this.#countedTime ??
      (run.now ? run.startTime - run.interval : run.startTime);
    const count = intervalsUntil(now, run) - intervalsUntil(last, run);
    if (count > 0) this.#countedTime = now;
    return count;
  }
}

type Grid = Pick<Run<unknown>, "startTime" | "interval">;

function intervalsUntil(time: number, { startTime, interval }: Grid): number {
  return Math.trunc((time - startTime) / interval);
}

/** From `time` to the grid's next point. */
function secondsToGrid(time: number, { startTime, interval }: Grid): number {
  if (interval === 0) return 0;
  const seconds = interval - (time - startTime) % interval;
  // A remainder lost in rounding would call twice at the same time.
  return time + seconds === time ? interval : seconds;
}

// deno-lint-ignore ban-types -- any function has a name
function nameOf(fn: Function): string {
  return nameOfFunction(fn) || "anonymous function";
}

function shown(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "function") return nameOf(value);
  try {
    return String(value);
  } catch {
    return "an object";
  }
}
