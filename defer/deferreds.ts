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
  for (let index = 0; index < list.length; index++) {
    if (list[index] instanceof Deferred) continue;
    throw new TypeError(
      `${caller} takes deferreds: number ${index} is ${kindOf(list[index])}`,
    );
  }
  return list;
}

/** Cancels deferreds, in their order. */
export function cancelAll(deferreds: readonly Deferred<unknown>[]): void {
  for (const d of deferreds) d.cancel();
}
