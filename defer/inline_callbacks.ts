import { checkFunction, isThenable, mustBe } from "./checks.ts";
import { fail } from "./create.ts";
import {
  type CancelDelegate,
  type Chained,
  Deferred,
  delegateCancelling,
  isAnyDeferred,
  isDeferred,
  PENDING,
  type Recipient,
  relay,
  runSettled,
  settle,
  takeResult,
} from "./deferred.ts";
import { NotACoroutineError } from "./errors.ts";
import { caught, Failure } from "./failure.ts";
import { isFailure } from "./identity.ts";
import { captureContext, type Context } from "./host.ts";

/**
 * Waits for a deferred, a promise or a coroutine inside of {@linkcode inlineCallbacks};
 * anything else is the result. `yield d` is the same, of type `unknown`.
 * @category Deferred
 */
export function wait<R>(what: R): Iterable<unknown, Waited<R>, unknown> {
  return new Wait<Waited<R>>(what);
}

/**
 * The result of waiting for an `R`.
 * @category Deferred
 */
export type Waited<R> = R extends Generator<unknown, infer Result, never>
  ? Exclude<Result, Failure>
  : Chained<R>;

const NOTHING = Symbol("nothing");

/**
 * Yields only what must be waited for: without a yield, `yield*` does not suspend the
 * generator. Its own `IteratorResult`: one object a wait.
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

  #end(result: unknown): IteratorResult<unknown, T> {
    this.done = true;
    this.value = result;
    return this as IteratorResult<unknown, T>;
  }
}

/**
 * Turns a generator function into one that returns a deferred: Twisted's
 * `inlineCallbacks`.
 *
 * Yielding a deferred or a promise suspends the generator until that has fired; `yield`
 * then gives the value or throws the error. A yielded generator is run likewise, a
 * `Failure` throws its error, any other value comes back at once. The generator starts
 * inside of the call, and resumes inside of what fires the deferred. Cancelling the
 * result cancels that deferred; the generator may catch the `CancelledError` and go on.
 * {@linkcode wait} gives typed values.
 * @throws {TypeError} if `fn` is not a function; on a call, if it returned no generator
 * @example
 * ```ts
 * import { fail, inlineCallbacks, wait } from "@deferno/deferno";
 *
 * const title = inlineCallbacks(function* (port: number) {
 *   try {
 *     const poem: string = yield* wait(fail(new RangeError(`no port ${port}`)));
 *     return poem.toUpperCase();
 *   } catch {
 *     return "SILENCE";
 *   }
 * });
 * console.assert(await title(0) === "SILENCE");
 * ```
 * @category Deferred
 */
export function inlineCallbacks<This, A extends unknown[], R>(
  fn: (this: This, ...args: A) => Generator<unknown, R, unknown>,
): (this: This, ...args: A) => Deferred<Exclude<R, Failure>> {
  checkFunction("inlineCallbacks: fn", fn);
  return function (this: This, ...args: A): Deferred<Exclude<R, Failure>> {
    const generator = Failure.capture(() => fn.apply(this, args));
    // Its parameters' defaults may throw.
    if (isFailure(generator)) return fail(generator);
    if (!isGenerator(generator)) {
      const what = `inlineCallbacks: result of ${fn.name || "fn"}`;
      throw new TypeError(mustBe(what, "a generator", generator));
    }
    return runGenerator(generator);
  };
}

function isGenerator(
  value: unknown,
): value is Generator<unknown, unknown, unknown> {
  return typeof value === "object" && value !== null &&
    "next" in value && typeof value.next === "function" &&
    "throw" in value && typeof value.throw === "function" &&
    Symbol.iterator in value;
}

function runGenerator<R>(
  generator: Generator<unknown, R, unknown>,
): Deferred<Exclude<R, Failure>> {
  const run = new Run(generator);
  const result = run.result as Deferred<Exclude<R, Failure>>;
  const settled = drive(run, undefined);
  if (settled !== undefined) runSettled(settled);
  return result;
}

/**
 * Starts yielded generators as well, without recursion. Returns the deferred of one that
 * ends if it can run.
 */
function drive(first: Run, value: unknown): Deferred<unknown> | undefined {
  let run: Run | undefined = first;
  let result = value;
  let outcome: unknown;
  while (run !== undefined) {
    outcome = run.resume(result);
    if (outcome !== NOTHING) return run.finish(outcome);
    run = run.takeNewInner();
    result = undefined;
  }
  return undefined;
}

class Run implements CancelDelegate, Recipient {
  readonly #generator: Generator<unknown, unknown, unknown>;
  #result: Deferred<unknown>;
  /** `undefined` while it runs, and at its end. */
  #waitingFor: Deferred<unknown> | undefined;
  /** Of the yielded generator that this one waits for. */
  #inner: Run | undefined;
  #innerIsNew = false;
  /** Cancelled while it ran. */
  #cancelNext = false;
  /** To resume in, if not the current one. */
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

  rest(): undefined {}

  /** `NOTHING` if it has to wait. */
  resume(result: unknown): unknown {
    const context = this.#context;
    if (context === undefined) return this.#iterate(result);
    this.#context = undefined;
    const outcome = context.runInAsyncScope(this.#iterate, this, result);
    context.emitDestroy();
    return outcome;
  }

  takeNewInner(): Run | undefined {
    if (!this.#innerIsNew) return undefined;
    this.#innerIsNew = false;
    return this.#inner;
  }

  /** Returns the result if it can run. */
  finish(outcome: unknown): Deferred<unknown> | undefined {
    if (!isAnyDeferred(outcome)) return settle(this.#result, outcome);
    const refusal = new TypeError(
      "A generator of inlineCallbacks returned a deferred: return what yield gives for it",
    );
    return settle(this.#result, new Failure(refusal));
  }

  cancel(): Deferred<unknown>[] {
    if (this.#waitingFor !== undefined) return [this.#waitingFor];
    this.#cancelNext = true;
    return [];
  }

  /** For the result of a generator that survived a cancel; the next cancel goes to it. */
  successor(): Deferred<unknown> {
    return this.#result = this.#newResult();
  }

  #newResult(): Deferred<unknown> {
    const result = new Deferred<unknown>();
    delegateCancelling(result, this);
    return result;
  }

  #iterate(value: unknown): unknown {
    const generator = this.#generator;
    let result = value;
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
      return caught(error);
    }
  }

  #resultOf(yielded: unknown): unknown {
    if (typeof yielded !== "object" && typeof yielded !== "function") {
      return yielded;
    }
    if (isFailure(yielded)) return yielded;
    let awaited: unknown;
    try {
      awaited = this.#asDeferred(yielded);
    } catch (error) {
      return caught(error);
    }
    return isDeferred(awaited) ? this.#waitFor(awaited) : awaited;
  }

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

  #waitFor(d: Deferred<unknown>): unknown {
    const taken = takeResult(d);
    if (taken !== PENDING) return taken;
    this.#waitingFor = d;
    this.#context = captureContext();
    relay(d, this, 0);
    if (!this.#cancelNext) return NOTHING;
    this.#cancelNext = false;
    // Not started, it has nothing to cancel yet.
    if (this.#inner === undefined) d.cancel();
    else this.#inner.#cancelNext = true;
    return NOTHING;
  }

  receive(result: unknown): Deferred<unknown> | undefined {
    this.#waitingFor = undefined;
    const inner = this.#inner;
    if (inner !== undefined && inner.#cancelNext) this.#cancelNext = true;
    this.#inner = undefined;
    return drive(this, result);
  }
}

/**
 * What an async or a generator function returns.
 * @category Deferred
 */
export type Coroutine<R> = PromiseLike<R> | Generator<unknown, R, unknown>;

/**
 * Returns the deferred itself.
 * @category Deferred
 */
export function ensureDeferred<T>(d: Deferred<T>): Deferred<T>;
/**
 * A deferred of the result of an async function, or of a generator as `inlineCallbacks`
 * runs it: Twisted's `ensureDeferred`. An async function cannot be cancelled: it runs on,
 * and its result is dropped; see `abortOnCancel`.
 * @param coroutine an async function, called here, its promise, or a generator
 * @throws {NotACoroutineError} if it is anything else
 * @example
 * ```ts
 * import { ensureDeferred, succeed } from "@deferno/deferno";
 *
 * async function title(port: number): Promise<string> {
 *   return `Poem ${await succeed(port)}`;
 * }
 * ensureDeferred(title(1))
 *   .addCallback((text) => console.assert(text === "Poem 1"));
 * ```
 * @category Deferred
 */
export function ensureDeferred<R>(
  coroutine: Coroutine<R> | (() => PromiseLike<R>),
): Deferred<Exclude<R, Failure>>;
export function ensureDeferred(coroutine: unknown): Deferred<unknown> {
  if (isDeferred(coroutine)) return coroutine;
  // Getters may throw, and functions that only claim to be async.
  const found = Failure.capture(() => deferredOf(coroutine));
  if (isFailure(found)) return fail(found);
  if (found !== undefined) return found;
  const expected = "an async function, a promise, a generator or a Deferred";
  throw new NotACoroutineError(
    mustBe("ensureDeferred: coroutine", expected, coroutine),
  );
}

function deferredOf(coroutine: unknown): Deferred<unknown> | undefined {
  if (isThenable(coroutine)) return Deferred.fromPromise(coroutine);
  if (isGenerator(coroutine)) return runGenerator(coroutine);
  if (isAsyncFunction(coroutine)) return Deferred.fromPromise(coroutine());
  return undefined;
}

function isAsyncFunction(value: unknown): value is () => Promise<unknown> {
  return Object.prototype.toString.call(value) === "[object AsyncFunction]";
}
