import { mustBe } from "./checks.ts";
import { fail } from "./create.ts";
import { Deferred, isDeferred } from "./deferred.ts";
import { NotACoroutineError } from "./errors.ts";
import { Failure, isFailure } from "./failure.ts";
import { isGenerator, runGenerator } from "./inline_callbacks.ts";
import { isThenable } from "./thenable.ts";

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
 * runs it: Twisted's `ensureDeferred`. A promise cannot be cancelled: after `cancel()`
 * the function runs on, and its result is dropped; see `abortOnCancel` and
 * `inlineCallbacks`.
 * @param coroutine an async function, called here, its promise, or a generator
 * @throws {NotACoroutineError} if it is anything else
 * @example
 * ```ts
 * import { ensureDeferred, succeed } from "@deferno/deferno";
 *
 * async function title(port: number): Promise<string> {
 *   return `Poem ${await succeed(port)}`;
 * }
 * ensureDeferred(title(10000))
 *   .addCallback((text) => console.assert(text === "Poem 10000"));
 * ```
 * @category Deferred
 */
export function ensureDeferred<R>(
  coroutine: Coroutine<R> | (() => PromiseLike<R>),
): Deferred<Exclude<R, Failure>>;
export function ensureDeferred(
  coroutine: unknown,
): Deferred<unknown> {
  if (isDeferred(coroutine)) return coroutine;
  // Its getters may throw, and functions that only claim to be async.
  const found = Failure.capture(() => deferredOf(coroutine));
  if (isFailure(found)) return fail(found);
  if (found !== undefined) return found;
  throw new NotACoroutineError(
    mustBe(
      "ensureDeferred: coroutine",
      "an async function, a promise, a generator or a Deferred",
      coroutine,
    ),
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
