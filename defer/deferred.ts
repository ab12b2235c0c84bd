import { isThenable, lostThis, mustBe } from "./checks.ts";
import {
  AlreadyCalledError,
  CancelledError,
  FIRED_AGAIN,
  TimeoutError,
} from "./errors.ts";
import { caught, Failure } from "./failure.ts";
import {
  brand,
  brandOf,
  isFailure,
  numberOf,
  printAsText,
} from "./identity.ts";
import { log } from "./log.ts";
import { historyOf, noting } from "./noting.ts";
import type { Scheduler } from "./scheduler.ts";
import { classNameOf, preview } from "./text.ts";
import { unwatch, watch } from "./unhandled.ts";

/**
 * A deferred is a state, flags, a value whose meaning depends on the state, and a linked
 * list of the stages still to run; docs/architecture.md has the combinations.
 *
 * **Running.** `#advance` loops over the stages, to the end, a pause, or a result to wait
 * for. `#run` does not enter a RUNNING deferred: the loop finds stages added meanwhile. A
 * FIRED one has stages left only while paused, or on its way to `#runAfter`.
 *
 * **Waiting without recursion.** A callback that returns a deferred `d` makes its own
 * CHAINED, and adds a transfer stage to `d`. To call that would run one chain inside the
 * other: instead `#transfer` moves the result, and `#advance` returns the deferred that
 * can now run. `#runAfter` runs it first, and keeps the others on a stack of its own.
 * `chainDeferred`, lists, races and generators do likewise, so 100,000 deferreds in a row
 * take no stack.
 *
 * **Cancelling.** A delegate that brings no result takes CANCELLING back to WAITING, and
 * from there to CHAINED if it has a successor.
 * @module
 */

/**
 * What the next callback gets after one that returned `R`.
 * @category Deferred
 */
export type Chained<R> = Exclude<Awaited<R>, Failure>;

/**
 * Stops a deferred's work. Its promise, if any, is waited for.
 * @category Deferred
 */
export type Canceller<T> = (deferred: Deferred<T>) => void;

// Those above CANCELLING have been fired.
const WAITING = 0;
const CANCELLING = 1;
/** It has a result, and no callback is running. */
const FIRED = 2;
/** One of its callbacks runs, or a deferred that has its result. */
const RUNNING = 3;
const CHAINED = 4;

/** Another deferred waits, or waited, for its result. */
const WAITED_FOR = 1;
/** Cancelled without a canceller: one late result is ignored. */
const LATE_RESULT_DUE = 2;
/** Its failure will be logged if nobody handles it. */
const WATCHED = 4;
/** Made while there was somebody to note it. */
const NOTED = 8;
// From here on flags decide which stage is next: one comparison finds them.
const TRACED = 16;
/** Each `pause()` adds this once, so it has to be the highest. */
const PAUSED = 32;

export type Callable = (result: unknown, ...args: unknown[]) => unknown;

// What every chain uses is declared here and not exported by its own name: V8 knows it
// then when it compiles, but loads an export at each use, and an import from further away.

/** A stage of a chain; a missing side lets the result pass. */
class Stage {
  next: Stage | null = null;
  readonly callback: Callable | undefined;
  readonly errback: Callable | undefined;

  constructor(callback: Callable | undefined, errback: Callable | undefined) {
    this.callback = callback;
    this.errback = errback;
  }
}

class WrappedStage extends Stage {
  readonly original: CallbackPair<Callable | undefined>;

  constructor(
    callback: Callable | undefined,
    errback: Callable | undefined,
    original: CallbackPair<Callable | undefined>,
  ) {
    super(callback, errback);
    this.original = original;
  }
}

export interface CallbackPair<What> {
  callback: What;
  errback: What;
}

/** In place of a canceller where the result comes from other deferreds. */
export interface CancelDelegate {
  /** Those to cancel, the first one last; in here that would recurse. */
  cancel(): readonly Deferred<unknown>[];
  /** The deferred to wait for, if any, when the others brought no result. */
  successor(): Deferred<unknown> | undefined;
}

/** A deferred whose delegate's others come before it. */
type Delegated = [d: Deferred<unknown>, delegate: CancelDelegate];

export interface Recipient {
  readonly name: string;
  /** Returns what it settled, if any, to run before the sender's rest, not in here. */
  receive(result: unknown, index: number): Deferred<unknown> | undefined;
  /** What the sender's next callback gets. */
  rest(result: unknown): unknown;
}

class ChainSource {
  /** The `#value` before. */
  readonly canceller: CancellerInside;
  readonly source: Deferred<unknown>;

  constructor(canceller: CancellerInside, source: Deferred<unknown>) {
    this.canceller = canceller;
    this.source = source;
  }
}

/** A local copy, as every deferred reads it. */
const notes = noting;

export interface Inside {
  readonly state: number;
  readonly flags: number;
  /** The result, or the deferred that it waits for. */
  readonly value: unknown;
  readonly stage: Stage | null;
}

/** Handed in by `trace`, so that bundlers can drop it. */
export interface Recorder {
  stage(d: Deferred<unknown>, stage: Stage): Stage;
  transfer(d: Deferred<unknown>, name: string, argument: unknown): void;
}

let recorder: Recorder | undefined;

// Private parts, for this folder; set in the class.
/** Whether this copy of the library made it. */
let isOwn: (value: unknown) => value is Deferred<unknown>;
export let insideOf: (d: Deferred<unknown>) => Inside;
/** Takes the result over; `PENDING` if there is none yet, or more of the chain to run. */
export let takeResult: (d: Deferred<unknown>) => unknown;
export let startRecord: (d: Deferred<unknown>, recording: Recorder) => void;
export let delegateCancelling: (
  d: Deferred<unknown>,
  delegate: CancelDelegate,
) => void;
/** Does not run the chain. Returns what can run, for `runSettled` or from `receive`. */
export let settle: (
  d: Deferred<unknown>,
  result: unknown,
) => Deferred<unknown> | undefined;
export let runSettled: (d: Deferred<unknown>) => void;
export let relay: (
  d: Deferred<unknown>,
  recipient: Recipient,
  index: number,
) => void;

/**
 * A result that is not there yet, with a chain of callbacks for the value and errbacks
 * for the failure: Twisted's `Deferred`.
 *
 * Callbacks run synchronously and in order: inside `callback()` or `errback()`, or, if
 * the result is there, inside the `add…` that adds them. Each gets what the one before
 * returned. What one throws goes to the next errback; what an errback returns goes to the
 * next callback. The chain waits for a deferred or a promise that a callback returns.
 * Each `add…` returns the deferred itself, retyped.
 * @example
 * ```ts
 * import { Deferred } from "@deferno/deferno";
 *
 * const d = new Deferred<string>();
 * d.addCallback((poem) => poem.split("\n").length)
 *   .addCallback((lines) => console.assert(lines === 2))
 *   .addErrback((failure) => console.error(failure.getErrorMessage()));
 * d.callback("First line,\nsecond line.");
 * ```
 * @category Deferred
 */
export class Deferred<T = unknown> implements PromiseLike<T> {
  #state: number = WAITING;
  #flags = 0;
  /** By state: one field for all keeps deferreds small. */
  #value: unknown;
  #first: Stage | null = null;
  #last: Stage | null = null;

  /**
   * Makes one without a result.
   * @param canceller called by `cancel()` to stop the work; may fire the deferred itself
   */
  constructor(canceller?: Canceller<T>) {
    if (canceller != null) callable("Deferred: canceller", canceller);
    this.#value = canceller;
    if (notes.noter !== undefined) {
      this.#flags = NOTED;
      notes.noter.created(this as Deferred<unknown>);
    }
  }

  /**
   * Fires when a promise settles; a rejection counts as handled.
   * @param canceller as for the constructor; a result after `cancel()` is dropped
   */
  static fromPromise<T>(
    promise: PromiseLike<T>,
    canceller?: Canceller<T>,
  ): Deferred<T> {
    const d = new Deferred<T>(canceller);
    const settle = (result: unknown) => {
      if (!d.called) d.#fire(result);
    };
    const own: boolean = isOwn(promise);
    if (!own && isAnyDeferred(promise)) {
      d.#value ??= () => promise.cancel();
      promise.addBoth(settle);
    } else whenSettled(promise, settle);
    return d;
  }

  /** Whether it was fired, or cancelled. */
  get called(): boolean {
    return this.#state > CANCELLING;
  }

  /**
   * Adds `callback` for a value, `errback` for a failure; a missing one lets the result
   * pass. What `callback` throws goes to the *next* errback.
   * @throws {TypeError} if one is not a function
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
   * Adds a callback, which failures skip.
   * @throws {TypeError} if it is not a function
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
   * Adds an errback, which values skip; if it returns, the failure is handled.
   * @throws {TypeError} if it is not a function
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
   * Adds one function for values and failures.
   * @throws {TypeError} if it is not a function
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
   * Cancels the deferred if the chain so far has no result in time; later callbacks get a
   * {@linkcode TimeoutError}.
   * @param seconds from now, 0 or more
   * @param onTimeoutCancel called after a timeout with the cancelling's result and
   *   `seconds`; returns or throws the result (default: a `TimeoutError` for a
   *   `CancelledError`)
   */
  addTimeout(
    seconds: number,
    clock: Scheduler,
    onTimeoutCancel?: (result: T | Failure, seconds: number) => unknown,
  ): this {
    const given = optional("addTimeout: onTimeoutCancel", onTimeoutCancel);
    const handler = given ?? cancelledToTimeout;
    let timedOut = false;
    const timer = clock.callLater(seconds, () => {
      timedOut = true;
      this.cancel();
    });
    this.addBoth((result) => {
      if (timer.active()) timer.cancel();
      return timedOut ? handler(result, seconds) : result;
    });
    return this;
  }

  /**
   * Fires another deferred with the result so far; the chain goes on with `undefined`.
   * Cancelling the other does not cancel this.
   */
  chainDeferred(d: Deferred<T>): this {
    if (!isAnyDeferred(d)) {
      throw new TypeError(mustBe("chainDeferred: d", "a Deferred", d));
    }
    const own: unknown = d;
    // Another copy's have no such fields.
    if (!isOwn(own)) this.addBoth((result) => d.callback(result));
    else {
      this.#add(new TransferStage(d, false));
      if (d.#state === WAITING) {
        d.#value = new ChainSource(d.#canceller(), this);
      }
    }
    return this;
  }

  /**
   * Fires the deferred with a value, or a {@linkcode Failure}, and runs the chain.
   * @throws {AlreadyCalledError} if it was fired; the first call after a `cancel()`
   *   without a canceller is ignored instead
   * @throws {TypeError} if `result` is a deferred
   */
  callback(result: T | Failure): void {
    if (this === undefined) throw lostThis("callback");
    if (isAnyDeferred(result)) {
      throw new TypeError(
        "Cannot fire a deferred with a deferred: return that one from a callback, or use its chainDeferred",
      );
    }
    this.#fire(result);
  }

  /**
   * Fires the deferred with a failure, or an error, and runs the chain.
   * @throws {AlreadyCalledError} as {@linkcode Deferred.callback} does
   * @throws {TypeError} without an argument
   */
  errback(fail: Failure | Error): void {
    if (this === undefined) throw lostThis("errback");
    if (arguments.length === 0) {
      throw new TypeError(mustBe("errback: fail", "a Failure", fail));
    }
    this.#fire(isFailure(fail) ? fail : new Failure(fail));
  }

  /** Stops the chain until as many `unpause()`. */
  pause(): void {
    this.#flags += PAUSED;
  }

  /**
   * Undoes one `pause()`; the last resumes the chain.
   * @throws {Error} if it is not paused
   */
  unpause(): void {
    if (this.#flags < PAUSED) {
      throw new Error("Cannot unpause the deferred: it is not paused");
    }
    this.#flags -= PAUSED;
    this.#run();
  }

  /**
   * Calls the canceller and, unless that fires the deferred, fires it with a {@linkcode
   * CancelledError}. If the chain waits for a callback's deferred, cancels that instead.
   * Does nothing once the result is there.
   */
  cancel(): void {
    // The next one last.
    const stack: (Deferred<unknown> | Delegated)[] = [this];
    let next: Deferred<unknown> | Delegated | undefined;
    while ((next = stack.pop()) !== undefined) {
      if (!isOwn(next)) {
        next[0].#afterDelegate(next[1]);
        continue;
      }
      const d = next.#innermost();
      if (d.#state !== WAITING) continue;
      const canceller = d.#canceller();
      // A subclass may override it.
      if (d !== this && d.cancel !== Deferred.prototype.cancel) d.cancel();
      else if (canceller == null || typeof canceller === "function") {
        d.#cancelWith(canceller);
      } else {
        d.#state = CANCELLING;
        stack.push([d, canceller]);
        for (const other of canceller.cancel()) stack.push(other);
      }
    }
  }

  #innermost(): Deferred<unknown> {
    // deno-lint-ignore no-this-alias -- a loop, not a recursion
    let d: Deferred<unknown> = this;
    while (d.#state === CHAINED) d = asDeferred(d.#value);
    return d;
  }

  #afterDelegate(delegate: CancelDelegate): void {
    if (this.called) return;
    this.#state = WAITING;
    const successor = delegate.successor();
    if (successor === undefined) return;
    notes.noter?.fired(this as Deferred<unknown>, successor);
    this.#waitFor(successor);
  }

  #cancelWith(canceller: Callable | null | undefined): void {
    if (canceller == null) {
      this.#flags |= LATE_RESULT_DUE;
      return this.#fire(new Failure(new CancelledError()));
    }
    this.#state = CANCELLING;
    let outcome: unknown;
    try {
      const returned = canceller(this);
      if (!isOwn(returned) && isThenable(returned)) {
        const settled = (result: unknown) => this.#afterCanceller(result);
        return whenSettled(returned, settled);
      }
    } catch (error) {
      outcome = caught(error);
    }
    this.#afterCanceller(outcome);
  }

  #afterCanceller(outcome: unknown): void {
    const failed = isFailure(outcome);
    if (!this.called) {
      this.#fire(failed ? outcome : new Failure(new CancelledError()));
    } else if (failed) {
      log.err(outcome, "A canceller threw after firing its deferred:");
    }
  }

  /**
   * A promise that takes the result over: the chain goes on with `undefined`, and an
   * error is the promise's to handle.
   */
  toPromise(): Promise<T> {
    return new Promise((resolve, reject) => {
      this.addCallbacks(resolve, (failure) => reject(failure.value));
    });
  }

  /** Makes `await d` work, any number of times; an error counts as handled. */
  then<R = T, E = never>(
    onFulfilled?: ((value: T) => R | PromiseLike<R>) | null,
    onRejected?: ((reason: unknown) => E | PromiseLike<E>) | null,
  ): Promise<R | E> {
    return this.#peek().then(onFulfilled, onRejected);
  }

  #peek(): Promise<T> {
    if (!this.#canRun()) return this.toPromise();
    const result = this.#value;
    if (!isFailure(result)) return Promise.resolve(result as T);
    this.#unwatch();
    return Promise.reject(result.value);
  }

  /** `<Deferred #1 current result: "poem">`, numbered to tell it from others. */
  toString(): string {
    const name = nameOf(this);
    const paused = this.#flags >= PAUSED ? " paused" : "";
    const source = this.#source();
    if (source !== undefined) {
      return `<${name}${paused} waiting on ${nameOf(source)}>`;
    }
    return this.called
      ? `<${name}${paused} current result: ${preview(this.#value)}>`
      : `<${name}${paused}>`;
  }

  static {
    printAsText(this.prototype);
    brand(this, "Deferred");
    isOwn = (value): value is Deferred<unknown> =>
      typeof value === "object" && value !== null && #state in value;
    insideOf = (d) => ({
      state: d.#state,
      flags: d.#flags,
      value: d.called ? d.#value : d.#source(),
      stage: d.#first,
    });
    startRecord = (d, recording) => {
      recorder = recording;
      d.#flags |= TRACED;
    };
    takeResult = (d) => d.#first === null ? d.#take() : PENDING;
    delegateCancelling = (d, delegate) => {
      d.#value = delegate;
    };
    settle = (d, result) => (d.#settle(result) && d.#canRun() ? d : undefined);
    runSettled = (d) => d.#run();
    relay = (d, recipient, index) => {
      d.#add(new RelayStage(recipient, index));
    };
  }

  /** That will bring the result, if known. */
  #source(): Deferred<unknown> | undefined {
    if (this.#state === CHAINED) return asDeferred(this.#value);
    const waiting = !this.called && this.#value instanceof ChainSource;
    return waiting ? (this.#value as ChainSource).source : undefined;
  }

  #canceller(): CancellerInside {
    const value = this.#value;
    return value instanceof ChainSource
      ? value.canceller
      : value as CancellerInside;
  }

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

  /** `false` if the result is to be ignored. */
  #settle(result: unknown): boolean {
    if (this.#state !== WAITING && this.#refusesResult()) return false;
    this.#state = FIRED;
    this.#value = result;
    if ((this.#flags & NOTED) !== 0) {
      notes.noter?.fired(this as Deferred<unknown>, result);
    }
    return true;
  }

  /** Throws if a result is one too many. */
  #refusesResult(): boolean {
    if (!this.called) return false;
    if ((this.#flags & LATE_RESULT_DUE) === 0) {
      throw new AlreadyCalledError(FIRED_AGAIN + historyOf(this));
    }
    this.#flags &= ~LATE_RESULT_DUE;
    return true;
  }

  #run(): void {
    if (!this.#canRun()) return;
    const next = this.#advance();
    if (next !== undefined) this.#runAfter(next);
  }

  #canRun(): boolean {
    return this.#state === FIRED && this.#flags < PAUSED;
  }

  #runAfter(first: Deferred<unknown>): void {
    const suspended: Deferred<unknown>[] = [];
    if (this.#first !== null || this.#state === RUNNING) suspended.push(this);
    let d: Deferred<unknown> | undefined = first;
    while (d !== undefined) {
      const next: Deferred<unknown> | undefined = d.#advance();
      if (next === undefined) {
        // A FIRED one may have run, or been paused, meanwhile.
        do d = suspended.pop(); while (
          d !== undefined && d.#state !== RUNNING && !d.#canRun()
        );
      } else {
        if (d.#first !== null || d.#state === RUNNING) suspended.push(d);
        d = next;
      }
    }
  }

  /** Returns the deferred to run before the rest. */
  #advance(): Deferred<unknown> | undefined {
    this.#state = RUNNING;
    let result = this.#value;
    let failed = isFailure(result);
    let stage: Stage | null;
    while (
      (stage = this.#flags < TRACED ? this.#first : this.#nextByFlags()) !==
        null
    ) {
      if ((this.#first = stage.next) === null) this.#last = null;
      const call = failed ? stage.errback : stage.callback;
      if (call === undefined) continue;
      try {
        if (call === transferMarker) {
          const next = this.#transfer(stage, result);
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
        result = caught(error);
        failed = true;
      }
    }
    this.#value = result;
    this.#state = FIRED;
    if (failed || this.#flags !== 0) this.#watchResult();
    return undefined;
  }

  #nextByFlags(): Stage | null {
    const stage = this.#first;
    if (this.#flags >= PAUSED || stage === null) return null;
    return recorder?.stage(this, stage) ?? stage;
  }

  /** Returns the deferred to run, and leaves this one's result in `#value`. */
  #transfer(stage: Stage, result: unknown): Deferred<unknown> | undefined {
    return stage instanceof RelayStage
      ? this.#transferToRecipient(stage, result)
      : this.#transferToDeferred(stage as TransferStage, result);
  }

  #transferToRecipient(
    { recipient, index }: RelayStage,
    result: unknown,
  ): Deferred<unknown> | undefined {
    this.#record(recipient.name, result);
    const next = recipient.receive(result, index);
    this.#value = recipient.rest(result);
    return next;
  }

  #record(name: string, result: unknown): void {
    if ((this.#flags & TRACED) !== 0) recorder?.transfer(this, name, result);
  }

  #transferToDeferred(
    { target, awaited }: TransferStage,
    result: unknown,
  ): Deferred<unknown> | undefined {
    this.#value = undefined;
    if (awaited) {
      // This one may be run inside of what the other does now.
      this.#state = FIRED;
      if (this.#flags !== 0) this.#watchResult();
    } else {
      this.#record("chainDeferred", result);
      if (target.#refusesResult()) return undefined;
      notes.noter?.fired(target, result);
    }
    target.#state = FIRED;
    target.#value = result;
    if (target.#flags < PAUSED) return target;
    this.#state = RUNNING;
    return undefined;
  }

  /** The next stage's result, for what a callback returned; or `PENDING`. */
  #unwrap(result: unknown): unknown {
    if (isFailure(result)) return result;
    const inner = !isOwn(result) && isThenable(result)
      ? Deferred.fromPromise(result)
      : result;
    if (!isOwn(inner)) return inner;
    if (this.#isAwaitedBy(inner)) {
      throw new TypeError(
        "Cannot wait for a deferred that a callback returned: it waits for this one",
      );
    }
    const taken = inner.#take();
    if (taken !== PENDING) return taken;
    this.#waitFor(inner);
    return PENDING;
  }

  #waitFor(inner: Deferred<unknown>): void {
    this.#unwatch();
    this.#state = CHAINED;
    this.#value = inner;
    inner.#flags |= WAITED_FOR;
    notes.noter?.waiting(this as Deferred<unknown>, inner);
    inner.#add(new TransferStage(this, true));
  }

  #take(): unknown {
    if (!this.#canRun()) return PENDING;
    const taken = this.#value;
    this.#value = undefined;
    this.#unwatch();
    return taken;
  }

  /** Whether `other` is this one, or waits for it. */
  #isAwaitedBy(other: Deferred<unknown>): boolean {
    if (other === this) return true;
    // Otherwise growing a chain at its outer end would take quadratic time.
    if ((this.#flags & WAITED_FOR) === 0) return false;
    while (other.#state === CHAINED) other = asDeferred(other.#value);
    return other === this;
  }

  #watchResult(): void {
    const result = this.#value;
    notes.noter?.ended(this as Deferred<unknown>, result);
    if (!isFailure(result)) return this.#unwatch();
    this.#flags |= WATCHED;
    watch(this, result);
  }

  #unwatch(): void {
    if ((this.#flags & WATCHED) === 0) return;
    this.#flags &= ~WATCHED;
    unwatch(this);
  }
}

// These two do not extend Stage: `super()` took a quarter of gatherResults' time.

/** Fires, or resumes, another deferred with the result. */
class TransferStage implements Stage {
  next: Stage | null = null;
  readonly callback: Callable = transferMarker;
  readonly errback: Callable = transferMarker;
  readonly target: Deferred<unknown>;
  /** Whether the target is CHAINED to this one. */
  readonly awaited: boolean;

  constructor(target: Deferred<unknown>, awaited: boolean) {
    this.target = target;
    this.awaited = awaited;
  }
}

/** For a list, a race or a generator. */
class RelayStage implements Stage {
  next: Stage | null = null;
  readonly callback: Callable = transferMarker;
  readonly errback: Callable = transferMarker;
  readonly recipient: Recipient;
  readonly index: number;

  constructor(recipient: Recipient, index: number) {
    this.recipient = recipient;
    this.index = index;
  }
}

/** Marks a stage for `#transfer`; never called. Cheaper to compare than `instanceof`. */
function transferMarker(): void {}

/** For debugging.ts. */
export const stages = {
  Stage,
  TransferStage,
  RelayStage,
  transferMarker,
  PAUSED,
};
export type { Stage };

export function originalOf(stage: Stage): CallbackPair<Callable | undefined> {
  return stage instanceof WrappedStage ? stage.original : stage;
}

export function nameOf(d: Deferred<unknown>): string {
  return `${classNameOf(d)} #${numberOf(d)}`;
}

export function isDeferred(value: unknown): value is Deferred<unknown> {
  return isOwn(value);
}

/** Of any copy of the library. */
export function isAnyDeferred(value: unknown): value is Deferred<unknown> {
  return typeof value === "object" && brandOf(value) === "Deferred";
}

/** Itself, a deferred for a foreign one, or `undefined`. */
export function adopt(value: unknown): Deferred<unknown> | undefined {
  if (isOwn(value)) return value;
  return isAnyDeferred(value) ? Deferred.fromPromise(value) : undefined;
}

export const PENDING: unique symbol = Symbol("pending");

// Types are checked where callbacks are added; inside, values are `unknown`, and cast.

function callable(what: string, fn: unknown): Callable {
  if (typeof fn === "function") return fn as Callable;
  throw new TypeError(mustBe(what, "a function", fn));
}

function optional(what: string, fn: unknown): Callable | undefined {
  return fn === undefined || fn === null ? undefined : callable(what, fn);
}

/** Callers spread their `args`, so that V8 makes no array for calls without any. */
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

function stageWithArguments(
  callback: Callable | undefined,
  errback: Callable | undefined,
  args: CallbackPair<unknown[]>,
): Stage {
  return new WrappedStage(
    withArguments(callback, args.callback),
    withArguments(errback, args.errback),
    { callback, errback },
  );
}

function withArguments(
  fn: Callable | undefined,
  args: unknown[],
): Callable | undefined {
  return fn && ((result) => fn(result, ...args));
}

type CancellerInside = Callable | CancelDelegate | null | undefined;

function asDeferred(value: unknown): Deferred<unknown> {
  return value as Deferred<unknown>;
}

function cancelledToTimeout(result: unknown, seconds: number): unknown {
  if (isFailure(result) && result.check(CancelledError)) {
    // Not thrown: the stack would show only this library.
    return new Failure(new TimeoutError(seconds));
  }
  return result;
}

function whenSettled(
  promise: PromiseLike<unknown>,
  settle: (result: unknown) => void,
): void {
  const fail = (reason: unknown) => settle(caught(reason));
  try {
    promise.then((value) => {
      if (promise instanceof Promise) settle(value);
      else settleFlat(promise, value, settle);
    }, fail);
  } catch (error) {
    fail(error);
  }
}

/** A thenable may resolve to another one, as with `await`. */
function settleFlat(
  promise: PromiseLike<unknown>,
  value: unknown,
  settle: (result: unknown) => void,
): void {
  try {
    if (value === promise) {
      throw new TypeError("Cannot wait for a promise that resolves to itself");
    }
    if (isThenable(value)) return whenSettled(value, settle);
  } catch (error) {
    return settle(caught(error));
  }
  settle(value);
}
