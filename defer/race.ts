/**
 * The first value of many deferreds.
 *
 * @module
 */

import { Deferred, relay, settle } from "./deferred.ts";
import {
  cancelAll,
  checkDeferreds,
  type ElementOf,
  nothing,
  type ValueOf,
} from "./collection.ts";
import { FailureGroup } from "./errors.ts";
import { Failure, isFailure } from "./failure.ts";

/** Who won a race, and with what; of a tuple, the index tells the type. */
export type WinnerOf<Ds> = Ds extends readonly unknown[]
  ? number extends Ds["length"] ? [index: number, value: ValueOf<ElementOf<Ds>>]
  : {
    [Index in keyof Ds]: Index extends `${infer Place extends number}`
      ? [index: Place, value: ValueOf<Ds[Index]>]
      : never;
  }[number]
  : [index: number, value: ValueOf<ElementOf<Ds>>];

/**
 * A deferred of the first value that any of some deferreds gives, and of the
 * index of that one: Twisted's `race`. The others are cancelled. If all of them
 * fail, it fails with a {@linkcode FailureGroup}.
 *
 * The race takes the results over: each of the deferreds goes on with
 * `undefined`. Cancelling the race cancels all of them. A race of nobody has no
 * end, unless it is cancelled.
 *
 * @param deferreds who takes part: anything that can be iterated, copied at
 *   once
 * @throws {TypeError} if one of `deferreds` is no deferred
 *
 * @example
 * ```ts
 * import { Deferred, race } from "@deferno/deferno";
 *
 * const near = new Deferred<string>();
 * const far = new Deferred<string>();
 * const log: string[] = [];
 * far.addErrback((failure) => {
 *   log.push("far was told to stop");
 *   return failure;
 * });
 * race([near, far]).addCallback(([index, poem]) => log.push(`${index} ${poem}`));
 * near.callback("Ozymandias");
 * console.assert(log.join() === "far was told to stop,0 Ozymandias");
 * ```
 */
export function race<const Ds extends Iterable<Deferred<unknown>>>(
  deferreds: Ds,
): Deferred<WinnerOf<Ds>> {
  const list = checkDeferreds("race", deferreds);
  const failures: Failure[] = new Array(list.length);
  let missing = list.length;
  let won = false;
  const result = new Deferred<WinnerOf<Ds>>(() => cancelAll(list));

  function succeeded(value: unknown, index: number) {
    won = true;
    cancelAll(list.filter((_, other) => other !== index));
    return settle(result, [index, value]);
  }

  function receive(outcome: unknown, index: number) {
    if (isFailure(outcome)) {
      failures[index] = outcome;
      missing--;
    }
    if (won || result.called) return undefined;
    if (!isFailure(outcome)) return succeeded(outcome, index);
    if (missing > 0) return undefined;
    return settle(result, new Failure(new FailureGroup(failures)));
  }

  const recipient = { name: "race", receive, rest: nothing };
  for (const [index, d] of list.entries()) relay(d, recipient, index);
  return result;
}
