/**
 * The deferred: a result that is not there yet, and the callbacks for it.
 *
 * @module
 */

import { checkFunction, mustBe } from "./checks.ts";
import { debugging, historyOf, noteCreation, noteFiring } from "./debugging.ts";
import { AlreadyCalledError, CancelledError, FIRED_AGAIN } from "./errors.ts";
import { Failure, isFailure } from "./failure.ts";
import { inLine } from "./preview.ts";
import { numberOf, printAsText } from "./inspect.ts";
import { log } from "./log.ts";
import { whenSettled } from "./promise.ts";
import { recorded, recordOf } from "./record.ts";
import type { Scheduler } from "./scheduler.ts";
import { classNameOf, nameOfFunction } from "./text.ts";
import { isThenable } from "./thenable.ts";
import { addTimeout } from "./timeout.ts";
import { unwatch, watch } from "./unhandled.ts";

/**
 * What a chain goes on with after a callback that returned `R`: a deferred or
 * a promise is waited for, and a failure goes to the errbacks.
 */
export type Chained<R> = Exclude<Awaited<R>, Failure>;

/**
 * What the canceller of a deferred is: told to stop the work, given the deferred.
 * If it returns a promise, that is waited for.
 */
export type Canceller<T> = (deferred: Deferred<T>) => void;

// Where a deferred is in its life.
/** It has no result. */
const WAITING = 0;
/** It has none yet, and its canceller is being called. */
const CANCELLING = 1;
/** It has a result, and no callback is running. */
const FIRED = 2;
/** One of its callbacks is running, or a deferred that it gave its result to. */
const RUNNING = 3;
/** A callback returned a deferred that has no result yet. */
const CHAINED = 4;

// What else is true of it, whatever its state.
/** Another deferred waits, or once waited, for this one's result. */
const WAITED_FOR = 1;
/** It was cancelled without a canceller: one late result is to be ignored. */
const LATE_RESULT_DUE = 2;
/** Its failure is being watched, to be logged if nobody handles it. */
const WATCHED = 4;
// From here on a mark has a say in which stage is next, so these stay the highest.
/** What its stages do is being recorded. */
const TRACED = 8;
/** It is paused. Each `pause()` adds this once, so it has to be the last. */
const PAUSED = 16;

/** A callback or an errback, seen from inside: any value in, any value out. */
type Callable = (result: unknown, ...args: unknown[]) => unknown;

/**
 * One stage of a chain: what runs if the result so far is a value, and what
 * runs if it is a failure. A side that is missing lets the result pass.
 *
 * The stages of a deferred are a linked list, which costs one small object a
 * stage and nothing to take the first one off. The class stands here because
 * the engine reaches what a module imports by four loads, and what it declares
 * by one, and there is a stage for every callback.
 */
class Stage {
  next: Stage | null = null;
  readonly callback: Callable | undefined;
  readonly errback: Callable | undefined;

  constructor(callback: Callable | undefined, errback: Callable | undefined) {
    this.callback = callback;
    this.errback = errback;
  }
}

/** A stage that calls the functions it was given by way of others. */
class WrappedStage extends Stage {
  /** The functions as they were given, for who wants to know their names. */
  readonly given: Sides<Callable | undefined>;

  constructor(
    callback: Callable | undefined,
    errback: Callable | undefined,
    given: Sides<Callable | undefined>,
  ) {
    super(callback, errback);
    this.given = given;
  }
}

/** What there is of each side of a stage. */
interface Sides<What> {
  callback: What;
  errback: What;
}

/**
 * Stands in the place of a canceller where the result comes from other
 * deferreds: they are cancelled, and then give the result as they always do.
 */
export interface CancelDelegate {
  /**
   * Cancels the others, or gives the one that is to be cancelled. That one is
   * not cancelled here because then each deferred in a row would take some of
   * the stack.
   */
  cancel(): Deferred<unknown> | undefined;
  /**
   * Asked where the others have brought no result: the deferred that the
   * cancelled one waits for from now on, or `undefined` if nothing has changed.
   */
  successor(): Deferred<unknown> | undefined;
}

/** What makes another deferred's result of the results it is given. */
export interface Recipient {
  /** What its stages are called in a description. */
  readonly name: string;
  /**
   * Takes a result in. The deferred that this has settled is returned, if any:
   * its chain runs before the rest of the giver's, and not inside of it.
   */
  receive(result: unknown, index: number): Deferred<unknown> | undefined;
  /** Makes what the giver goes on with. */
  rest(result: unknown): unknown;
}

/** What a deferred has that waits for the result of another, by `chainDeferred`. */
class Chainee {
  /** What it had before: a canceller or a delegate, if anything. */
  readonly canceller: CancellerInside;
  readonly source: Deferred<unknown>;

  constructor(canceller: CancellerInside, source: Deferred<unknown>) {
    this.canceller = canceller;
    this.source = source;
  }
}

/** The imported switch, within reach: every deferred looks at it twice. */
const debug = debugging;

/** The states by their names. */
const STATES = [
  "waiting",
  "cancelling",
  "fired",
  "running",
  "chained",
] as const;

/** What a deferred looks like from inside, for those who print it. */
export interface Snapshot {
  readonly state: (typeof STATES)[number];
  /** How many `unpause()` are due. */
  readonly pauses: number;
  /** The result, or the deferred that is waited for. */
  readonly value: unknown;
  /** The names of the functions still to run; `undefined` where a side is missing. */
  readonly chain: Sides<string | undefined>[];
}

// What the class below lets this folder's other files see and do.
/** Looks into a deferred. */
export let snapshotOf: (d: Deferred<unknown>) => Snapshot;
/** Takes a result over that is there now; `PENDING` where it is not. */
export let takeResult: (d: Deferred<unknown>) => unknown;
/** From now on, what the stages of a deferred do is recorded. */
export let startRecord: (d: Deferred<unknown>) => void;
/** From now on, cancelling a deferred is up to a delegate. */
export let delegateCancelling: (
  d: Deferred<unknown>,
  delegate: CancelDelegate,
) => void;
/**
 * Fires a deferred without running its chain. It is returned if that can go on,
 * and whoever gets it has to see to that.
 */
export let settle: (
  d: Deferred<unknown>,
  result: unknown,
) => Deferred<unknown> | undefined;
/** Runs the chain of a deferred that was settled. */
export let runSettled: (d: Deferred<unknown>) => void;
/** Adds a stage that hands the result to a recipient. */
export let relay: (
  d: Deferred<unknown>,
  recipient: Recipient,
  index: number,
) => void;

/**
 * A result that is not there yet, with a chain of callbacks for the value and
 * errbacks for the failure: Twisted's `twisted.internet.defer.Deferred`.
 *
 * Callbacks run at once and in order: inside `callback()` or `errback()`, or,
 * where the result is already there, inside the `add…` that adds them. Each
 * gets what the one before it returned. What a callback throws goes to the next
 * errback; what an errback returns goes to the next callback. A callback may
 * return another deferred, or a promise: then the chain waits for it.
 *
 * Each `add…` returns the deferred itself, retyped to what the chain now gives.
 *
 * @example
 * ```ts
 * import { Deferred } from "@deferno/deferno";
 *
 * const d = new Deferred<string>();
 * let served = 0;
 * d.addCallback((poem) => poem.split("\n").length)
 *   .addCallback((lines) => served = lines)
 *   .addErrback((failure) => console.error(failure.getErrorMessage()));
 * d.callback("First line,\nsecond line.");
 * console.assert(served === 2);
 * ```
 *
 * @typeParam T what the deferred gives its next callback
 */
export class Deferred<T = unknown> implements PromiseLike<T> {
  #state: number = WAITING;
  /** The marks above, added up. */
  #marks = 0;
  /**
   * What belongs to the state: the canceller while it waits, then the result,
   * and in between, while it is chained, the deferred that will bring it. There
   * can be very many deferreds, so what is never there together shares a field.
   */
  #value: unknown;
  #first: Stage | null = null;
  #last: Stage | null = null;

  /**
   * Makes a deferred that has no result yet.
   *
   * @param canceller called by `cancel()` with the deferred, to stop the work
   *   that it stands for; it may fire the deferred itself
   */
  constructor(canceller?: Canceller<T>) {
    if (canceller != null) callable("Deferred: canceller", canceller);
    this.#value = canceller;
    if (debug.on) noteCreation(this);
  }

  /**
   * A deferred that fires when a promise settles.
   *
   * @param promise what to wait for; once it is here, nobody else need handle
   *   its rejection
   * @param canceller as for the constructor; what the promise gives after a
   *   `cancel()` is dropped
   *
   * @example
   * ```ts
   * import { Deferred } from "@deferno/deferno";
   *
   * const d = Deferred.fromPromise(Promise.resolve(3));
   * console.assert(await d === 3);
   * ```
   */
  static fromPromise<T>(
    promise: PromiseLike<T>,
    canceller?: Canceller<T>,
  ): Deferred<T> {
    const d = new Deferred<T>(canceller);
    whenSettled(promise, (result) => {
      if (!d.called) d.#fire(result);
    });
    return d;
  }

  /** Whether it was fired: by `callback()`, `errback()` or `cancel()`. */
  get called(): boolean {
    return this.#state > CANCELLING;
  }

  /**
   * Adds a stage to the chain: `callback` for a value, `errback` for a failure.
   *
   * An error out of `callback` goes to the errback of the *next* stage, not to
   * its own.
   *
   * @param callback called with the value; missing, the value passes
   * @param errback called with the failure; missing, the failure passes
   * @param callbackArgs what `callback` gets after the value
   * @param errbackArgs what `errback` gets after the failure
   * @throws {TypeError} if one of the two is no function
   */
  addCallbacks<
    R = T,
    E = never,
    A extends unknown[] = [],
    B extends unknown[] = [],
  >(
    callback: ((result: T, ...args: A) => R) | null | undefined,
    errback?: ((failure: Failure, ...args: B) => E) | null,
    callbackArgs?: A,
    errbackArgs?: B,
  ): Deferred<Chained<R> | Chained<E>> {
    const onValue = optional("addCallbacks: callback", callback);
    const onFailure = optional("addCallbacks: errback", errback);
    const args = { callback: callbackArgs ?? [], errback: errbackArgs ?? [] };
    return this.#add(
      args.callback.length === 0 && args.errback.length === 0
        ? new Stage(onValue, onFailure)
        : stageWithArguments(onValue, onFailure, args),
    );
  }

  /**
   * Adds a callback to the chain. A failure passes it by.
   *
   * @param callback called with the value so far
   * @param args what `callback` gets after the value
   * @throws {TypeError} if `callback` is no function
   */
  addCallback<R, A extends unknown[]>(
    callback: (result: T, ...args: A) => R,
    ...args: A
  ): Deferred<Chained<R>> {
    const fn = callable("addCallback: callback", callback);
    return this.#add(
      args.length === 0
        ? new Stage(fn, undefined)
        : stageWith(fn, undefined, ...args),
    );
  }

  /**
   * Adds an errback to the chain. A value passes it by. If it returns, the
   * failure has been handled, and the chain goes on with what it returned.
   *
   * @param errback called with the failure so far
   * @param args what `errback` gets after the failure
   * @throws {TypeError} if `errback` is no function
   */
  addErrback<R, A extends unknown[]>(
    errback: (failure: Failure, ...args: A) => R,
    ...args: A
  ): Deferred<T | Chained<R>> {
    const fn = callable("addErrback: errback", errback);
    return this.#add(
      args.length === 0
        ? new Stage(undefined, fn)
        : stageWith(undefined, fn, ...args),
    );
  }

  /**
   * Adds one function as callback and as errback: what has to be done however
   * it went.
   *
   * @param callback called with the value or the failure so far
   * @param args what `callback` gets after it
   * @throws {TypeError} if `callback` is no function
   */
  addBoth<R, A extends unknown[]>(
    callback: (result: T | Failure, ...args: A) => R,
    ...args: A
  ): Deferred<Chained<R>> {
    const fn = callable("addBoth: callback", callback);
    return this.#add(
      args.length === 0 ? new Stage(fn, fn) : stageWith(fn, fn, ...args),
    );
  }

  /**
   * Cancels the deferred if the chain so far has no result in time: what was
   * added before is given up, what is added later gets a
   * {@linkcode TimeoutError}.
   *
   * @param seconds from now, 0 or more
   * @param clock keeps the time: a reactor, or a `Clock`
   * @param onTimeoutCancel if the time was up, called with the result that the
   *   cancelling brought and with `seconds`; what it returns or throws becomes
   *   the result. Missing, a `CancelledError` becomes a `TimeoutError` and any
   *   other result stays.
   *
   * @example
   * ```ts
   * import { Clock, Deferred, TimeoutError } from "@deferno/deferno";
   *
   * const clock = new Clock();
   * const d = new Deferred().addTimeout(5, clock);
   * clock.advance(5);
   * d.addErrback((failure) => void failure.trap(TimeoutError));
   * ```
   */
  addTimeout(
    seconds: number,
    clock: Scheduler,
    onTimeoutCancel?: (result: T | Failure, seconds: number) => unknown,
  ): this {
    if (onTimeoutCancel != null) {
      checkFunction("addTimeout: onTimeoutCancel", onTimeoutCancel);
    }
    addTimeout(this, seconds, clock, onTimeoutCancel);
    return this;
  }

  /**
   * Gives this deferred's result, at this point of its chain, to another one,
   * and goes on with `undefined`. Cancelling the other does not cancel this.
   *
   * @param d the deferred to fire
   */
  chainDeferred(d: Deferred<T>): this {
    if (!isDeferred(d)) {
      throw new TypeError(mustBe("chainDeferred: d", "a Deferred", d));
    }
    this.#add(new HandOver(d, false));
    if (d.#state === WAITING) d.#value = new Chainee(d.#canceller(), this);
    return this;
  }

  /**
   * Fires the deferred with a value, and runs the callbacks.
   *
   * @param result the value; a {@linkcode Failure} fires the errbacks
   * @throws {AlreadyCalledError} if the deferred was fired before; only the
   *   first time after a `cancel()` without a canceller is ignored
   * @throws {TypeError} if `result` is a deferred: return it from a callback
   */
  callback(result: T | Failure): void {
    if (typeof result === "object" && isDeferred(result)) {
      throw firedWithDeferred();
    }
    this.#fire(result);
  }

  /**
   * Fires the deferred with a failure, and runs the errbacks.
   *
   * @param fail what went wrong; anything but a failure is put into one
   * @throws {AlreadyCalledError} as {@linkcode Deferred.callback} does
   * @throws {TypeError} if it is called without an argument
   */
  errback(fail: Failure | Error): void {
    if (arguments.length === 0) {
      throw new TypeError(
        "errback needs the failure or the error to fire with",
      );
    }
    this.#fire(isFailure(fail) ? fail : new Failure(fail));
  }

  /** Holds the callbacks back until `unpause()` was called as often. */
  pause(): void {
    this.#marks += PAUSED;
  }

  /**
   * Takes one `pause()` back; with the last, the chain goes on.
   *
   * @throws {Error} if the deferred is not paused
   */
  unpause(): void {
    if (this.#marks < PAUSED) {
      throw new Error("unpause() was called on a deferred that is not paused");
    }
    this.#marks -= PAUSED;
    this.#run();
  }

  /**
   * Stops the work this deferred waits for: calls the canceller and, unless
   * that fires it, fires it with a {@linkcode CancelledError}.
   *
   * A deferred whose callback returned another one cancels that one. A deferred
   * that has its result stays as it is.
   */
  cancel(): void {
    const delegating: Deferred<unknown>[] = [];
    let d: Deferred<unknown> | undefined = this.#innermost();
    while (d !== undefined && d.#state === WAITING) {
      if (d !== this && d.cancel !== Deferred.prototype.cancel) {
        d.cancel();
        break;
      }
      const canceller = d.#canceller();
      if (!isDelegate(canceller)) {
        d.#cancelWith(canceller);
        break;
      }
      d.#state = CANCELLING;
      delegating.push(d);
      const next = canceller.cancel();
      d = next === undefined ? undefined : next.#innermost();
    }
    while ((d = delegating.pop()) !== undefined) d.#afterDelegate();
  }

  /** The deferred at the end of those that wait for each other, from this one on. */
  #innermost(): Deferred<unknown> {
    // deno-lint-ignore no-this-alias -- the chain is walked, not recursed into
    let d: Deferred<unknown> = this;
    while (d.#state === CHAINED) d = asDeferred(d.#value);
    return d;
  }

  /** Goes on waiting where those that bring the result have brought none. */
  #afterDelegate(): void {
    if (this.called) return;
    this.#state = WAITING;
    const delegate = this.#canceller();
    const successor = isDelegate(delegate) ? delegate.successor() : undefined;
    if (successor === undefined) return;
    if (debug.on) noteFiring(this);
    this.#waitFor(successor);
  }

  /** Calls the canceller, and sees to it that there is a result afterwards. */
  #cancelWith(canceller: Callable | null | undefined): void {
    if (canceller == null) {
      this.#marks |= LATE_RESULT_DUE;
      return this.#fire(new Failure(new CancelledError()));
    }
    this.#state = CANCELLING;
    let outcome: unknown;
    try {
      const returned = canceller(this);
      if (!isDeferred(returned) && isThenable(returned)) {
        const settled = (result: unknown) => this.#afterCanceller(result);
        return whenSettled(returned, settled);
      }
    } catch (error) {
      outcome = new Failure(error, { raised: true });
    }
    this.#afterCanceller(outcome);
  }

  /** Sees to it that there is a result, after the canceller has returned or failed. */
  #afterCanceller(outcome: unknown): void {
    const failed = isFailure(outcome);
    if (!this.called) {
      this.#fire(failed ? outcome : new Failure(new CancelledError()));
    } else if (failed) {
      log.err(
        outcome,
        "A canceller fired its deferred and then threw an error:",
      );
    }
  }

  /**
   * A promise of the result, which takes the result over: the chain goes on
   * with `undefined`, and an error is the promise's from now on.
   */
  toPromise(): Promise<T> {
    return new Promise((resolve, reject) => {
      this.addCallbacks(
        (result) => resolve(result),
        (failure) => reject(failure.value),
      );
    });
  }

  /**
   * What makes `await d` work. Where the result is there already it stays, so
   * that a second `await` gives it again; an error counts as handled.
   *
   * @param onFulfilled as for a promise
   * @param onRejected as for a promise
   */
  then<R = T, E = never>(
    onFulfilled?: ((value: T) => R | PromiseLike<R>) | null,
    onRejected?: ((reason: unknown) => E | PromiseLike<E>) | null,
  ): Promise<R | E> {
    return this.#peek().then(onFulfilled, onRejected);
  }

  /** The result as a promise, left in place where it is there already. */
  #peek(): Promise<T> {
    if (this.#state !== FIRED || this.#marks >= PAUSED) return this.toPromise();
    const result = this.#value;
    if (!isFailure(result)) return Promise.resolve(asResult(result));
    this.#release();
    return Promise.reject(result.value);
  }

  /**
   * The deferred in one line: `<Deferred #1 current result: "poem">`. The number
   * tells it from others that were printed.
   */
  toString(): string {
    const name = nameOf(this);
    const paused = this.#marks >= PAUSED ? " paused" : "";
    const source = this.#source();
    if (source !== undefined) {
      return `<${name}${paused} waiting on ${nameOf(source)}>`;
    }
    return this.called
      ? `<${name}${paused} current result: ${inLine(this.#value)}>`
      : `<${name}${paused}>`;
  }

  static {
    printAsText(this.prototype);
    snapshotOf = (d) => ({
      state: STATES[d.#state] ?? "waiting",
      pauses: Math.floor(d.#marks / PAUSED),
      value: d.called ? d.#value : d.#source(),
      chain: [...d.#stages()].map(namesOf),
    });
    startRecord = (d) => {
      d.#marks |= TRACED;
    };
    takeResult = (d) => d.#take();
    delegateCancelling = (d, delegate) => {
      d.#value = delegate;
    };
    settle = (d, result) => (d.#settle(result) && d.#canRun() ? d : undefined);
    runSettled = (d) => d.#run();
    relay = (d, recipient, index) => {
      d.#add(new Relay(recipient, index));
    };
  }

  /** The deferred that brings this one's result, where it is known. */
  #source(): Deferred<unknown> | undefined {
    if (this.#state === CHAINED) return asDeferred(this.#value);
    const waiting = !this.called && this.#value instanceof Chainee;
    return waiting ? (this.#value as Chainee).source : undefined;
  }

  /** Who is asked when this one is cancelled, while it waits to be fired. */
  #canceller(): CancellerInside {
    const value = this.#value;
    return asCanceller(value instanceof Chainee ? value.canceller : value);
  }

  /** The stages still to run. */
  *#stages(): Generator<Stage> {
    for (let stage = this.#first; stage !== null; stage = stage.next) {
      yield stage;
    }
  }

  /** Adds a stage, and runs it if the result is there. */
  #add<R>(stage: Stage): Deferred<R> {
    if (this.#last === null) this.#first = stage;
    else this.#last.next = stage;
    this.#last = stage;
    if (this.#state !== WAITING) this.#run();
    return this as Deferred<unknown> as Deferred<R>;
  }

  #fire(result: unknown): void {
    if (this.#settle(result)) this.#run();
  }

  /** Takes a result in, unless it is one to be ignored. */
  #settle(result: unknown): boolean {
    if (this.#state !== WAITING && this.#refusesResult()) return false;
    this.#state = FIRED;
    this.#value = result;
    if (debug.on) noteFiring(this);
    return true;
  }

  /** Whether a result that comes now is to be ignored; throws if it is one too many. */
  #refusesResult(): boolean {
    if (!this.called) return false;
    if ((this.#marks & LATE_RESULT_DUE) === 0) {
      throw new AlreadyCalledError(FIRED_AGAIN + historyOf(this));
    }
    this.#marks &= ~LATE_RESULT_DUE;
    return true;
  }

  /** Runs what can be run of the chain, and of the chains that this lets go on. */
  #run(): void {
    if (!this.#canRun()) return;
    const next = this.#advance();
    if (next !== undefined) this.#runAfter(next);
  }

  /** Whether there is a result, and nothing in the way of going on with it. */
  #canRun(): boolean {
    return this.#state === FIRED && this.#marks < PAUSED;
  }

  /**
   * Runs the chain that this one has let go on, then the rest of this one. Those
   * that have to wait are kept on a stack of our own, so that any number of
   * deferreds in a row takes no more of the engine's.
   */
  #runAfter(first: Deferred<unknown>): void {
    const below: Deferred<unknown>[] = [];
    if (this.#first !== null || this.#state === RUNNING) below.push(this);
    let d: Deferred<unknown> | undefined = first;
    while (d !== undefined) {
      const next: Deferred<unknown> | undefined = d.#advance();
      if (next === undefined) {
        // One that was awaited may have been run, or paused, in the meantime.
        do d = below.pop(); while (
          d !== undefined && d.#state !== RUNNING && !d.#canRun()
        );
      } else {
        if (d.#first !== null || d.#state === RUNNING) below.push(d);
        d = next;
      }
    }
  }

  /**
   * Runs the chain to its end, to a pause, to a deferred that it has to wait
   * for, or to one that it lets go on. That one is returned, to be run before
   * the rest.
   */
  #advance(): Deferred<unknown> | undefined {
    this.#state = RUNNING;
    let result = this.#value;
    // Most results are no objects, and need not be asked.
    let failed = typeof result === "object" && isFailure(result);
    let stage: Stage | null;
    while (
      (stage = this.#marks < TRACED ? this.#first : this.#markedNext()) !== null
    ) {
      if ((this.#first = stage.next) === null) this.#last = null;
      const call = failed ? stage.errback : stage.callback;
      if (call === undefined) continue;
      try {
        if (call === handOver) {
          const next = this.#deliver(stage, result);
          if (next !== undefined) return next;
          result = this.#value;
          failed = isFailure(result);
          continue;
        }
        result = call(result);
        failed = false;
        if (typeof result === "object" || typeof result === "function") {
          result = this.#unwrap(result);
          if (result === PENDING) return undefined;
          failed = isFailure(result);
        }
      } catch (error) {
        result = new Failure(error, { raised: true });
        failed = true;
      }
    }
    this.#value = result;
    this.#state = FIRED;
    if (failed || this.#marks !== 0) this.#keepWatch();
    return undefined;
  }

  /** The next stage where the marks have a say: none in a pause, or a recorded one. */
  #markedNext(): Stage | null {
    const stage = this.#first;
    if (this.#marks >= PAUSED || stage === null) return null;
    return recordedStage(this, stage);
  }

  /**
   * Gives a result away, and returns the deferred that is to run now because of
   * that. What this one goes on with is its value afterwards.
   */
  #deliver(stage: Stage, result: unknown): Deferred<unknown> | undefined {
    return stage instanceof Relay
      ? this.#deliverTo(stage, result)
      : this.#handOver(stage as HandOver, result);
  }

  #deliverTo(
    { recipient, index }: Relay,
    result: unknown,
  ): Deferred<unknown> | undefined {
    if ((this.#marks & TRACED) !== 0) {
      recordGift(this, recipient.name, result);
    }
    const next = recipient.receive(result, index);
    this.#value = recipient.rest(result);
    return next;
  }

  #handOver(
    { target, awaited }: HandOver,
    result: unknown,
  ): Deferred<unknown> | undefined {
    this.#value = undefined;
    if (awaited) {
      // It has nothing to do with what the other does now: it may go on by itself.
      this.#state = FIRED;
      if (this.#marks !== 0) this.#keepWatch();
    } else {
      if ((this.#marks & TRACED) !== 0) {
        recordGift(this, "chainDeferred", result);
      }
      if (target.#refusesResult()) return undefined;
      if (debug.on) noteFiring(target);
    }
    target.#state = FIRED;
    target.#value = result;
    if (target.#marks < PAUSED) return target;
    this.#state = RUNNING;
    return undefined;
  }

  /**
   * What a callback's result gives the chain: the result of a deferred that has
   * one, `PENDING` where it has to be waited for, and anything else itself.
   */
  #unwrap(result: unknown): unknown {
    if (isFailure(result)) return result;
    const inner = !isDeferred(result) && isThenable(result)
      ? Deferred.fromPromise(result)
      : result;
    if (!isDeferred(inner)) return inner;
    if (this.#isAwaitedBy(inner)) {
      throw new TypeError(
        "A callback returned a deferred that waits for the one the callback belongs to: neither could ever go on",
      );
    }
    const taken = inner.#take();
    if (taken !== PENDING) return taken;
    this.#waitFor(inner);
    return PENDING;
  }

  /** Stops until another deferred brings the result to go on with. */
  #waitFor(inner: Deferred<unknown>): void {
    this.#release();
    this.#state = CHAINED;
    this.#value = inner;
    inner.#marks |= WAITED_FOR;
    inner.#add(new HandOver(this, true));
  }

  /** Takes the result over if it is there, so that `undefined` stays behind. */
  #take(): unknown {
    if (this.#state !== FIRED || this.#marks >= PAUSED) return PENDING;
    const taken = this.#value;
    this.#value = undefined;
    this.#release();
    return taken;
  }

  /** Whether `other` is this one, or waits for it, maybe through others. */
  #isAwaitedBy(other: Deferred<unknown>): boolean {
    if (other === this) return true;
    // Without this look first, a chain of waiting deferreds that grows at its
    // outer end would be walked from there again for each one that is added.
    if ((this.#marks & WAITED_FOR) === 0) return false;
    while (other.#state === CHAINED) other = asDeferred(other.#value);
    return other === this;
  }

  /** Has the result that is left watched if it is a failure, and only then. */
  #keepWatch(): void {
    const result = this.#value;
    if (!isFailure(result)) return this.#release();
    this.#marks |= WATCHED;
    watch(this, result);
  }

  /** Ends the watch over a failure that was handled or handed on. */
  #release(): void {
    if ((this.#marks & WATCHED) === 0) return;
    this.#marks &= ~WATCHED;
    unwatch(this);
  }
}

/**
 * A stage that gives the result to another deferred and goes on with
 * `undefined`, whether the result is a value or a failure.
 *
 * It is no callback, because a callback would run the other chain inside this
 * one's, one level of the stack for each deferred in a row.
 */
class HandOver extends Stage {
  readonly target: Deferred<unknown>;
  /** Whether the target stopped in mid-chain to wait for this result. */
  readonly awaited: boolean;

  constructor(target: Deferred<unknown>, awaited: boolean) {
    super(handOver, handOver);
    this.target = target;
    this.awaited = awaited;
  }
}

/**
 * A stage that gives the result to something that makes another deferred's
 * result of it: a list, a generator. It is no callback for the same reason.
 */
class Relay extends Stage {
  readonly recipient: Recipient;
  readonly index: number;

  constructor(recipient: Recipient, index: number) {
    super(handOver, handOver);
    this.recipient = recipient;
    this.index = index;
  }
}

/** Stands where the functions of a stage would, to say: see {@linkcode HandOver}. */
function handOver(): never {
  throw new Error("A hand-over is done by the deferred, not called");
}

/** The functions of a stage as they were given. */
function givenTo(stage: Stage): Sides<Callable | undefined> {
  return stage instanceof WrappedStage ? stage.given : stage;
}

/** What the functions of a stage are called. */
function namesOf(stage: Stage): Sides<string | undefined> {
  const special = specialName(stage);
  if (special !== undefined) return { callback: special, errback: special };
  const { callback, errback } = givenTo(stage);
  return {
    callback: callback && (nameOfFunction(callback) || "(anonymous)"),
    errback: errback && (nameOfFunction(errback) || "(anonymous)"),
  };
}

/** What a stage without functions is called. */
function specialName(stage: Stage): string | undefined {
  if (stage instanceof Relay) return stage.recipient.name;
  if (!(stage instanceof HandOver)) return undefined;
  return stage.awaited
    ? `(the rest of ${nameOf(stage.target)})`
    : "chainDeferred";
}

/** What a deferred is called in a text: its class and its number. */
export function nameOf(d: Deferred<unknown>): string {
  return `${classNameOf(d)} #${numberOf(d)}`;
}

/** A stage that does the same in the place of `stage`, and has it recorded. */
function recordedStage(d: Deferred<unknown>, stage: Stage): Stage {
  if (stage.callback === handOver) return stage;
  const steps = recordOf(d);
  const given = givenTo(stage);
  const instead = new Stage(
    recorded(steps, "callback", stage.callback, nameIfAny(given.callback)),
    recorded(steps, "errback", stage.errback, nameIfAny(given.errback)),
  );
  instead.next = stage.next;
  return instead;
}

function nameIfAny(fn: Callable | undefined): string {
  return fn === undefined ? "" : nameOfFunction(fn);
}

/** Records a stage that gives the result away. */
function recordGift(
  d: Deferred<unknown>,
  name: string,
  argument: unknown,
): void {
  const side = isFailure(argument) ? "errback" : "callback";
  const step = {
    side,
    name,
    passed: false,
    argument,
  } as const;
  recordOf(d).push({ ...step, result: undefined });
}

/** Whether a value is a deferred; a proxy that was revoked is none. */
export function isDeferred(value: unknown): value is Deferred<unknown> {
  try {
    return value instanceof Deferred;
  } catch {
    return false;
  }
}

/** What a result comes to that has to be waited for. */
export const PENDING: unique symbol = Symbol("pending");

function firedWithDeferred(): TypeError {
  return new TypeError(
    "A deferred cannot be fired with a deferred: return that one from a callback, or use its chainDeferred",
  );
}

// The types of a chain are checked where callbacks are added. Inside, a stage
// calls whatever it was given with whatever is there, and these say so.

/** `fn` seen from inside, if it is a function; `what` names it in the error. */
function callable(what: string, fn: unknown): Callable {
  if (typeof fn === "function") return fn as Callable;
  throw new TypeError(mustBe(what, "a function", fn));
}

/** The same where there may be none. */
function optional(what: string, fn: unknown): Callable | undefined {
  return fn === undefined || fn === null ? undefined : callable(what, fn);
}

/**
 * A stage whose functions get `args` after the result. They are handed on one by
 * one because then nobody has to make a list of them, in all the calls that have
 * none.
 */
function stageWith(
  callback: Callable | undefined,
  errback: Callable | undefined,
  ...args: unknown[]
): Stage {
  return stageWithArguments(callback, errback, {
    callback: args,
    errback: args,
  });
}

/** A stage whose functions get more than the result, each something of its own. */
function stageWithArguments(
  callback: Callable | undefined,
  errback: Callable | undefined,
  args: Sides<unknown[]>,
): Stage {
  return new WrappedStage(
    withArguments(callback, args.callback),
    withArguments(errback, args.errback),
    { callback, errback },
  );
}

/** `fn` with `args` to follow the result. */
function withArguments(
  fn: Callable | undefined,
  args: unknown[],
): Callable | undefined {
  return fn && ((result) => fn(result, ...args));
}

/** What is asked when a waiting deferred is cancelled. */
type CancellerInside = Callable | CancelDelegate | null | undefined;

/** What a waiting deferred has, where it has something. */
function asCanceller(value: unknown): CancellerInside {
  return value as CancellerInside;
}

function isDelegate(canceller: CancellerInside): canceller is CancelDelegate {
  return typeof canceller === "object" && canceller !== null;
}

/** What a chained deferred has: the one that it waits for. */
function asDeferred(value: unknown): Deferred<unknown> {
  return value as Deferred<unknown>;
}

/** What a deferred has that has fired, and not with a failure. */
function asResult<T>(value: unknown): T {
  return value as T;
}
