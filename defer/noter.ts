// Who wants to know what deferreds do: their history, and instruments.

import { debugging, noting } from "./debugging.ts";
import type { Deferred } from "./deferred.ts";
import type { DeferredInstrument } from "./instrument.ts";
// This module itself, to be handed to the deferreds.
import * as noter from "./noter.ts";
import { observers, recorder, type Step } from "./record.ts";

export { recorder };

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

/** Each with what is called when it throws. */
let instruments: ReadonlyMap<DeferredInstrument, Failed> = new Map();

/** An instrument may use deferreds: it is not told of what it does itself. */
let telling = false;

/**
 * Tells an instrument of all deferreds, if it wants to know.
 *
 * @param failed called when it has thrown, to remove it
 */
export function addDeferredInstrument(
  instrument: DeferredInstrument,
  failed: Failed,
): void {
  if (!Object.keys(NOTICES).some((notice) => notice in instrument)) return;
  setInstruments([...instruments, [instrument, failed]]);
}

/** Tells it no more. */
export function removeDeferredInstrument(instrument: DeferredInstrument): void {
  setInstruments([...instruments].filter(([one]) => one !== instrument));
}

export function hasInstruments(): boolean {
  return instruments.size > 0;
}

/** Whether the stages of a new deferred are to be recorded. */
export function isRecording(): boolean {
  return hasInstruments() && !telling;
}

export function created(d: Deferred<unknown>): void {
  if (debugging.on) debugging.history?.noteCreation(d);
  tell((instrument) => instrument.deferredCreated?.(d));
}

export function fired(d: Deferred<unknown>, result: unknown): void {
  if (debugging.on) debugging.history?.noteFiring(d);
  tell((instrument) => instrument.deferredFired?.(d, result));
}

export function waiting(
  d: Deferred<unknown>,
  awaited: Deferred<unknown>,
): void {
  tell((instrument) => instrument.deferredWaiting?.(d, awaited));
}

export function ended(d: Deferred<unknown>, result: unknown): void {
  tell((instrument) => instrument.deferredEnded?.(d, result));
}

function stageBegan(d: Deferred<unknown>, step: Step): void {
  tell((instrument) => instrument.stageBegan?.(d, step));
}

function stageEnded(d: Deferred<unknown>, step: Step): void {
  tell((instrument) => instrument.stageEnded?.(d, step));
}

function setInstruments(
  changed: Iterable<readonly [DeferredInstrument, Failed]>,
): void {
  instruments = new Map(changed);
  const some = hasInstruments();
  noting.noter = noter;
  noting.on = debugging.on || some;
  observers.began = some ? stageBegan : undefined;
  observers.ended = some ? stageEnded : undefined;
}

function tell(notify: (instrument: DeferredInstrument) => void): void {
  if (telling) return;
  telling = true;
  for (const [instrument, failed] of instruments) {
    try {
      notify(instrument);
    } catch (error) {
      failed(error);
    }
  }
  telling = false;
}
