/**
 * What is done with several deferreds at once, for those who make one of them.
 *
 * @module
 */

import { mustBe } from "./checks.ts";
import { type CancelDelegate, type Deferred, isDeferred } from "./deferred.ts";
import { isFailure } from "./failure.ts";

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
    if (isDeferred(list[index])) continue;
    throw new TypeError(
      mustBe(`${caller}: deferreds[${index}]`, "a Deferred", list[index]),
    );
  }
  return list;
}

/** Cancels deferreds, in their order. */
export function cancelAll(deferreds: readonly Deferred<unknown>[]): void {
  for (const d of deferreds) d.cancel();
}

/** Cancels the deferreds that a list waits for, whose results are then its own. */
export class AllOf implements CancelDelegate {
  readonly #deferreds: readonly Deferred<unknown>[];

  constructor(deferreds: readonly Deferred<unknown>[]) {
    this.#deferreds = deferreds;
  }

  cancel(): undefined {
    cancelAll(this.#deferreds);
  }

  successor(): undefined {}
}

/** Lets a deferred that was looked at go on with its result. */
export function unchanged(result: unknown): unknown {
  return result;
}

/** Lets it go on with a value alone: its failure has been taken over. */
export function valueAlone(result: unknown): unknown {
  return isFailure(result) ? undefined : result;
}

/** Lets it go on with nothing: its result has been taken over. */
export function nothing(): undefined {}
