// Deferreds made of a value, an error or a call.

import { type Chained, Deferred, isDeferred } from "./deferred.ts";
import { Failure, isFailure } from "./failure.ts";
import { isThenable } from "./thenable.ts";

/**
 * A deferred that has fired with `undefined`: Twisted's `succeed(None)`.
 * @category Deferred
 */
export function succeed(): Deferred<void>;
/**
 * A deferred that has fired with a value, or failed with a failure: Twisted's
 * `defer.succeed`.
 * @example
 * ```ts
 * import { succeed } from "@deferno/deferno";
 *
 * succeed("cached poem").addCallback((poem) => console.assert(poem.length > 0));
 * ```
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
 * @throws {TypeError} if called without an argument
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
 * Calls a function and returns a deferred of what it returned or threw: Twisted's
 * `defer.execute`.
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
  else d.callback(asValue(outcome));
  return d;
}

/**
 * Calls a function and returns a deferred of its result, whether it returns a value, a
 * promise or a deferred (which is returned itself), or throws: Twisted's
 * `defer.maybeDeferred`.
 * @example
 * ```ts
 * import { maybeDeferred } from "@deferno/deferno";
 *
 * maybeDeferred(JSON.parse, "{")
 *   .addErrback((failure) => void failure.trap(SyntaxError));
 * ```
 * @category Deferred
 */
export function maybeDeferred<R, A extends unknown[]>(
  fn: (...args: A) => R,
  ...args: A
): Deferred<Chained<R>> {
  const outcome = Failure.capture(() => fn(...args));
  // The compiler does not connect the checks below with `Chained`.
  if (isDeferred(outcome)) return outcome as Deferred<Chained<R>>;
  const awaited = Failure.capture(() => isThenable(outcome));
  if (isFailure(awaited)) return fail(awaited);
  return (awaited
    ? Deferred.fromPromise(outcome as PromiseLike<unknown>)
    : succeed(outcome)) as Deferred<Chained<R>>;
}

function asValue<R>(value: R): Exclude<R, Failure> {
  return value as Exclude<R, Failure>;
}
