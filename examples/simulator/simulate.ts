/**
 * The simulation: a real deferred, fired, and what it recorded of its run.
 *
 * @module
 */

import { Deferred, Failure, trace } from "../../mod.ts";
import type { Action, Pair } from "./pair.ts";
import type { Run, Side, Value } from "./step.ts";

const INITIAL = "initial";

/** Fires a deferred that has these pairs, and tells what they did. */
export function simulate(pairs: Pair[], side: Side): Run {
  const d = new Deferred<string>();
  const recorded = trace(d);
  for (const { callback, errback } of pairs) {
    d.addCallbacks(functionFor(callback), functionFor(errback));
  }
  if (side === "callback") d.callback(INITIAL);
  else d.errback(new Error(INITIAL));

  const steps = recorded.map(({ side, argument, result }) => ({
    side,
    argument: valueOf(argument),
    result: valueOf(result),
  }));
  // A failure at the end is drawn, and with that it is handled.
  d.addErrback(() => {});
  return {
    side,
    initial: { text: INITIAL, failed: side === "errback" },
    steps,
  };
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

function valueOf(result: unknown): Value {
  return result instanceof Failure
    ? { text: result.getErrorMessage(), failed: true }
    : { text: `${result}`, failed: false };
}
