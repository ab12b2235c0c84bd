import { mustBe } from "./checks.ts";
import { fail } from "./create.ts";
import {
  adopt,
  type CancelDelegate,
  Deferred,
  delegateCancelling,
  type Recipient,
  relay,
  runSettled,
  settle,
} from "./deferred.ts";
import { CancelledError, FailureGroup, FirstError } from "./errors.ts";
import { Failure } from "./failure.ts";
import { isFailure } from "./identity.ts";

/**
 * The type of a deferred's result.
 * @category Deferred
 */
export type ValueOf<D> = D extends Deferred<infer T> ? T : never;

/**
 * The type of a list's elements.
 * @category Deferred
 */
export type ElementOf<Ds> = Ds extends Iterable<infer D> ? D : never;

/** @throws {TypeError} if one is not a deferred */
function checkDeferreds(
  caller: string,
  deferreds: Iterable<Deferred<unknown>>,
): Deferred<unknown>[] {
  const list = [...deferreds];
  for (let index = 0; index < list.length; index++) {
    const given = list[index];
    const d = adopt(given);
    if (d === undefined) {
      const what = `${caller}: deferreds[${index}]`;
      throw new TypeError(mustBe(what, "a Deferred", given));
    }
    if (d !== given) list[index] = d;
  }
  return list;
}

function cancelAll(
  deferreds: readonly Deferred<unknown>[],
  successor: CancelDelegate["successor"] = () => undefined,
): CancelDelegate {
  return { cancel: () => [...deferreds].reverse(), successor };
}

function relayAll(
  deferreds: readonly Deferred<unknown>[],
  recipient: Recipient,
): void {
  let index = 0;
  for (const d of deferreds) relay(d, recipient, index++);
}

// What a deferred goes on with once a list has its result:

function unchanged(result: unknown): unknown {
  return result;
}

function valueOnly(result: unknown): unknown {
  return isFailure(result) ? undefined : result;
}

function consumed(): undefined {}

/**
 * Begins an {@linkcode Outcome} that is a value.
 * @category Deferred
 */
export const SUCCESS = true;

/**
 * Begins an {@linkcode Outcome} that is a failure.
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
 * A list's outcomes; a tuple's are a tuple.
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
 * A {@linkcode DeferredList}'s result.
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
 * Fires when all of its deferreds have, with their outcomes, in order: Twisted's
 * `DeferredList`. Takes the results after the callbacks that they have by then.
 * Cancelling it cancels each, in order; it fires as they do.
 * @example
 * ```ts
 * import { DeferredList, fail, succeed } from "@deferno/deferno";
 *
 * const lines = fail(new Error("the ink ran out"));
 * new DeferredList([succeed("Ozymandias"), lines], { consumeErrors: true })
 *   .addCallback(([[named, title], [counted]]) =>
 *     console.assert(named && title === "Ozymandias" && !counted)
 *   );
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
    delegateCancelling(this, cancelAll(list));
    this.#options = { ...options };
    this.#results = new Array(list.length);
    this.#missing = list.length;
    const recipient = {
      name: "DeferredList",
      receive: (result: unknown, index: number) => this.#receive(result, index),
      rest: this.#options.consumeErrors ? valueOnly : unchanged,
    };
    relayAll(list, recipient);
    if (list.length > 0 || this.#options.fireOnOneCallback) return;
    if (settle(this, [])) runSettled(this);
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

/**
 * A list's values; a tuple's are a tuple.
 * @category Deferred
 */
export type ValuesOf<Ds> = Ds extends readonly unknown[]
  ? { -readonly [Index in keyof Ds]: ValueOf<Ds[Index]> }
  : ValueOf<ElementOf<Ds>>[];

/**
 * A deferred of the values of many: Twisted's `gatherResults`. The first failure fails it
 * at once, with a {@linkcode FirstError}. Cancelling it cancels all; the first
 * `CancelledError` fails it likewise.
 * @param deferreds copied at once
 * @param options `consumeErrors`: handle the deferreds' failures (default `false`)
 * @throws {TypeError} if one is not a deferred
 * @example
 * ```ts
 * import { gatherResults, succeed } from "@deferno/deferno";
 *
 * gatherResults([succeed("Ozymandias"), succeed(14)])
 *   .addCallback(([title, lines]) =>
 *     console.assert(`${title} ${lines}` === "Ozymandias 14")
 *   );
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
  delegateCancelling(gathered, cancelAll(list));

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
  relayAll(list, recipient);
  if (list.length === 0 && settle(gathered, values)) runSettled(gathered);
  return gathered;
}

/**
 * Index and winner; of a tuple, the index tells the type.
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
  const result = new Deferred<WinnerOf<Ds>>();
  // It has a result after that in any case.
  const cancelled = () => fail(new CancelledError());
  delegateCancelling(result, cancelAll(list, cancelled));

  function succeeded(value: unknown, index: number) {
    won = true;
    for (const loser of list.filter((_, at) => at !== index)) loser.cancel();
    // They may have cancelled it.
    return result.called ? undefined : settle(result, [index, value]);
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
  relayAll(list, recipient);
  return result;
}
