/**
 * The links of a deferred's chain.
 *
 * @module
 */

/** A callback or an errback, seen from inside: any value in, any value out. */
export type Callable = (result: unknown, ...args: unknown[]) => unknown;

/** The extra arguments of most stages. */
const NONE: readonly unknown[] = [];

/**
 * One stage of a chain: what runs if the result so far is a value, and what
 * runs if it is a failure. A side that is missing lets the result pass.
 *
 * The stages of a deferred are a linked list, which costs one small object a
 * stage and nothing to take the first one off.
 */
export class Stage {
  next: Stage | null = null;
  readonly callback: Callable | undefined;
  readonly errback: Callable | undefined;

  constructor(callback: Callable | undefined, errback: Callable | undefined) {
    this.callback = callback;
    this.errback = errback;
  }
}

/** A stage whose functions get more than the result. */
export class StageWithArguments extends Stage {
  readonly callbackArgs: readonly unknown[];
  readonly errbackArgs: readonly unknown[];

  constructor(
    callback: Callable | undefined,
    errback: Callable | undefined,
    callbackArgs: readonly unknown[] = NONE,
    errbackArgs: readonly unknown[] = NONE,
  ) {
    super(callback, errback);
    this.callbackArgs = callbackArgs;
    this.errbackArgs = errbackArgs;
  }
}

/** Stands where the functions of a stage would, to say: see {@linkcode HandOver}. */
export function handOver(): never {
  throw new Error("A hand-over is done by the deferred, not called");
}

/**
 * A stage that gives the result to another deferred and goes on with
 * `undefined`, whether the result is a value or a failure.
 *
 * It is no callback, because a callback would run the other chain inside this
 * one's, one level of the stack for each deferred in a row.
 */
export class HandOver<Target> extends Stage {
  readonly target: Target;
  /** Whether the target stopped in mid-chain to wait for this result. */
  readonly awaited: boolean;

  constructor(target: Target, awaited: boolean) {
    super(handOver, handOver);
    this.target = target;
    this.awaited = awaited;
  }
}
