/**
 * What is done with several deferreds at once, for those who make one of them.
 *
 * @module
 */

import { kindOf } from "./checks.ts";
import { Deferred } from "./deferred.ts";

/** What a deferred gives its next callback. */
export type ValueOf<D> = D extends Deferred<infer T> ? T : never;

/** What is in a list: the type of its elements. */
export type ElementOf<Ds> = Ds extends Iterable<infer D> ? D : never;

/** A copy of a list, after a look at everything in it. */
export function checkDeferreds(
  caller: string,
  deferreds: Iterable<Deferred<unknown>>,
): Deferred<unknown>[] {
  const list = [...deferreds];
  const wrong = list.findIndex((d) => !(d instanceof Deferred));
  if (wrong < 0) return list;
  throw new TypeError(
    `${caller} takes deferreds: number ${wrong} is ${kindOf(list[wrong])}`,
  );
}

/**
 * Calls a function with the result of each deferred, a value or a failure, and
 * with its index. The deferred goes on with what the function returns.
 */
export function addToEach(
  deferreds: readonly Deferred<unknown>[],
  settled: (result: unknown, index: number) => unknown,
): void {
  for (let index = 0; index < deferreds.length; index++) {
    deferreds[index]?.addBoth((result) => settled(result, index));
  }
}

/** Cancels deferreds, in their order. */
export function cancelAll(deferreds: readonly Deferred<unknown>[]): void {
  for (const d of deferreds) d.cancel();
}
