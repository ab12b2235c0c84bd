/**
 * The deferred: a result that is not there yet, and the callbacks for it.
 *
 * @module
 */

import { checkFunction, kindOf, notAFunction } from "./checks.ts";
import { debugging, historyOf, noteCreation, noteFiring } from "./debugging.ts";
import { AlreadyCalledError, CancelledError, FIRED_AGAIN } from "./errors.ts";
import { Failure } from "./failure.ts";
import { inLine } from "./in_line.ts";
import { numberOf, printAsText } from "./inspect.ts";
import { log } from "./log.ts";
import { isThenable, whenSettled } from "./promise.ts";
import { recorded, recordOf } from "./record.ts";
import type { Scheduler } from "./scheduler.ts";
import { addTimeout } from "./timeout.ts";
import { unwatch, watch } from "./unhandled.ts";

/**
 * What a chain goes on with after a callback that returned `R`: a deferred or
 * a promise is waited for, and a failure goes to the errbacks.
 */
export type Chained<R> = Exclude<Awaited<R>, Failure>;

/** What the canceller of a deferred is: told to stop the work, given the deferred. */
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
      checkFunction("addTimeout", "onTimeoutCancel", onTimeoutCancel);
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
    if (!(d instanceof Deferred)) {
      throw new TypeError(
        `chainDeferred: d must be a deferred, and this is ${kindOf(d)}`,
      );
    }
    this.#add(new HandOver(d, false));
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
    if (result instanceof Deferred) throw firedWithDeferred();
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
    this.#fire(fail instanceof Failure ? fail : new Failure(fail));
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
    // deno-lint-ignore no-this-alias -- the chain is walked, not recursed into
    let d: Deferred<unknown> = this;
    while (d.#state === CHAINED) d = asDeferred(d.#value);
    if (d.#state !== WAITING) return;
    const canceller = d.#value;
    if (canceller != null) return d.#cancelWith(asCallable(canceller));
    d.#marks |= LATE_RESULT_DUE;
    d.#fire(new Failure(new CancelledError()));
  }

  /** Calls the canceller, and sees to it that there is a result afterwards. */
  #cancelWith(canceller: Callable): void {
    this.#state = CANCELLING;
    try {
      canceller(this);
    } catch (error) {
      const failure = new Failure(error, { raised: true });
      if (!this.called) return this.#fire(failure);
      log.err(
        failure,
        "A canceller fired its deferred and then threw an error:",
      );
    }
    if (!this.called) this.#fire(new Failure(new CancelledError()));
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
    if (!(result instanceof Failure)) return Promise.resolve(asResult(result));
    this.#release();
    return Promise.reject(result.value);
  }

  /**
   * The deferred in one line: `<Deferred #1 current result: "poem">`. The number
   * tells it from others that were printed.
   */
  toString(): string {
    const name = `${this.constructor.name} #${numberOf(this)}`;
    const paused = this.#marks >= PAUSED ? " paused" : "";
    if (this.#state === CHAINED) {
      const inner = asDeferred(this.#value);
      const innerName = `${inner.constructor.name} #${numberOf(inner)}`;
      return `<${name}${paused} waiting on ${innerName}>`;
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
      value: d.called ? d.#value : undefined,
      chain: [...d.#stages()].map(namesOf),
    });
    startRecord = (d) => {
      d.#marks |= TRACED;
    };
    takeResult = (d) => d.#take();
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
    if (this.#state !== WAITING && this.#refusesResult()) return;
    this.#state = FIRED;
    this.#value = result;
    if (debug.on) noteFiring(this);
    this.#run();
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
    let failed = result instanceof Failure;
    let stage: Stage | null;
    while (
      (stage = this.#marks < TRACED ? this.#first : this.#markedNext()) !== null
    ) {
      if ((this.#first = stage.next) === null) this.#last = null;
      const call = failed ? stage.errback : stage.callback;
      if (call === undefined) continue;
      try {
        if (call === handOver) {
          const next = this.#deliver(stage as HandOver, result);
          if (next !== undefined) return next;
          result = undefined;
          failed = false;
          continue;
        }
        result = call(result);
        failed = false;
        if (typeof result === "object" || typeof result === "function") {
          result = this.#unwrap(result);
          if (result === PENDING) return undefined;
          failed = result instanceof Failure;
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

  /** Gives a result to another deferred, and returns that if it is to run now. */
  #deliver(
    { target, awaited }: HandOver,
    result: unknown,
  ): Deferred<unknown> | undefined {
    this.#value = undefined;
    if (awaited) {
      // It has nothing to do with what the other does now: it may go on by itself.
      this.#state = FIRED;
      if (this.#marks !== 0) this.#keepWatch();
    } else {
      if ((this.#marks & TRACED) !== 0) recordHandOver(this, result);
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
    if (result instanceof Failure) return result;
    const inner = isThenable(result) && !(result instanceof Deferred)
      ? Deferred.fromPromise(result)
      : result;
    if (!(inner instanceof Deferred)) return inner;
    if (this.#isAwaitedBy(inner)) {
      throw new TypeError(
        "A callback returned a deferred that waits for the one the callback belongs to: neither could ever go on",
      );
    }
    const taken = inner.#take();
    if (taken !== PENDING) return taken;
    this.#release();
    this.#state = CHAINED;
    this.#value = inner;
    inner.#marks |= WAITED_FOR;
    inner.#add(new HandOver(this, true));
    return PENDING;
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
    if (!(result instanceof Failure)) return this.#release();
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
  if (stage instanceof HandOver) {
    const name = stage.awaited
      ? `(the rest of ${stage.target.constructor.name} #${
        numberOf(stage.target)
      })`
      : "chainDeferred";
    return { callback: name, errback: name };
  }
  const { callback, errback } = givenTo(stage);
  return {
    callback: callback && (callback.name || "(anonymous)"),
    errback: errback && (errback.name || "(anonymous)"),
  };
}

/** A stage that does the same in the place of `stage`, and has it recorded. */
function recordedStage(d: Deferred<unknown>, stage: Stage): Stage {
  if (stage instanceof HandOver) return stage;
  const steps = recordOf(d);
  const given = givenTo(stage);
  const name = { callback: given.callback?.name, errback: given.errback?.name };
  const instead = new Stage(
    recorded(steps, "callback", stage.callback, name.callback ?? ""),
    recorded(steps, "errback", stage.errback, name.errback ?? ""),
  );
  instead.next = stage.next;
  return instead;
}

function recordHandOver(d: Deferred<unknown>, argument: unknown): void {
  const side = argument instanceof Failure ? "errback" : "callback";
  const step = {
    side,
    name: "chainDeferred",
    passed: false,
    argument,
  } as const;
  recordOf(d).push({ ...step, result: undefined });
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
  throw notAFunction(what, fn);
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

/** What a waiting deferred has, where it has something: its canceller. */
function asCallable(value: unknown): Callable {
  return value as Callable;
}

/** What a chained deferred has: the one that it waits for. */
function asDeferred(value: unknown): Deferred<unknown> {
  return value as Deferred<unknown>;
}

/** What a deferred has that has fired, and not with a failure. */
function asResult<T>(value: unknown): T {
  return value as T;
}
