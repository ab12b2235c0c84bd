// Records of what ran in a chain.

import { Failure } from "./failure.ts";

/** One stage of a chain that was reached, and what it did. */
export interface Step {
  /** `"errback"` if the result was a failure. */
  readonly side: "callback" | "errback";
  /** The function's name; empty if it has none or `passed`. */
  readonly name: string;
  /** Whether that side was missing, so that the result passed. */
  readonly passed: boolean;
  /** The value or failure that came in. */
  readonly argument: unknown;
  /**
   * What came out: a value, a failure, or the deferred or promise to wait for.
   * `undefined` while the function runs.
   */
  readonly result: unknown;
}

type OpenStep = { -readonly [Key in keyof Step]: Step[Key] };

const records = new WeakMap<object, Step[]>();

export function recordOf(d: object): Step[] {
  let steps = records.get(d);
  if (steps === undefined) {
    steps = [];
    records.set(d, steps);
  }
  return steps;
}

type Callable = (result: unknown) => unknown;

export function recordStage(
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
