import {
  type Callable,
  type Deferred,
  originalOf,
  type Recorder,
  Stage,
  startRecord,
  transferMarker,
} from "./deferred.ts";
import { caught, isFailure } from "./failure.ts";
import { nameOfFunction } from "./text.ts";

/**
 * A stage that was reached, and what it did.
 * @category Deferred
 */
export interface Step {
  /** `"errback"` if the result was a failure. */
  readonly side: "callback" | "errback";
  /** Of the function; empty without one. */
  readonly name: string;
  /** Whether that side was missing. */
  readonly passed: boolean;
  /** What came in. */
  readonly argument: unknown;
  /** What came out, or what to wait for; `undefined` while it runs. */
  readonly result: unknown;
}

type OpenStep = { -readonly [Key in keyof Step]: Step[Key] };

/** For instruments. */
export const observers: {
  began?: ((d: Deferred<unknown>, step: Step) => void) | undefined;
  ended?: ((d: Deferred<unknown>, step: Step) => void) | undefined;
} = {};

const records = new WeakMap<object, Step[]>();

function recordOf(d: object): Step[] {
  let steps = records.get(d);
  if (steps === undefined) {
    steps = [];
    records.set(d, steps);
  }
  return steps;
}

function recordStage(
  d: Deferred<unknown>,
  side: Step["side"],
  call: Callable | undefined,
  name: string,
): Callable {
  return (argument) => {
    const passed = call === undefined;
    const step: OpenStep = { side, name, passed, argument, result: undefined };
    recordOf(d).push(step);
    observers.began?.(d, step);
    if (call === undefined) step.result = argument;
    try {
      if (call !== undefined) step.result = call(argument);
      return step.result;
    } catch (error) {
      step.result = caught(error);
      throw error;
    } finally {
      observers.ended?.(d, step);
    }
  };
}

function recordedStage(d: Deferred<unknown>, stage: Stage): Stage {
  if (stage.callback === transferMarker) return stage;
  const original = originalOf(stage);
  const recorded = new Stage(
    recordStage(d, "callback", stage.callback, nameIfAny(original.callback)),
    recordStage(d, "errback", stage.errback, nameIfAny(original.errback)),
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

/**
 * Records the stages that a deferred's results reach from now on.
 * @returns grows as the chain runs; one for a deferred
 * @example
 * ```ts
 * import { Deferred, trace } from "@deferno/deferno";
 *
 * const d = new Deferred<string>();
 * const steps = trace(d);
 * d.addCallback((poem) => poem.toUpperCase());
 * d.callback("poem");
 * console.assert(steps[0]?.result === "POEM");
 * ```
 * @category Deferred
 */
export function trace(d: Deferred<unknown>): readonly Step[] {
  startRecord(d, recorder);
  return recordOf(d);
}
