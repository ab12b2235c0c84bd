/**
 * Records of what ran in a chain.
 *
 * @module
 */

import {
  type Callable,
  type Deferred,
  originalOf,
  type Recorder,
  Stage,
  transferMarker,
} from "./deferred.ts";
import { caught, isFailure } from "./failure.ts";
import { nameOfFunction } from "./text.ts";

/**
 * One stage of a chain that was reached, and what it did.
 *
 * @category Deferred
 */
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

/**
 * Wraps one side of a stage to record its run.
 *
 * @param call the function; if missing, the result passes
 */
function recordStage(
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
      step.result = caught(error);
      throw error;
    }
  };
}

/** A stage that does what `stage` does, and records it. */
function recordedStage(d: Deferred<unknown>, stage: Stage): Stage {
  if (stage.callback === transferMarker) return stage;
  const steps = recordOf(d);
  const original = originalOf(stage);
  const recorded = new Stage(
    recordStage(
      steps,
      "callback",
      stage.callback,
      nameIfAny(original.callback),
    ),
    recordStage(steps, "errback", stage.errback, nameIfAny(original.errback)),
  );
  recorded.next = stage.next;
  return recorded;
}

function nameIfAny(fn: Callable | undefined): string {
  return fn === undefined ? "" : nameOfFunction(fn);
}

function recordTransfer(
  d: Deferred<unknown>,
  name: string,
  argument: unknown,
): void {
  const side = isFailure(argument) ? "errback" : "callback";
  const step = {
    side,
    name,
    passed: false,
    argument,
    result: undefined,
  } as const;
  recordOf(d).push(step);
}

export const recorder: Recorder = {
  stage: recordedStage,
  transfer: recordTransfer,
};
