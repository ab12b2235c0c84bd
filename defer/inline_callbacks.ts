/**
 * Deferreds in code that reads from top to bottom.
 *
 * @module
 */

import { checkFunction, mustBe } from "./checks.ts";
import { fail } from "./create.ts";
import { captureContext, type Context } from "./context.ts";
import {
  type CancelDelegate,
  type Chained,
  Deferred,
  delegateCancelling,
  isDeferred,
  PENDING,
  type Recipient,
  relay,
  runSettled,
  settle,
  takeResult,
} from "./deferred.ts";
import { Failure, isFailure } from "./failure.ts";
import { isThenable } from "./thenable.ts";

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
    const taken = isDeferred(this.value) ? takeResult(this.value) : PENDING;
    if (taken === PENDING) return this as IteratorYieldResult<unknown>;
    if (isFailure(taken)) throw taken.value;
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
  checkFunction("inlineCallbacks: fn", fn);
  return function (this: This, ...args: A): Deferred<Exclude<R, Failure>> {
    const generator = Failure.capture(() => fn.apply(this, args));
    // The defaults of its parameters are code that may throw.
    if (isFailure(generator)) return fail(generator);
    if (!isGenerator(generator)) {
      throw new TypeError(
        mustBe(
          `inlineCallbacks: result of ${fn.name || "fn"}`,
          "a generator",
          generator,
        ),
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
  const run = new Run(generator);
  const result = run.result as Deferred<Exclude<R, Failure>>;
  const settled = drive(run, undefined);
  if (settled !== undefined) runSettled(settled);
  return result;
}

/**
 * Runs a generator on, and those that it yields, each in turn rather than inside
 * of the one before. Where one ends, the deferred of its result is returned: whoever
 * waits for that goes on with its chain.
 */
function drive(first: Run, given: unknown): Deferred<unknown> | undefined {
  let run: Run | undefined = first;
  let result = given;
  let outcome: unknown;
  while (run !== undefined) {
    outcome = run.goOn(result);
    if (outcome !== NOTHING) return run.finish(outcome);
    run = run.takeNew();
    result = undefined;
  }
  return undefined;
}

/** A generator on its way from one deferred to the next. */
class Run implements CancelDelegate, Recipient {
  readonly #generator: Generator<unknown, unknown, unknown>;
  /** Where the result goes. */
  #result: Deferred<unknown>;
  /** What the generator is held for; `undefined` while it runs, and at its end. */
  #waitingFor: Deferred<unknown> | undefined;
  /** The run of a generator that was yielded, as long as this one waits for it. */
  #inner: Run | undefined;
  /** Whether `#inner` is still to be started. */
  #innerIsNew = false;
  /** Cancelled while it ran: what it waits for next is cancelled. */
  #cancelNext = false;
  /** The context in which it goes on, where that is not the one at hand. */
  #context: Context | undefined;

  constructor(generator: Generator<unknown, unknown, unknown>) {
    this.#generator = generator;
    this.#result = this.#newResult();
  }

  get name(): string {
    return "inlineCallbacks";
  }

  get result(): Deferred<unknown> {
    return this.#result;
  }

  /** What was waited for goes on with nothing. */
  rest(): undefined {}

  /** The generator's result, or `NOTHING` where it has to wait. */
  goOn(result: unknown): unknown {
    const context = this.#context;
    if (context === undefined) return this.#steps(result);
    this.#context = undefined;
    const outcome = context.runInAsyncScope(this.#steps, this, result);
    context.emitDestroy();
    return outcome;
  }

  /** The run of a generator that was just yielded, which is to go on now. */
  takeNew(): Run | undefined {
    if (!this.#innerIsNew) return undefined;
    this.#innerIsNew = false;
    return this.#inner;
  }

  /** Settles the result, and returns it if its chain can go on. */
  finish(outcome: unknown): Deferred<unknown> | undefined {
    const refused = isDeferred(outcome)
      ? new Failure(
        new TypeError(
          "A generator of inlineCallbacks returned a deferred: return what yield gives for it",
        ),
      )
      : undefined;
    return settle(this.#result, refused ?? outcome);
  }

  cancel(): Deferred<unknown> | undefined {
    if (this.#waitingFor === undefined) this.#cancelNext = true;
    return this.#waitingFor;
  }

  /**
   * A generator that was cancelled may go on, and then the result waits for a new
   * one, which is cancelled if there is a next time.
   */
  successor(): Deferred<unknown> {
    return this.#result = this.#newResult();
  }

  #newResult(): Deferred<unknown> {
    const result = new Deferred<unknown>();
    delegateCancelling(result, this);
    return result;
  }

  #steps(given: unknown): unknown {
    const generator = this.#generator;
    let result = given;
    try {
      do {
        const step = isFailure(result)
          ? generator.throw(result.value)
          : generator.next(result);
        if (step.done) return step.value;
        result = this.#resultOf(step.value);
      } while (result !== NOTHING);
      return NOTHING;
    } catch (error) {
      return new Failure(error, { raised: true });
    }
  }

  /** What comes back for what was yielded, or `NOTHING` where it has to be waited for. */
  #resultOf(yielded: unknown): unknown {
    if (typeof yielded !== "object" && typeof yielded !== "function") {
      return yielded;
    }
    if (isFailure(yielded)) return yielded;
    let awaited: unknown;
    try {
      awaited = this.#asDeferred(yielded);
    } catch (error) {
      return new Failure(error, { raised: true });
    }
    return isDeferred(awaited) ? this.#waitFor(awaited) : awaited;
  }

  /** A deferred of what has to be waited for; anything else as it is. */
  #asDeferred(value: unknown): unknown {
    if (isDeferred(value)) return value;
    if (isThenable(value)) return Deferred.fromPromise(value);
    if (!isGenerator(value)) return value;
    const inner = new Run(value);
    inner.#context = captureContext();
    this.#inner = inner;
    this.#innerIsNew = true;
    return inner.result;
  }

  /** What a deferred gives now, or `NOTHING` where it has to be waited for. */
  #waitFor(d: Deferred<unknown>): unknown {
    const taken = takeResult(d);
    if (taken !== PENDING) return taken;
    this.#waitingFor = d;
    this.#context = captureContext();
    relay(d, this, 0);
    if (!this.#cancelNext) return NOTHING;
    this.#cancelNext = false;
    // A generator has nothing to cancel before it has run.
    if (this.#inner === undefined) d.cancel();
    else this.#inner.#cancelNext = true;
    return NOTHING;
  }

  /** Goes on with what was waited for. */
  receive(result: unknown): Deferred<unknown> | undefined {
    this.#waitingFor = undefined;
    const inner = this.#inner;
    if (inner !== undefined && inner.#cancelNext) this.#cancelNext = true;
    this.#inner = undefined;
    return drive(this, result);
  }
}
