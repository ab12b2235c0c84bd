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
 * The first of an {@linkcode Outcome} that is a value.
 * @category Deferred
 */
export const SUCCESS = true;

/**
 * The first of an {@linkcode Outcome} that is a failure.
 * @category Deferred
 */
export const FAILURE = false;

/**
 * One deferred's result.
 * @category Deferred
 */
export type Outcome<T> =
  | [success: true, value: T]
  | [success: false, failure: Failure];

/**
 * The outcomes of a list of deferreds; of a tuple, a tuple.
 * @category Deferred
 */
export type OutcomesOf<Ds> = Ds extends readonly unknown[]
  ? { -readonly [Index in keyof Ds]: Outcome<ValueOf<Ds[Index]>> }
  : Outcome<ValueOf<ElementOf<Ds>>>[];

/**
 * When a {@linkcode DeferredList} fires, and who handles errors.
 * @category Deferred
 */
export interface DeferredListOptions {
  /**
   * Fires with the first value and its index.
   * @default false
   */
  fireOnOneCallback?: boolean | undefined;
  /**
   * Fails with the first failure, in a {@linkcode FirstError}.
   * @default false
   */
  fireOnOneErrback?: boolean | undefined;
  /**
   * Handles the failures: the deferreds go on with `undefined`.
   * @default false
   */
  consumeErrors?: boolean | undefined;
}

/**
 * What a {@linkcode DeferredList} gives its first callback.
 * @category Deferred
 */
export type DeferredListResult<Ds, O extends DeferredListOptions> =
  | OutcomesOf<Ds>
  | FirstValueOf<Ds, O>;

/**
 * The first value and its index, if asked for.
 * @category Deferred
 */
export type FirstValueOf<Ds, O extends DeferredListOptions> = O extends
  { fireOnOneCallback: infer Wanted } ? Wanted extends false | undefined ? never
  : [value: ValueOf<ElementOf<Ds>>, index: number]
  : never;

/**
 * Fires when all deferreds of a list have, with the outcome of each, in order: Twisted's
 * `DeferredList`. Takes their results after the callbacks that they have by then.
 * Cancelling it cancels each, in order, and it fires as they do.
 * @example
 * ```ts
 * import { Deferred, DeferredList } from "@deferno/deferno";
 *
 * const name = new Deferred<string>();
 * const lines = new Deferred<number>();
 * let report = "";
 * new DeferredList([name, lines], { consumeErrors: true })
 *   .addCallback(([[named, title], [counted]]) => {
 *     if (named && !counted) report = `${title}: lost count`;
 *   });
 * lines.errback(new Error("the ink ran out"));
 * name.callback("Ozymandias");
 * console.assert(report === "Ozymandias: lost count");
 * ```
 * @category Deferred
 */
export class DeferredList<
  const Ds extends Iterable<Deferred<unknown>>,
  const O extends DeferredListOptions = Record<never, never>,
> extends Deferred<DeferredListResult<Ds, O>> {
  readonly #options: DeferredListOptions;
  readonly #results: unknown[];
  #missing: number;

  /**
   * Copies the list.
   * @throws {TypeError} if one is not a deferred
   */
  constructor(deferreds: Ds, options?: O) {
    const list = checkDeferreds("DeferredList", deferreds);
    super();
    delegateCancelling(this, new CancelAll(list));
    this.#options = { ...options };
    this.#results = new Array(list.length);
    this.#missing = list.length;
    const recipient = {
      name: "DeferredList",
      receive: (result: unknown, index: number) => this.#receive(result, index),
      rest: this.#options.consumeErrors ? valueOnly : unchanged,
    };
    list.forEach((d, index) => relay(d, recipient, index));
    if (list.length === 0 && !this.#options.fireOnOneCallback) settle(this, []);
  }

  #receive(result: unknown, index: number): Deferred<unknown> | undefined {
    this.#results[index] = result;
    this.#missing--;
    if (this.called) return undefined;
    const { fireOnOneCallback, fireOnOneErrback } = this.#options;
    if (!isFailure(result)) {
      if (fireOnOneCallback) return settle(this, [result, index]);
    } else if (fireOnOneErrback) {
      return settle(this, new Failure(new FirstError(result, index)));
    }
    if (this.#missing > 0) return undefined;
    return settle(this, this.#results.map(outcomeOf));
  }
}

function outcomeOf(result: unknown): Outcome<unknown> {
  return isFailure(result) ? [FAILURE, result] : [SUCCESS, result];
}
