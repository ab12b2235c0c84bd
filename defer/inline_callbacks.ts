/**
 * Deferreds in code that reads from top to bottom.
 *
 * @module
 */

import { checkFunction, kindOf } from "./checks.ts";
import { type Chained, Deferred, PENDING, takeResult } from "./deferred.ts";
import { Failure } from "./failure.ts";
import { isThenable } from "./promise.ts";

/**
 * Waits for a deferred inside of {@linkcode inlineCallbacks}, and gives its
 * value: `const poem = yield* wait(d)`.
 *
 * `yield d` does the same. But what a `yield` gives has one type for the whole
 * generator, so TypeScript can know it only as `unknown`; what `yield*` gives
 * has the type of what stands behind it, and `poem` is what `d` holds.
 *
 * @param what a deferred, a promise or a coroutine; any other value comes
 *   straight back
 *
 * @example
 * ```ts
 * import { inlineCallbacks, succeed, wait } from "@deferno/deferno";
 *
 * const count = inlineCallbacks(function* () {
 *   const poem = yield* wait(succeed("Ozymandias"));
 *   return poem.length;
 * });
 * count().addCallback((length) => console.assert(length === 10));
 * ```
 */
export function wait<R>(what: R): Iterable<unknown, Waited<R>, unknown> {
  return new Wait<Waited<R>>(what);
}

/** What waiting for an `R` gives. */
export type Waited<R> = R extends Generator<unknown, infer Result, never>
  ? Exclude<Result, Failure>
  : Chained<R>;

/** Stands for a result where there is none. */
const NOTHING = Symbol("nothing");

/**
 * Iterates over what has to be waited for, which is one thing or nothing, and
 * ends with the result. `yield*` hands that to the generator without stopping
 * it, if there is nothing to wait for.
 *
 * It is the object that says what came of each step, too: then a wait takes no
 * other.
 */
class Wait<T> implements Iterator<unknown, T, unknown> {
  done = false;
  value: unknown;
  #asked = false;

  constructor(what: unknown) {
    this.value = what;
  }

  [Symbol.iterator](): Iterator<unknown, T, unknown> {
    return this;
  }

  next(result: unknown): IteratorResult<unknown, T> {
    if (this.#asked) return this.#end(result);
    this.#asked = true;
    const taken = this.value instanceof Deferred
      ? takeResult(this.value)
      : PENDING;
    if (taken === PENDING) return this as IteratorYieldResult<unknown>;
    if (taken instanceof Failure) throw taken.value;
    return this.#end(taken);
  }

  throw(error: unknown): never {
    throw error;
  }

  /** Ends with a result; that it is a `T` follows from what was waited for. */
  #end(result: unknown): IteratorResult<unknown, T> {
    this.done = true;
    this.value = result;
    return this as IteratorResult<unknown, T>;
  }
}

/**
 * Makes a function that returns a deferred out of a generator function, which
 * waits for deferreds as it goes along: Twisted's `inlineCallbacks`.
 *
 * Wherever the generator yields a deferred, it is held until that has fired. It
 * goes on with the value, or with the error itself thrown at the `yield`. It
 * may yield a promise too, or the generator of another such function, which is
 * then run; a `Failure` is thrown; any other value comes straight back. What it
 * returns or throws is the result. The generator is started by the call, and
 * runs on inside of whatever fires the deferred that it waits for.
 *
 * Cancelling the result cancels the deferred that the generator waits for. It
 * may catch the `CancelledError`, and go on.
 *
 * See {@linkcode wait} for values that have a type.
 *
 * @param fn the generator function; `this` and the arguments are handed on
 * @throws {TypeError} if `fn` is no function; the function that is returned
 *   throws one if `fn` gave no generator
 *
 * @example
 * ```ts
 * import { fail, inlineCallbacks, succeed, wait } from "@deferno/deferno";
 *
 * const getPoem = (port: number) =>
 *   port > 0 ? succeed("Ozymandias") : fail(new RangeError("no such port"));
 *
 * const title = inlineCallbacks(function* (port: number) {
 *   try {
 *     const poem = yield* wait(getPoem(port));
 *     return poem.toUpperCase();
 *   } catch (error) {
 *     console.assert(error instanceof RangeError);
 *     return "SILENCE";
 *   }
 * });
 * console.assert(await title(10000) === "OZYMANDIAS");
 * console.assert(await title(0) === "SILENCE");
 * ```
 */
export function inlineCallbacks<This, A extends unknown[], R>(
  fn: (this: This, ...args: A) => Generator<unknown, R, unknown>,
): (this: This, ...args: A) => Deferred<Exclude<R, Failure>> {
  checkFunction("inlineCallbacks", "fn", fn);
  return function (this: This, ...args: A): Deferred<Exclude<R, Failure>> {
    const generator = fn.apply(this, args);
    if (!isGenerator(generator)) {
      throw new TypeError(
        `inlineCallbacks needs a generator function: ${
          fn.name || "this function"
        } gave ${kindOf(generator)}`,
      );
    }
    return runGenerator(generator);
  };
}

/** Whether a value is what calling a generator function gives. */
export function isGenerator(
  value: unknown,
): value is Generator<unknown, unknown, unknown> {
  return typeof value === "object" && value !== null &&
    "next" in value && typeof value.next === "function" &&
    "throw" in value && typeof value.throw === "function" &&
    Symbol.iterator in value;
}

/** Runs a generator, as far as it goes now, and gives a deferred of its result. */
export function runGenerator<R>(
  generator: Generator<unknown, R, unknown>,
): Deferred<Exclude<R, Failure>> {
  return new Run(generator).start();
}

/** Goes down the chain of a result whose generator was cancelled and goes on. */
const GOES_ON: Failure = new Failure("The generator goes on");

/** A generator on its way from one deferred to the next. */
class Run<R> {
  readonly #generator: Generator<unknown, R, unknown>;
  /** Where the result goes. */
  #result: Deferred<Exclude<R, Failure>>;
  /** What the generator is held for; `undefined` while it runs, and at its end. */
  #waitingFor: Deferred<unknown> | undefined;
  /** What a deferred gave that had fired already. */
  #arrived: unknown = NOTHING;
  /** Whether `#go` is on the stack. */
  #going = false;
  /** Cancelled while it ran: what it waits for next is cancelled. */
  #cancelNext = false;
  /** One callback for all the deferreds of this run. */
  readonly #resume = (result: unknown): void => {
    this.#waitingFor = undefined;
    if (this.#going) this.#arrived = result;
    else this.#go(result);
  };

  constructor(generator: Generator<unknown, R, unknown>) {
    this.#generator = generator;
    this.#result = this.#newResult();
  }

  start(): Deferred<Exclude<R, Failure>> {
    const result = this.#result;
    this.#go(undefined);
    return result;
  }

  /** Runs the generator until it has to wait, or ends. */
  #go(result: unknown): void {
    this.#going = true;
    const outcome = this.#steps(result);
    this.#going = false;
    if (outcome !== NOTHING) this.#finish(outcome);
  }

  /** The generator's result, or `NOTHING` where it has to wait. */
  #steps(result: unknown): unknown {
    const generator = this.#generator;
    try {
      for (;;) {
        const step = result instanceof Failure
          ? generator.throw(result.value)
          : generator.next(result);
        if (step.done) return step.value;
        const waited = asDeferred(step.value);
        if (waited instanceof Deferred) {
          result = this.#waitFor(waited);
          if (result === NOTHING) return NOTHING;
        } else {
          result = waited;
        }
      }
    } catch (error) {
      return new Failure(error, { raised: true });
    }
  }

  /** What a deferred gives now, or `NOTHING` where it has to be waited for. */
  #waitFor(d: Deferred<unknown>): unknown {
    this.#waitingFor = d;
    d.addBoth(this.#resume);
    if (this.#cancelNext && this.#arrived === NOTHING) {
      this.#cancelNext = false;
      d.cancel();
    }
    const arrived = this.#arrived;
    this.#arrived = NOTHING;
    return arrived;
  }

  #finish(outcome: unknown): void {
    if (outcome instanceof Failure) {
      this.#result.errback(outcome);
    } else if (outcome instanceof Deferred) {
      this.#result.errback(
        new TypeError(
          "A generator of inlineCallbacks returned a deferred: return what yield gives for it",
        ),
      );
    } else {
      this.#result.callback(outcome as Exclude<R, Failure>);
    }
  }

  #newResult(): Deferred<Exclude<R, Failure>> {
    const result = new Deferred<Exclude<R, Failure>>(() => this.#cancel());
    result.addErrback((failure) =>
      failure === GOES_ON ? this.#result : failure
    );
    return result;
  }

  /**
   * Cancels what the generator waits for. It may go on after that, and then the
   * result waits for a new one, which is cancelled if there is a next time.
   */
  #cancel(): void {
    const result = this.#result;
    if (this.#waitingFor === undefined) this.#cancelNext = true;
    else this.#waitingFor.cancel();
    if (result.called) return;
    this.#result = this.#newResult();
    result.errback(GOES_ON);
  }
}

/** A deferred of what has to be waited for; anything else as it is. */
function asDeferred(value: unknown): unknown {
  if (typeof value !== "object" && typeof value !== "function") return value;
  if (value instanceof Deferred || value instanceof Failure) return value;
  if (isThenable(value)) return Deferred.fromPromise(value);
  return isGenerator(value) ? runGenerator(value) : value;
}
