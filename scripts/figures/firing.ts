/**
 * Fires real deferreds, to draw what they recorded of themselves.
 *
 * @module
 */

import { Deferred, Failure, trace } from "../../mod.ts";
import type { Names } from "../../examples/simulator/chain_picture.ts";
import type { Run, Value } from "../../examples/simulator/step.ts";

type Handler = (result: unknown) => unknown;

/** A stage: a callback and an errback. The missing ones let results pass. */
export interface Stage {
  callback?: Handler;
  errback?: Handler;
}

/** The names of the functions of a chain, as a picture shows them. */
export function namesOf(stages: Stage[]): Names[] {
  return stages.map(({ callback, errback }) => ({
    callback: callback?.name ?? "passthru",
    errback: errback?.name ?? "passthru",
  }));
}

/** Fires a deferred that has these stages, with a result or with an error. */
export function fire(stages: Stage[], initial: string | Error): Run {
  const d = new Deferred<unknown>();
  const recorded = trace(d);
  for (const { callback, errback } of stages) d.addCallbacks(callback, errback);
  if (initial instanceof Error) d.errback(initial);
  else d.callback(initial);
  const steps = recorded.map(({ side, argument, result }) => ({
    side,
    argument: valueOf(argument),
    result: valueOf(result),
  }));
  // A failure at the end is drawn, and with that it is handled.
  d.addErrback(() => {});
  const failed = initial instanceof Error;
  return {
    side: failed ? "errback" : "callback",
    initial: valueOf(failed ? new Failure(initial) : initial),
    steps,
  };
}

/** A failure is told by the name of its error. */
function valueOf(result: unknown): Value {
  return result instanceof Failure
    ? { text: result.type?.name ?? `${result.value}`, failed: true }
    : { text: `${result}`, failed: false };
}
