/**
 * Cancelling, between deferreds and the `AbortSignal` of the web's own
 * functions.
 *
 * @module
 */

import { checkFunction } from "./checks.ts";
import { fail } from "./create.ts";
import { Deferred } from "./deferred.ts";
import { CancelledError } from "./errors.ts";
import { Failure, isFailure } from "./failure.ts";

/**
 * Cancels a deferred when a signal is aborted. Like `addTimeout`, it covers
 * what was added to the chain before, and none of what is added later.
 *
 * The `CancelledError` has the reason of the signal as its `cause`. Once the
 * deferred has its result, the signal's listener is gone.
 *
 * @param d the deferred to cancel
 * @param signal says when; if it is aborted already, now
 * @returns `d`
 *
 * @example
 * ```ts
 * import { CancelledError, cancelOnAbort, Deferred } from "@deferno/deferno";
 *
 * const stop = new AbortController();
 * const poem = cancelOnAbort(new Deferred<string>(), stop.signal);
 * poem.addErrback((failure) => failure.trap(CancelledError));
 * stop.abort();
 * ```
 */
export function cancelOnAbort<T>(
  d: Deferred<T>,
  signal: AbortSignal,
): Deferred<T> {
  let aborted = false;
  const cancel = () => {
    aborted = true;
    d.cancel();
  };
  signal.addEventListener("abort", cancel);
  d.addBoth((result) => {
    signal.removeEventListener("abort", cancel);
    return aborted ? withCause(result, signal.reason) : result;
  });
  if (signal.aborted) cancel();
  return d;
}

/** Says why it was cancelled, where nothing says so yet. */
function withCause<T>(result: T | Failure, cause: unknown): T | Failure {
  if (!isFailure(result) || !result.check(CancelledError)) return result;
  if ("cause" in result.value) return result;
  return new Failure(new CancelledError(undefined, { cause }));
}

/**
 * Calls a function that takes an `AbortSignal`, such as `fetch`, and gives a
 * deferred of its result. Cancelling the deferred aborts the signal; the
 * deferred then fails at once, with a `CancelledError`.
 *
 * The signal is good for as long as the function takes. What is to be
 * cancelled together belongs into one function: a `fetch` that has its response
 * is done, and reading the body is up to whatever comes next.
 *
 * @param fn what to call; with the signal's help it gives up when it has to
 *
 * @example A fetch that can be cancelled with its chain
 * ```ts
 * import { abortOnCancel, CancelledError, succeed } from "@deferno/deferno";
 *
 * const text = succeed("data:,Ozymandias").addCallback((url) =>
 *   abortOnCancel(async (signal) => {
 *     const response = await fetch(url, { signal });
 *     return await response.text();
 *   })
 * );
 * text.cancel();
 * text.addErrback((failure) => failure.trap(CancelledError));
 * ```
 */
export function abortOnCancel<T>(
  fn: (signal: AbortSignal) => PromiseLike<T>,
): Deferred<T> {
  checkFunction("abortOnCancel: fn", fn);
  const controller = new AbortController();
  const promise = Failure.capture(() => fn(controller.signal));
  if (isFailure(promise)) return fail(promise);
  return Deferred.fromPromise(
    promise,
    () => controller.abort(new CancelledError()),
  );
}
