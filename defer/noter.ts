/**
 * Who wants to know what deferreds do: their history, and instruments.
 *
 * @module
 */

import { debugging, noting } from "./debugging.ts";
import type { Deferred } from "./deferred.ts";
import { Failure } from "./failure.ts";
import type { DeferredInstrument } from "./instrument.ts";
import { log } from "./log.ts";
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

let instruments: readonly DeferredInstrument[] = [];

/** An instrument may use deferreds: it is not told of what it does itself. */
let telling = false;

/**
 * Tells an instrument of all deferreds, if it wants to know. Idempotent.
 *
 * @returns whether it was added
 */
export function addDeferredInstrument(instrument: DeferredInstrument): boolean {
  const wants = Object.keys(NOTICES).some((notice) => notice in instrument);
  if (!wants || instruments.includes(instrument)) return false;
  setInstruments([...instruments, instrument]);
  return true;
}

/** Tells it no more. */
export function removeDeferredInstrument(instrument: DeferredInstrument): void {
  setInstruments(instruments.filter((one) => one !== instrument));
}

export function hasInstruments(): boolean {
  return instruments.length > 0;
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

function setInstruments(changed: readonly DeferredInstrument[]): void {
  instruments = changed;
  const some = hasInstruments();
  noting.noter = noter;
  noting.on = debugging.on || some;
  observers.began = some ? stageBegan : undefined;
  observers.ended = some ? stageEnded : undefined;
}

/** One that throws is told nothing more. */
function tell(notify: (instrument: DeferredInstrument) => void): void {
  if (telling) return;
  telling = true;
  for (const instrument of instruments) {
    try {
      notify(instrument);
    } catch (error) {
      removeDeferredInstrument(instrument);
      log.err(
        new Failure(error, { raised: true }),
        "An instrument was removed, because it threw:",
      );
    }
  }
  telling = false;
}
