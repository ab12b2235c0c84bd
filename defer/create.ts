import { checkFunction, isThenable } from "./checks.ts";
import { type Chained, Deferred, isDeferred } from "./deferred.ts";
import { CancelledError } from "./errors.ts";
import { Failure } from "./failure.ts";
import { isFailure } from "./identity.ts";

/**
 * Fired with `undefined`: Twisted's `succeed(None)`.
 * @category Deferred
 */
export function succeed(): Deferred<void>;
/**
 * A deferred fired with a value or a failure: Twisted's `defer.succeed`.
 * @category Deferred
 */
export function succeed<T>(result: T): Deferred<T>;
export function succeed<T>(result?: T): Deferred<T | undefined> {
  const d = new Deferred<T | undefined>();
  d.callback(result);
  return d;
}

/**
 * A deferred that has failed: Twisted's `defer.fail`.
 * @throws {TypeError} without an argument
 * @category Deferred
 */
export function fail(failure: Failure | Error): Deferred<never> {
  if (arguments.length === 0) {
    throw new TypeError(
      "fail: failure must be a Failure or an Error, got no argument",
    );
  }
  const d = new Deferred<never>();
  d.errback(failure);
  return d;
}

/**
 * A deferred of what a function returned or threw: Twisted's `defer.execute`.
 * @throws {TypeError} if `fn` returned a deferred: see {@linkcode maybeDeferred}
 * @category Deferred
 */
export function execute<R, A extends unknown[]>(
  fn: (...args: A) => R,
  ...args: A
): Deferred<Exclude<R, Failure>> {
  const outcome = Failure.capture(() => fn(...args));
  const d = new Deferred<Exclude<R, Failure>>();
  if (isFailure(outcome)) d.errback(outcome);
  else d.callback(outcome as Exclude<R, Failure>);
  return d;
}

/**
 * A deferred of a function's result, be it a value, a promise, a deferred (returned
 * itself) or an error: Twisted's `defer.maybeDeferred`.
 * @category Deferred
 */
export function maybeDeferred<R, A extends unknown[]>(
  fn: (...args: A) => R,
  ...args: A
): Deferred<Chained<R>> {
  const outcome = Failure.capture(() => fn(...args));
  // The compiler does not connect these checks with `Chained`.
  if (isDeferred(outcome)) return outcome as Deferred<Chained<R>>;
  // A `then` may be a getter that throws, and a proxy of a deferred cannot be used.
  const d: unknown = Failure.capture(() =>
    isThenable(outcome) ? Deferred.fromPromise(outcome) : succeed(outcome)
  );
  return (isFailure(d) ? fail(d) : d) as Deferred<Chained<R>>;
}

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
  const abort = () => controller.abort(new CancelledError());
  return Deferred.fromPromise(promise, abort);
}
