/**
 * Deferreds of what async functions give.
 *
 * @module
 */

import { mustBe } from "./checks.ts";
import { fail } from "./create.ts";
import { Deferred, isDeferred } from "./deferred.ts";
import { NotACoroutineError } from "./errors.ts";
import { Failure, isFailure } from "./failure.ts";
import { isGenerator, runGenerator } from "./inline_callbacks.ts";
import { isThenable } from "./thenable.ts";

/** What calling an async function gives, or a generator function. */
export type Coroutine<R> = PromiseLike<R> | Generator<unknown, R, unknown>;

/**
 * The deferred itself.
 *
 * @param d a deferred
 */
export function ensureDeferred<T>(d: Deferred<T>): Deferred<T>;
/**
 * A deferred of the result of an async function: Twisted's `ensureDeferred`.
 * Inside of the function, `await d` waits for a deferred.
 *
 * An async function runs on whatever happens: a promise cannot be cancelled.
 * `cancel()` gives the deferred its `CancelledError`, and what the function
 * gives later is dropped. For a function that can be stopped see
 * `abortOnCancel`, which hands it a signal, and `inlineCallbacks`, where what is
 * waited for is cancelled.
 *
 * @param coroutine an async function, called here, or the promise of one that
 *   was called already; a generator is run as `inlineCallbacks` does
 * @throws {NotACoroutineError} if it is none of these
 *
 * @example
 * ```ts
 * import { ensureDeferred, succeed } from "@deferno/deferno";
 *
 * async function title(port: number): Promise<string> {
 *   const poem = await succeed(`Poem ${port}`);
 *   return poem.toUpperCase();
 * }
 *
 * const d = ensureDeferred(title(10000));
 * d.addCallback((text) => console.assert(text === "POEM 10000"));
 * ```
 */
export function ensureDeferred<R>(
  coroutine: Coroutine<R> | (() => PromiseLike<R>),
): Deferred<Exclude<R, Failure>>;
export function ensureDeferred(
  coroutine: unknown,
): Deferred<unknown> {
  if (isDeferred(coroutine)) return coroutine;
  // Looking at it may fail, and so may a call of what only seems to be async.
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

/** The deferred of a coroutine's result; `undefined` for anything else. */
function deferredOf(coroutine: unknown): Deferred<unknown> | undefined {
  if (isThenable(coroutine)) return Deferred.fromPromise(coroutine);
  if (isGenerator(coroutine)) return runGenerator(coroutine);
  if (isAsyncFunction(coroutine)) return Deferred.fromPromise(coroutine());
  return undefined;
}

/** Whether calling a value gives a promise, as can be seen before the call. */
function isAsyncFunction(value: unknown): value is () => Promise<unknown> {
  return Object.prototype.toString.call(value) === "[object AsyncFunction]";
}
