/**
 * How a record is kept of what runs in a chain.
 *
 * @module
 */

import { Failure } from "./failure.ts";

/** One stage of a chain that was reached, and what it did. */
export interface Step {
  /** The side that was reached: `"errback"` where the result was a failure. */
  readonly side: "callback" | "errback";
  /**
   * The name of the function; empty where it has none, and where that side was
   * missing and the result passed.
   */
  readonly name: string;
  /** Whether the side was missing, so that the result passed it by. */
  readonly passed: boolean;
  /** The result that came in: a value or a failure. */
  readonly argument: unknown;
  /**
   * What came out: a value, a failure, or the deferred or promise that the chain
   * then waited for. `undefined` while the function still runs.
   */
  readonly result: unknown;
}

/** A step that is being recorded. */
type OpenStep = { -readonly [Key in keyof Step]: Step[Key] };

const records = new WeakMap<object, Step[]>();

/** The steps recorded of a deferred; a record is begun if there is none. */
export function recordOf(d: object): Step[] {
  let steps = records.get(d);
  if (steps === undefined) {
    steps = [];
    records.set(d, steps);
  }
  return steps;
}

/** A function from inside: any value in, any value out. */
type Callable = (result: unknown) => unknown;

/**
 * One side of a stage, with a record of its run.
 *
 * @param steps where the step is added
 * @param side which side it is
 * @param call what it runs; missing, the result passes
 * @param name the function's name
 */
export function recorded(
  steps: Step[],
  side: Step["side"],
  call: Callable | undefined,
  name: string,
): Callable {
  return (argument) => {
    const passed = call === undefined;
    const step: OpenStep = { side, name, passed, argument, result: undefined };
    steps.push(step);
    if (call === undefined) return step.result = argument;
    try {
      return step.result = call(argument);
    } catch (error) {
      step.result = new Failure(error, { raised: true });
      throw error;
    }
  };
}
