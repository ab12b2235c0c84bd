/**
 * The deferred: a result that is not there yet, and the callbacks for it.
 *
 * @module
 */

import { AlreadyCalledError, CancelledError, TimeoutError } from "./errors.ts";
import { Failure } from "./failure.ts";
import { log } from "./log.ts";
import { isThenable } from "./promise.ts";
import type { Scheduler } from "./scheduler.ts";
import {
  type Callable,
  HandOver,
  handOver,
  Stage,
  StageWithArguments,
} from "./stage.ts";
import { unwatch, watch } from "./unhandled.ts";

/**
 * What a chain goes on with after a callback that returned `R`: a deferred or
 * a promise is waited for, and a failure goes to the errbacks.
 */
export type Chained<R> = Exclude<Awaited<R>, Failure>;

/** What the canceller of a deferred is: told to stop the work, given the deferred. */
export type Canceller<T> = (deferred: Deferred<T>) => void;

// Where a deferred is in its life. The state of a deferred is one of these
// phases and any of the marks below.
/** It has no result. */
const WAITING = 0;
/** It has one, and no callback is running. */
const FIRED = 1;
/** One of its callbacks is running, or a deferred that it handed over to. */
const RUNNING = 2;
/** A callback returned a deferred; that one is kept in `#result` until it fires. */
const CHAINED = 3;
const PHASE = 3;

/** Another deferred waits, or once waited, for this one's result. */
const WAITED_FOR = 4;
/** Its canceller is being called. */
const CANCELLING = 8;
/** It was cancelled without a canceller: one late result is to be ignored. */
const LATE_RESULT_DUE = 16;
/** Its failure is being watched, to be logged if nobody handles it. */
const WATCHED = 32;

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
  /** How often `pause()` was called more than `unpause()`. */
  #pauses = 0;
  #result: unknown = undefined;
  #first: Stage | null = null;
  #last: Stage | null = null;
  #canceller: Callable | undefined;

  /**
   * @param canceller called by `cancel()` with the deferred, to stop the work
   *   that it stands for; it may fire the deferred itself
   */
  constructor(canceller?: Canceller<T>) {
    if (canceller != null) checkFunction("Deferred", "canceller", canceller);
    this.#canceller = asCallable(canceller);
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
    const settle = (result: unknown) => {
      if (!d.called) Deferred.#fire(d, result);
    };
    const fail = (reason: unknown) =>
      settle(new Failure(reason, { raised: true }));
    try {
      promise.then(settle, fail);
    } catch (error) {
      fail(error);
    }
    return d;
  }

  /** Whether it was fired: by `callback()`, `errback()` or `cancel()`. */
  get called(): boolean {
    return (this.#state & PHASE) !== WAITING;
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
    if (callback != null) checkFunction("addCallbacks", "callback", callback);
    if (errback != null) checkFunction("addCallbacks", "errback", errback);
    const stage = callbackArgs === undefined && errbackArgs === undefined
      ? new Stage(asCallable(callback), asCallable(errback))
      : new StageWithArguments(
        asCallable(callback),
        asCallable(errback),
        callbackArgs,
        errbackArgs,
      );
    return Deferred.#add(this, stage);
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
    checkFunction("addCallback", "callback", callback);
    const stage = args.length === 0
      ? new Stage(asCallable(callback), undefined)
      : new StageWithArguments(asCallable(callback), undefined, args);
    return Deferred.#add(this, stage);
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
    checkFunction("addErrback", "errback", errback);
    const stage = args.length === 0
      ? new Stage(undefined, asCallable(errback))
      : new StageWithArguments(undefined, asCallable(errback), [], args);
    return Deferred.#add(this, stage);
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
    checkFunction("addBoth", "callback", callback);
    const both = asCallable(callback);
    const stage = args.length === 0
      ? new Stage(both, both)
      : new StageWithArguments(both, both, args, args);
    return Deferred.#add(this, stage);
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
   * d.addErrback((failure) => console.assert(failure.check(TimeoutError)));
   * ```
   */
  addTimeout(
    seconds: number,
    clock: Scheduler,
    onTimeoutCancel: (result: T | Failure, seconds: number) => unknown =
      cancelledToTimeout,
  ): this {
    checkFunction("addTimeout", "onTimeoutCancel", onTimeoutCancel);
    let timedOut = false;
    const timer = clock.callLater(seconds, () => {
      timedOut = true;
      this.cancel();
    });
    this.addBoth((result) => {
      if (timer.active()) timer.cancel();
      return timedOut ? onTimeoutCancel(result, seconds) : result;
    });
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
        `chainDeferred takes a deferred, and this is ${kindOf(d)}`,
      );
    }
    Deferred.#add(this, new HandOver(d, false));
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
    if (Deferred.#refusesResult(this)) return;
    if (result instanceof Deferred) {
      throw new TypeError(
        "A deferred cannot be fired with a deferred: return that one from a callback, or use its chainDeferred",
      );
    }
    Deferred.#fire(this, result);
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
    if (Deferred.#refusesResult(this)) return;
    Deferred.#fire(this, fail instanceof Failure ? fail : new Failure(fail));
  }

  /** Holds the callbacks back until `unpause()` was called as often. */
  pause(): void {
    this.#pauses++;
  }

  /**
   * Takes one `pause()` back; with the last, the chain goes on.
   *
   * @throws {Error} if the deferred is not paused
   */
  unpause(): void {
    if (this.#pauses === 0) {
      throw new Error("unpause() was called on a deferred that is not paused");
    }
    this.#pauses--;
    Deferred.#run(this);
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
    while ((d.#state & PHASE) === CHAINED) d = asDeferred(d.#result);
    if (d.called || (d.#state & CANCELLING) !== 0) return;
    const canceller = d.#canceller;
    if (canceller === undefined) {
      d.#state |= LATE_RESULT_DUE;
      Deferred.#fire(d, new Failure(new CancelledError()));
      return;
    }
    d.#state |= CANCELLING;
    const outcome = Failure.capture(() => canceller(d));
    d.#state &= ~CANCELLING;
    if (!d.called) {
      Deferred.#fire(
        d,
        outcome instanceof Failure
          ? outcome
          : new Failure(new CancelledError()),
      );
    } else if (outcome instanceof Failure) {
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
    return Deferred.#peek(this).then(onFulfilled, onRejected);
  }

  /** The result as a promise, left in place where it is there already. */
  static #peek<T>(d: Deferred<T>): Promise<T> {
    if ((d.#state & PHASE) !== FIRED || d.#pauses > 0) return d.toPromise();
    const result = d.#result;
    if (!(result instanceof Failure)) return Promise.resolve(asResult(result));
    Deferred.#release(d);
    return Promise.reject(result.value);
  }

  /** Appends a stage, and runs it if the result is there. */
  static #add<R>(d: Deferred<unknown>, stage: Stage): Deferred<R> {
    Deferred.#append(d, stage);
    if (d.#state !== WAITING) Deferred.#run(d);
    // The same object, seen as what its chain now gives: that the types change
    // over the life of one object is what TypeScript cannot say.
    return d as Deferred<R>;
  }

  static #append(d: Deferred<unknown>, stage: Stage): void {
    if (d.#last === null) d.#first = stage;
    else d.#last.next = stage;
    d.#last = stage;
  }

  /** Whether a result that comes now is to be ignored; throws if it is one too many. */
  static #refusesResult(d: Deferred<unknown>): boolean {
    if ((d.#state & PHASE) === WAITING) return false;
    if ((d.#state & LATE_RESULT_DUE) === 0) throw new AlreadyCalledError();
    d.#state &= ~LATE_RESULT_DUE;
    return true;
  }

  static #fire(d: Deferred<unknown>, result: unknown): void {
    Deferred.#receive(d, result);
    if (d.#first !== null || result instanceof Failure) Deferred.#run(d);
  }

  /** Takes a result in, to go on with it. */
  static #receive(d: Deferred<unknown>, result: unknown): void {
    Deferred.#enter(d, FIRED);
    d.#result = result;
    d.#canceller = undefined;
  }

  /** The one place where the phase changes. */
  static #enter(d: Deferred<unknown>, phase: number): void {
    d.#state = (d.#state & ~PHASE) | phase;
  }

  /**
   * Runs what can be run of a deferred's chain, and of the chains that this
   * lets go on. Those are kept on a stack of our own, so that any number of
   * deferreds in a row takes no more of the engine's.
   */
  static #run(start: Deferred<unknown>): void {
    if ((start.#state & PHASE) !== FIRED || start.#pauses > 0) return;
    Deferred.#enter(start, RUNNING);
    let below: Deferred<unknown>[] | undefined;
    let d: Deferred<unknown> | undefined = start;
    while (d !== undefined) {
      const next = Deferred.#advance(d);
      if (next === undefined) {
        d = below?.pop();
      } else {
        (below ??= []).push(d);
        d = next;
      }
    }
  }

  /**
   * Runs a chain to its end, to a pause, to a deferred that it has to wait for,
   * or to one that it lets go on. That one is returned, to be run before the
   * rest.
   */
  static #advance(d: Deferred<unknown>): Deferred<unknown> | undefined {
    let result = d.#result;
    let stage: Stage | null;
    while ((stage = d.#first) !== null && d.#pauses === 0) {
      if ((d.#first = stage.next) === null) d.#last = null;
      const failed = result instanceof Failure;
      const call = failed ? stage.errback : stage.callback;
      if (call === undefined) continue;
      try {
        if (stage instanceof HandOver) {
          d.#result = undefined;
          const next = Deferred.#deliver(stage, result);
          if (next !== undefined) return next;
          result = undefined;
          continue;
        }
        result = stage instanceof StageWithArguments
          ? call(result, ...(failed ? stage.errbackArgs : stage.callbackArgs))
          : call(result);
        if (typeof result === "object" || typeof result === "function") {
          result = Deferred.#unwrap(d, result);
          if (result === PENDING) return undefined;
        }
      } catch (error) {
        result = new Failure(error, { raised: true });
      }
    }
    Deferred.#rest(d, result);
    return undefined;
  }

  /** Gives a result to another deferred, and returns that if it is to run now. */
  static #deliver(
    { target, awaited }: HandOver<Deferred<unknown>>,
    result: unknown,
  ): Deferred<unknown> | undefined {
    if (!awaited && Deferred.#refusesResult(target)) return undefined;
    Deferred.#receive(target, result);
    if (target.#pauses > 0) return undefined;
    Deferred.#enter(target, RUNNING);
    return target;
  }

  /**
   * What a callback's result gives the chain: the result of a deferred that has
   * one, `PENDING` where it has to be waited for, and anything else itself.
   */
  static #unwrap(d: Deferred<unknown>, result: unknown): unknown {
    if (result instanceof Failure) return result;
    const inner = isThenable(result) && !(result instanceof Deferred)
      ? Deferred.fromPromise(result)
      : result;
    if (!(inner instanceof Deferred)) return inner;
    if (Deferred.#waitsFor(inner, d)) {
      throw new TypeError(
        "A callback returned a deferred that waits for the one the callback belongs to: neither could ever go on",
      );
    }
    if ((inner.#state & PHASE) === FIRED && inner.#pauses === 0) {
      const taken = inner.#result;
      inner.#result = undefined;
      Deferred.#release(inner);
      return taken;
    }
    Deferred.#release(d);
    Deferred.#enter(d, CHAINED);
    d.#result = inner;
    inner.#state |= WAITED_FOR;
    Deferred.#append(inner, new HandOver(d, true));
    return PENDING;
  }

  /** Whether `inner` is `d`, or waits for it, maybe through others. */
  static #waitsFor(inner: Deferred<unknown>, d: Deferred<unknown>): boolean {
    if (inner === d) return true;
    // Without this look first, a chain of waiting deferreds that grows at its
    // outer end would be walked from there again for each one that is added.
    if ((d.#state & WAITED_FOR) === 0) return false;
    while ((inner.#state & PHASE) === CHAINED) {
      inner = asDeferred(inner.#result);
    }
    return inner === d;
  }

  /** Leaves a chain that has nothing more to run for now. */
  static #rest(d: Deferred<unknown>, result: unknown): void {
    d.#result = result;
    Deferred.#enter(d, FIRED);
    if (!(result instanceof Failure)) {
      Deferred.#release(d);
    } else if (d.#first === null) {
      d.#state |= WATCHED;
      watch(d, result);
    }
  }

  /** Ends the watch over a failure that was handled or handed on. */
  static #release(d: Deferred<unknown>): void {
    if ((d.#state & WATCHED) === 0) return;
    d.#state &= ~WATCHED;
    unwatch(d);
  }
}

/** What a callback's result comes to where it has to be waited for. */
const PENDING = Symbol("pending");

/** The default of `addTimeout`: says that the time was up, not who said so. */
function cancelledToTimeout(result: unknown, seconds: number): unknown {
  if (result instanceof Failure && result.check(CancelledError)) {
    throw new TimeoutError(seconds);
  }
  return result;
}

function checkFunction(method: string, name: string, value: unknown): void {
  if (typeof value === "function") return;
  throw new TypeError(
    `${method}: ${name} must be a function, and this is ${kindOf(value)}`,
  );
}

/** What a value is, for an error message. */
function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  const name = Object(value).constructor?.name ?? "object without a class";
  return typeof value === "string"
    ? `the string ${JSON.stringify(value)}`
    : `a ${name}`;
}

// The types of a chain are checked where callbacks are added. Inside, a stage
// calls whatever it was given with whatever is there: these three say so.

function asCallable<A extends unknown[]>(
  fn: ((...args: A) => unknown) | null | undefined,
): Callable | undefined {
  return (fn ?? undefined) as Callable | undefined;
}

/** The result of a chained deferred, which is the deferred that it waits for. */
function asDeferred(result: unknown): Deferred<unknown> {
  return result as Deferred<unknown>;
}

function asResult<T>(result: unknown): T {
  return result as T;
}
