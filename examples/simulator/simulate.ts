/**
 * The simulation: what pairs say, as functions, in a deferred that is fired.
 *
 * @module
 */

import { fire } from "./fire.ts";
import type { Action, Pair } from "./pair.ts";
import type { Run, Side } from "./step.ts";

const INITIAL = "initial";

/** Fires a deferred that has these pairs, and tells what they did. */
export function simulate(pairs: Pair[], side: Side): Run {
  const stages = pairs.map(({ callback, errback }) => ({
    callback: functionFor(callback),
    errback: functionFor(errback),
  }));
  const initial = side === "callback" ? INITIAL : new Error(INITIAL);
  return fire(stages, initial, (failure) => failure.getErrorMessage());
}

/** What an action does, as a callback or an errback. None at all lets results pass. */
function functionFor(action: Action): (() => string) | undefined {
  switch (action.command) {
    case "return":
      return () => action.value;
    case "fail":
      return () => {
        throw new Error(action.value);
      };
    case "passthru":
      return undefined;
  }
}
