import {
  type CallbackPair,
  type Deferred,
  insideOf,
  isDeferred,
  nameOf,
  originalOf,
  PAUSED,
  RelayStage,
  type Stage,
  TransferStage,
} from "./deferred.ts";
import { nameOfFunction, preview } from "./text.ts";

/** As deferred.ts numbers them. */
const STATES = [
  "waiting",
  "cancelling",
  "fired",
  "running",
  "chained",
] as const;

export interface Snapshot {
  readonly state: (typeof STATES)[number];
  readonly pauses: number;
  /** The result, or the deferred that it waits for. */
  readonly value: unknown;
  /** The names of the functions still to run. */
  readonly chain: CallbackPair<string | undefined>[];
}

const STATE_TEXTS = {
  waiting: "is waiting to be fired",
  cancelling: "is being cancelled",
  running: "is running a callback",
} as const;

/**
 * Describes a deferred, in lines: its state, its result or what it waits for, and its
 * chain.
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
 * @category Deferred
 */
export function describe(d: Deferred<unknown>): string {
  const lines: string[] = [];
  const seen = new Set<Deferred<unknown>>();
  let indent = "";
  for (let at: Deferred<unknown> | undefined = d; at !== undefined;) {
    const snapshot = snapshotOf(at);
    seen.add(at);
    lines.push(`${indent}${stateLine(at, snapshot)}`);
    indent += "  ";
    if (snapshot.chain.length > 0) {
      lines.push(`${indent}to come: ${chainText(snapshot)}`);
    }
    const source = sourceIn(snapshot);
    // Two that are chained to each other make a cycle.
    at = source !== undefined && seen.has(source) ? undefined : source;
  }
  return lines.join("\n");
}

function stateLine(d: Deferred<unknown>, snapshot: Snapshot): string {
  const { pauses } = snapshot;
  const times = pauses === 1 ? "once" : `${pauses} times`;
  const paused = pauses > 0 ? `, paused ${times}` : "";
  return `${nameOf(d)} ${stateText(snapshot)}${paused}`;
}

function stateText(snapshot: Snapshot): string {
  const { state, value } = snapshot;
  if (state === "fired") return `has the result ${preview(value)}`;
  const source = sourceIn(snapshot);
  if (source !== undefined) {
    const how = state === "chained"
      ? "which a callback returned"
      : "which is chained to it";
    return `is waiting for ${nameOf(source)}, ${how}`;
  }
  return state === "chained" ? "is waiting" : STATE_TEXTS[state];
}

function sourceIn({ state, value }: Snapshot): Deferred<unknown> | undefined {
  if (state !== "chained" && state !== "waiting") return undefined;
  return isDeferred(value) ? value : undefined;
}

function chainText({ chain }: Snapshot): string {
  return chain.map(({ callback, errback }) =>
    callback === errback ? callback : `${callback ?? "–"} | ${errback ?? "–"}`
  ).join(", ");
}

export function snapshotOf(d: Deferred<unknown>): Snapshot {
  const { state, flags, value, stage } = insideOf(d);
  return {
    state: STATES[state] ?? "waiting",
    pauses: Math.floor(flags / PAUSED),
    value,
    chain: [...stagesFrom(stage)].map(namesOf),
  };
}

function* stagesFrom(first: Stage | null): Generator<Stage> {
  for (let stage = first; stage !== null; stage = stage.next) yield stage;
}

function namesOf(stage: Stage): CallbackPair<string | undefined> {
  const special = specialName(stage);
  if (special !== undefined) return { callback: special, errback: special };
  const { callback, errback } = originalOf(stage);
  return {
    callback: callback && (nameOfFunction(callback) || "(anonymous)"),
    errback: errback && (nameOfFunction(errback) || "(anonymous)"),
  };
}

function specialName(stage: Stage): string | undefined {
  if (stage instanceof RelayStage) return stage.recipient.name;
  if (!(stage instanceof TransferStage)) return undefined;
  return stage.awaited
    ? `(the rest of ${nameOf(stage.target)})`
    : "chainDeferred";
}
