import { checkFunction } from "./checks.ts";
import { fail } from "./create.ts";
import { Deferred } from "./deferred.ts";
import { CancelledError } from "./errors.ts";
import { Failure, isFailure } from "./failure.ts";

/**
 * Cancels the chain so far when a signal is aborted; the `CancelledError` has the
 * signal's reason as its `cause`.
 * @category Deferred
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

function withCause<T>(result: T | Failure, cause: unknown): T | Failure {
  if (!isFailure(result) || !result.check(CancelledError)) return result;
  if ("cause" in result.value) return result;
  return new Failure(new CancelledError(undefined, { cause }));
}

/**
 * A deferred of what a function that takes an `AbortSignal` returns, such as `fetch`.
 * Cancelling it aborts the signal, and fails it at once. Work to be cancelled together
 * belongs in one function: a `fetch` is done before the body is read.
 * @example
 * ```ts
 * import { abortOnCancel, CancelledError } from "@deferno/deferno";
 *
 * const text = abortOnCancel(async (signal) => {
 *   const response = await fetch("data:,Ozymandias", { signal });
 *   return await response.text();
 * });
 * text.cancel();
 * text.addErrback((failure) => failure.trap(CancelledError));
 * ```
 * @category Deferred
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
