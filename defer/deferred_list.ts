/**
 * One deferred for many.
 *
 * @module
 */

import { Deferred, delegateCancelling, relay, settle } from "./deferred.ts";
import {
  AllOf,
  checkDeferreds,
  type ElementOf,
  unchanged,
  valueAlone,
  type ValueOf,
} from "./collection.ts";
import { FirstError } from "./errors.ts";
import { Failure, isFailure } from "./failure.ts";

/** The first of an {@linkcode Outcome} that is a value. */
export const SUCCESS = true;

/** The first of an {@linkcode Outcome} that is a failure. */
export const FAILURE = false;

/** How one deferred of a list went: whether it did, and its value or failure. */
export type Outcome<T> =
  | [success: true, value: T]
  | [success: false, failure: Failure];

/** The outcomes of some deferreds, in their order; of a tuple, a tuple. */
export type OutcomesOf<Ds> = Ds extends readonly unknown[]
  ? { -readonly [Index in keyof Ds]: Outcome<ValueOf<Ds[Index]>> }
  : Outcome<ValueOf<ElementOf<Ds>>>[];

/** When a {@linkcode DeferredList} fires, and what becomes of its errors. */
export interface DeferredListOptions {
  /**
   * Fire with the first value, and its index, as soon as there is one.
   *
   * @default false
   */
  fireOnOneCallback?: boolean | undefined;
  /**
   * Fail with the first failure, in a {@linkcode FirstError}, as soon as there
   * is one.
   *
   * @default false
   */
  fireOnOneErrback?: boolean | undefined;
  /**
   * Handle the failures of the deferreds: each of those goes on with
   * `undefined`. Otherwise they keep their failures, which have to be handled
   * there.
   *
   * @default false
   */
  consumeErrors?: boolean | undefined;
}

/** What a {@linkcode DeferredList} gives its first callback. */
export type DeferredListResult<Ds, O extends DeferredListOptions> =
  | OutcomesOf<Ds>
  | FirstValueOf<Ds, O>;

/** The first value and its index, where the options ask for that. */
export type FirstValueOf<Ds, O extends DeferredListOptions> = O extends
  { fireOnOneCallback: infer Wanted } ? Wanted extends false | undefined ? never
  : [value: ValueOf<ElementOf<Ds>>, index: number]
  : never;

/**
 * A deferred that fires when all deferreds of a list have: Twisted's
 * `DeferredList`. It gives the outcome of each, in the order of the list,
 * whichever came first.
 *
 * It sees their results as they are when it is made: after the callbacks that
 * they have by then, and before those they get later.
 *
 * Cancelling it cancels each of them, in their order, and it fires when and as
 * they do. Once it has fired, what its chain waits for is cancelled, as with
 * every deferred.
 *
 * @example
 * ```ts
 * import { Deferred, DeferredList } from "@deferno/deferno";
 *
 * const name = new Deferred<string>();
 * const lines = new Deferred<number>();
 * const both = new DeferredList([name, lines], { consumeErrors: true });
 * const report: string[] = [];
 * both.addCallback(([nameOutcome, linesOutcome]) => {
 *   const [named, title] = nameOutcome;
 *   if (named) report.push(title.toUpperCase());
 *   const [counted, count] = linesOutcome;
 *   if (!counted) report.push(count.getErrorMessage());
 * });
 * lines.errback(new Error("lost count"));
 * name.callback("Ozymandias");
 * console.assert(report.join() === "OZYMANDIAS,lost count");
 * ```
 *
 * @typeParam Ds the list
 * @typeParam O the options
 */
export class DeferredList<
  const Ds extends Iterable<Deferred<unknown>>,
  const O extends DeferredListOptions = Record<never, never>,
> extends Deferred<DeferredListResult<Ds, O>> {
  readonly #options: DeferredListOptions;
  /** Values and failures as they have come in, each at its own index. */
  readonly #results: unknown[];
  #missing: number;

  /**
   * Starts to wait for some deferreds.
   *
   * @param deferreds what to wait for: anything that can be iterated, copied at
   *   once
   * @param options when to fire, and what becomes of the errors
   * @throws {TypeError} if one of `deferreds` is no deferred
   */
  constructor(deferreds: Ds, options?: O) {
    const list = checkDeferreds("DeferredList", deferreds);
    super();
    delegateCancelling(this, new AllOf(list));
    this.#options = { ...options };
    this.#results = new Array(list.length);
    this.#missing = list.length;
    const recipient = {
      name: "DeferredList",
      receive: (result: unknown, index: number) => this.#receive(result, index),
      rest: this.#options.consumeErrors ? valueAlone : unchanged,
    };
    for (const [index, d] of list.entries()) relay(d, recipient, index);
    if (list.length === 0 && !this.#options.fireOnOneCallback) settle(this, []);
  }

  /** Takes in the result of one of the deferreds, and fires if it is time to. */
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
