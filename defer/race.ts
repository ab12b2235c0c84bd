import { Deferred, relay, settle } from "./deferred.ts";
import {
  cancelAll,
  checkDeferreds,
  consumed,
  type ElementOf,
  type ValueOf,
} from "./collection.ts";
import { FailureGroup } from "./errors.ts";
import { Failure, isFailure } from "./failure.ts";

/**
 * Winner and index; of a tuple, the index tells the type.
 * @category Deferred
 */
export type WinnerOf<Ds> = Ds extends readonly unknown[]
  ? number extends Ds["length"] ? [index: number, value: ValueOf<ElementOf<Ds>>]
  : {
    [Index in keyof Ds]: Index extends `${infer At extends number}`
      ? [index: At, value: ValueOf<Ds[Index]>]
      : never;
  }[number]
  : [index: number, value: ValueOf<ElementOf<Ds>>];

/**
 * A deferred of the first value among many, with its index: Twisted's `race`. The others
 * are cancelled; if all fail, it fails with a {@linkcode FailureGroup}. The deferreds go
 * on with `undefined`. Cancelling it cancels all. An empty race fires only if cancelled.
 * @param deferreds copied at once
 * @throws {TypeError} if one is not a deferred
 * @example
 * ```ts
 * import { CancelledError, Deferred, race } from "@deferno/deferno";
 *
 * const near = new Deferred<string>();
 * const far = new Deferred<string>();
 * far.addErrback((failure) => failure.trap(CancelledError));
 * race([near, far]).addCallback(([index, poem]) =>
 *   console.assert(`${index} ${poem}` === "0 Ozymandias")
 * );
 * near.callback("Ozymandias");
 * ```
 * @category Deferred
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

  const recipient = { name: "race", receive, rest: consumed };
  list.forEach((d, index) => relay(d, recipient, index));
  return result;
}
