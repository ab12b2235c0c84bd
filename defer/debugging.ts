// To look into deferreds: where they were made, the stages that they reached, what they
// wait for.

import {
  type Callable,
  type CallbackPair,
  type Deferred,
  insideOf,
  isDeferred,
  nameOf,
  originalOf,
  type Recorder,
  type Stage,
  stages,
  startRecord,
} from "./deferred.ts";
import { caught } from "./failure.ts";
import { callLaterUnref } from "./host.ts";
import { isFailure } from "./identity.ts";
import type { DeferredInstrument } from "./instrument.ts";
import { debugging, type Noter, noting } from "./noting.ts";
import { nameOfFunction, preview } from "./text.ts";

/**
 * Twisted's `defer.setDebugging`; off by default, as it takes a stack for each deferred.
 * While on, an `AlreadyCalledError` and the report of an unhandled error tell where the
 * deferred was created and first fired, and errors unhandled for one second are reported.
 * Earlier deferreds have no history.
 * @category Deferred
 */
export function setDebugging(on: boolean): void {
  debugging.on = on;
  if (on) {
    debugging.history = { noteCreation, noteFiring, historyOf, afterGrace };
  }
  updateNoter();
}

/**
 * Whether it is on: Twisted's `defer.getDebugging`.
 * @category Deferred
 */
export function getDebugging(): boolean {
  return debugging.on;
}

interface History {
  readonly created: string;
  fired: string | undefined;
}

const histories = new WeakMap<object, History>();

function noteCreation(d: object): void {
  histories.set(d, { created: stackHere(), fired: undefined });
}

function noteFiring(d: object): void {
  const history = histories.get(d);
  if (history !== undefined) history.fired ??= stackHere();
}

function historyOf(d: object): string {
  const history = histories.get(d);
  if (history === undefined) return "";
  const { created, fired } = history;
  return `\nThe deferred was created here:\n${created}` +
    (fired === undefined ? "" : `\nIt was fired first here:\n${fired}`);
}

/** This folder in stacks, empty in a bundle. Found at first use: that takes a stack. */
let folder: string | undefined;

/** The frames outside this folder. */
function stackHere(): string {
  const { stack = "" } = new Error();
  folder ??= /([^\s(]*[\\/])debugging\.[jt]s:/.exec(stack)?.[1] ?? "";
  const own = folder;
  const lines = stack.split("\n").slice(1);
  const outside = own === "" ? [] : lines.filter((line) => !line.includes(own));
  return (outside.length > 0 ? outside : lines).join("\n");
}

const GRACE_SECONDS = 1;

let callLater = callLaterUnref;

/** For tests. */
export function setUnhandledErrorTimer(timer: typeof callLaterUnref): void {
  callLater = timer;
}

function afterGrace(fn: () => void): void {
  callLater(GRACE_SECONDS, fn);
}

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
    tell((instrument) => instrument.stageBegan?.(d, step));
    if (call === undefined) step.result = argument;
    try {
      if (call !== undefined) step.result = call(argument);
      return step.result;
    } catch (error) {
      step.result = caught(error);
      throw error;
    } finally {
      tell((instrument) => instrument.stageEnded?.(d, step));
    }
  };
}

function recordedStage(d: Deferred<unknown>, stage: Stage): Stage {
  if (stage.callback === stages.transferMarker) return stage;
  const original = originalOf(stage);
  const recorded = new stages.Stage(
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
  recordOf(d).push({ side, name, passed: false, argument, result: undefined });
}

const recorder: Recorder = { stage: recordedStage, transfer: recordTransfer };

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

type Notice = keyof DeferredInstrument;

const NOTICES: Record<Notice, true> = {
  deferredCreated: true,
  deferredFired: true,
  stageBegan: true,
  stageEnded: true,
  deferredWaiting: true,
  deferredEnded: true,
};

type Failed = (error: unknown) => void;

let instruments: ReadonlyMap<DeferredInstrument, Failed> = new Map();

/** An instrument is not told of deferreds that it uses itself. */
let telling = false;

/** Created while there was an instrument. */
const known = new WeakSet<Deferred<unknown>>();

/** @param failed called to remove one that has thrown */
export function addDeferredInstrument(
  instrument: DeferredInstrument,
  failed: Failed,
): void {
  if (!Object.keys(NOTICES).some((notice) => notice in instrument)) return;
  setInstruments([...instruments, [instrument, failed]]);
}

export function removeDeferredInstrument(instrument: DeferredInstrument): void {
  setInstruments([...instruments].filter(([one]) => one !== instrument));
}

const noter: Noter = {
  created(d) {
    if (debugging.on) debugging.history?.noteCreation(d);
    if (instruments.size === 0 || telling) return;
    known.add(d);
    startRecord(d, recorder);
    tell((instrument) => instrument.deferredCreated?.(d));
  },
  fired(d, result) {
    if (debugging.on) debugging.history?.noteFiring(d);
    tellOf(d, (instrument) => instrument.deferredFired?.(d, result));
  },
  waiting(d, awaited) {
    tellOf(d, (instrument) => instrument.deferredWaiting?.(d, awaited));
  },
  ended(d, result) {
    tellOf(d, (instrument) => instrument.deferredEnded?.(d, result));
  },
};

function setInstruments(
  changed: Iterable<readonly [DeferredInstrument, Failed]>,
): void {
  instruments = new Map(changed);
  updateNoter();
}

function updateNoter(): void {
  noting.noter = debugging.on || instruments.size > 0 ? noter : undefined;
}

function tellOf(
  d: Deferred<unknown>,
  notify: (instrument: DeferredInstrument) => void,
): void {
  if (known.has(d)) tell(notify);
}

function tell(notify: (instrument: DeferredInstrument) => void): void {
  if (telling) return;
  telling = true;
  for (const [instrument, failed] of instruments) {
    // Another one may have removed it meanwhile.
    if (!instruments.has(instrument)) continue;
    try {
      notify(instrument);
    } catch (error) {
      failed(error);
    }
  }
  telling = false;
}

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
 * Describes a deferred, in lines: its state, its result or what it waits for, its chain.
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
    pauses: Math.floor(flags / stages.PAUSED),
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
  if (stage instanceof stages.RelayStage) return stage.recipient.name;
  if (!(stage instanceof stages.TransferStage)) return undefined;
  return stage.awaited
    ? `(the rest of ${nameOf(stage.target)})`
    : "chainDeferred";
}
