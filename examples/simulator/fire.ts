/**
 * Fires a real deferred, and tells what it recorded of its run.
 *
 * @module
 */

import { Deferred, Failure, trace } from "../../mod.ts";
import type { Names } from "./chain_layout.ts";
import type { Run, Value } from "./step.ts";

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

/**
 * Fires a deferred that has these stages, with a result or with an error.
 *
 * @param describe what is shown of a failure
 */
export function fire(
  stages: Stage[],
  initial: string | Error,
  describe: (failure: Failure) => string,
): Run {
  const valueOf = (result: unknown): Value =>
    result instanceof Failure
      ? { text: describe(result), failed: true }
      : { text: `${result}`, failed: false };

  const d = new Deferred<unknown>();
  const recorded = trace(d);
  for (const { callback, errback } of stages) d.addCallbacks(callback, errback);
  const failed = initial instanceof Error;
  if (failed) d.errback(initial);
  else d.callback(initial);

  const steps = recorded.map(({ side, argument, result }) => ({
    side,
    argument: valueOf(argument),
    result: valueOf(result),
  }));
  // A failure at the end is drawn, and with that it is handled.
  d.addErrback(() => {});
  return {
    side: failed ? "errback" : "callback",
    initial: valueOf(failed ? new Failure(initial) : initial),
    steps,
  };
}
