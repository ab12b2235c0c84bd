/**
 * Seeing where a chain stands.
 *
 * @module
 */

import { Deferred, type Snapshot, snapshotOf } from "./deferred.ts";
import { inLine } from "./in_line.ts";
import { numberOf } from "./inspect.ts";

/** How each state but that of waiting for another deferred is put. */
const STATE_TEXTS = {
  waiting: "is waiting to be fired",
  cancelling: "is being cancelled",
  running: "is running a callback",
} as const;

/**
 * Says in text where a deferred stands: whether it waits, runs or is paused; its
 * result, or the deferred that it waits for, and for what that one waits; and
 * the chain still to come, by the names of the functions.
 *
 * @param d the deferred
 * @returns some lines, the first about the deferred itself
 *
 * @example
 * ```ts
 * import { Deferred, describe } from "@deferno/deferno";
 *
 * const d = new Deferred<string>();
 * d.addCallbacks(function gotPoem() {}, function poemFailed() {});
 * d.pause();
 * const [state, chain] = describe(d).split("\n");
 * console.assert(state?.endsWith("is waiting to be fired, paused once"));
 * console.assert(chain === "  to come: gotPoem | poemFailed");
 * ```
 */
export function describe(d: Deferred<unknown>): string {
  const lines: string[] = [];
  let indent = "";
  for (let at: Deferred<unknown> | undefined = d; at !== undefined;) {
    const snapshot = snapshotOf(at);
    lines.push(`${indent}${stateLine(at, snapshot)}`);
    indent += "  ";
    if (snapshot.chain.length > 0) {
      lines.push(`${indent}to come: ${chainText(snapshot)}`);
    }
    at = snapshot.state === "chained" && snapshot.value instanceof Deferred
      ? snapshot.value
      : undefined;
  }
  return lines.join("\n");
}

function stateLine(d: Deferred<unknown>, snapshot: Snapshot): string {
  const { pauses } = snapshot;
  const times = pauses === 1 ? "once" : `${pauses} times`;
  const paused = pauses > 0 ? `, paused ${times}` : "";
  return `${nameOf(d)} ${stateText(snapshot)}${paused}`;
}

function stateText({ state, value }: Snapshot): string {
  if (state === "fired") return `has the result ${inLine(value)}`;
  if (state !== "chained") return STATE_TEXTS[state];
  return value instanceof Deferred
    ? `is waiting for ${nameOf(value)}, which a callback returned`
    : "is waiting";
}

/** The stages to come: callback and errback of each, or what serves as both. */
function chainText({ chain }: Snapshot): string {
  return chain.map(({ callback, errback }) =>
    callback === errback ? callback : `${callback ?? "–"} | ${errback ?? "–"}`
  ).join(", ");
}

function nameOf(d: Deferred<unknown>): string {
  return `${d.constructor.name} #${numberOf(d)}`;
}
