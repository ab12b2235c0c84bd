import { Deferred, delegateCancelling, relay, settle } from "./deferred.ts";
import {
  CancelAll,
  checkDeferreds,
  type ElementOf,
  unchanged,
  type ValueOf,
  valueOnly,
} from "./collection.ts";
import { FirstError } from "./errors.ts";
import { Failure, isFailure } from "./failure.ts";

/**
 * The values of a list of deferreds; of a tuple, a tuple.
 * @category Deferred
 */
export type ValuesOf<Ds> = Ds extends readonly unknown[]
  ? { -readonly [Index in keyof Ds]: ValueOf<Ds[Index]> }
  : ValueOf<ElementOf<Ds>>[];

/**
 * A deferred of the values of many: Twisted's `gatherResults`. The first failure fails it
 * at once, with a {@linkcode FirstError}. Cancelling it cancels all, and it fails as they
 * do: with a {@linkcode FirstError} of the first `CancelledError`.
 * @param deferreds copied at once
 * @param options `consumeErrors`: handle the deferreds' failures (default `false`)
 * @throws {TypeError} if one is not a deferred
 * @example
 * ```ts
 * import { Deferred, gatherResults } from "@deferno/deferno";
 *
 * const name = new Deferred<string>();
 * const lines = new Deferred<number>();
 * gatherResults([name, lines]).addCallback(([title, count]) =>
 *   console.assert(`${title}, ${count} lines` === "Ozymandias, 14 lines")
 * );
 * lines.callback(14);
 * name.callback("Ozymandias");
 * ```
 * @category Deferred
 */
export function gatherResults<const Ds extends Iterable<Deferred<unknown>>>(
  deferreds: Ds,
  options: { consumeErrors?: boolean | undefined } = {},
): Deferred<ValuesOf<Ds>> {
  const list = checkDeferreds("gatherResults", deferreds);
  const rest = options.consumeErrors ? valueOnly : unchanged;
  const values: unknown[] = new Array(list.length);
  let missing = list.length;
  const gathered = new Deferred<ValuesOf<Ds>>();
  delegateCancelling(gathered, new CancelAll(list));

  function receive(result: unknown, index: number) {
    if (gathered.called) return undefined;
    if (isFailure(result)) {
      return settle(gathered, new Failure(new FirstError(result, index)));
    }
    values[index] = result;
    missing--;
    return missing === 0 ? settle(gathered, values) : undefined;
  }

  const recipient = { name: "gatherResults", receive, rest };
  list.forEach((d, index) => relay(d, recipient, index));
  if (list.length === 0) settle(gathered, values);
  return gathered;
}
