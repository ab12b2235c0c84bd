/**
 * The values of many deferreds, or the first failure.
 *
 * @module
 */

import { Deferred } from "./deferred.ts";
import {
  cancelAll,
  checkDeferreds,
  type ElementOf,
  type ValueOf,
} from "./deferreds.ts";
import { FirstError } from "./errors.ts";
import { Failure } from "./failure.ts";

/** The values of some deferreds, in their order; of a tuple, a tuple. */
export type ValuesOf<Ds> = Ds extends readonly unknown[]
  ? { -readonly [Index in keyof Ds]: ValueOf<Ds[Index]> }
  : ValueOf<ElementOf<Ds>>[];

/**
 * A deferred of the values of many: Twisted's `gatherResults`. If one of them
 * fails, it fails at once, with a {@linkcode FirstError}; the others go on.
 *
 * Cancelling it cancels all of them, and the first one's `CancelledError` is
 * then what the {@linkcode FirstError} tells.
 *
 * @param deferreds what to wait for: anything that can be iterated, copied at
 *   once
 * @param options `consumeErrors`: handle the failures of the deferreds
 *   themselves, which otherwise has to be done there (`false` unless given)
 * @throws {TypeError} if one of `deferreds` is no deferred
 *
 * @example
 * ```ts
 * import { Deferred, gatherResults } from "@deferno/deferno";
 *
 * const name = new Deferred<string>();
 * const lines = new Deferred<number>();
 * let title = "";
 * gatherResults([name, lines])
 *   .addCallback(([name, lines]) => title = `${name}, ${lines} lines`);
 * lines.callback(14);
 * name.callback("Ozymandias");
 * console.assert(title === "Ozymandias, 14 lines");
 * ```
 */
export function gatherResults<const Ds extends Iterable<Deferred<unknown>>>(
  deferreds: Ds,
  options: { consumeErrors?: boolean | undefined } = {},
): Deferred<ValuesOf<Ds>> {
  const list = checkDeferreds("gatherResults", deferreds);
  const { consumeErrors } = options;
  const values: unknown[] = new Array(list.length);
  let missing = list.length;
  const gathered = new Deferred<ValuesOf<Ds>>(() => cancelAll(list));

  /** Now that each has its place, the values are those of `Ds`. */
  function finish(): void {
    gathered.callback(values as ValuesOf<Ds>);
  }

  for (let index = 0; index < list.length; index++) {
    list[index]?.addBoth((result) => {
      if (result instanceof Failure) {
        if (!gathered.called) gathered.errback(new FirstError(result, index));
        return consumeErrors ? undefined : result;
      }
      values[index] = result;
      missing--;
      if (missing === 0 && !gathered.called) finish();
      return result;
    });
  }
  if (list.length === 0) finish();
  return gathered;
}
