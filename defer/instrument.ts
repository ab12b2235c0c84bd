/**
 * Who wants to know what deferreds do.
 *
 * @module
 */

import { debugging, noteCreation, noteFiring, noting } from "./debugging.ts";
import type { Deferred } from "./deferred.ts";
import { Failure } from "./failure.ts";
import { log } from "./log.ts";
import type { Step } from "./record.ts";

/**
 * What an instrument can be told of deferreds, of those that are created after it was
 * added.
 */
export interface DeferredInstrument {
  /** A deferred was created; a subclass has not initialised it yet. */
  deferredCreated?(d: Deferred<unknown>): void;
  /** It was given its first result, a value or a `Failure`. */
  deferredFired?(d: Deferred<unknown>, result: unknown): void;
  /** A stage of its chain is about to be called. */
  stageBegan?(d: Deferred<unknown>, step: Step): void;
  /** The stage has returned or thrown; `step.result` is what came of it. */
  stageEnded?(d: Deferred<unknown>, step: Step): void;
  /** It waits for another deferred, which a callback has returned. */
  deferredWaiting?(d: Deferred<unknown>, awaited: Deferred<unknown>): void;
  /** Its chain has run to the end, for now. */
  deferredEnded?(d: Deferred<unknown>, result: unknown): void;
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

/** Whether the stages of a new deferred are to be recorded. */
export function isRecording(): boolean {
  return instruments.length > 0 && !telling;
}

export function created(d: Deferred<unknown>): void {
  if (debugging.on) noteCreation(d);
  tell((instrument) => instrument.deferredCreated?.(d));
}

export function fired(d: Deferred<unknown>, result: unknown): void {
  if (debugging.on) noteFiring(d);
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

export function stageBegan(d: Deferred<unknown>, step: Step): void {
  tell((instrument) => instrument.stageBegan?.(d, step));
}

export function stageEnded(d: Deferred<unknown>, step: Step): void {
  tell((instrument) => instrument.stageEnded?.(d, step));
}

function setInstruments(changed: readonly DeferredInstrument[]): void {
  instruments = changed;
  noting.instruments = changed.length > 0;
  noting.on = debugging.on || noting.instruments;
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
