/**
 * Who wants to know what deferreds do: their history, and instruments.
 *
 * @module
 */

import { type Deferred, startRecord } from "./deferred.ts";
import { Failure } from "./failure.ts";
import type { DeferredInstrument } from "./instrument.ts";
import { log } from "./log.ts";
import { debugging, type Noter, noting } from "./noting.ts";
import { observers, recorder, type Step } from "./record.ts";

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

/** Those that were created while there was an instrument. */
const known = new WeakSet<Deferred<unknown>>();

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

/** Takes the notes of all deferreds. */
export const noter: Noter = {
  get hasInstruments() {
    return instruments.length > 0;
  },
  created(d) {
    if (debugging.on) debugging.history?.noteCreation(d);
    if (instruments.length === 0 || telling) return;
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

function stageBegan(d: Deferred<unknown>, step: Step): void {
  tell((instrument) => instrument.stageBegan?.(d, step));
}

function stageEnded(d: Deferred<unknown>, step: Step): void {
  tell((instrument) => instrument.stageEnded?.(d, step));
}

function setInstruments(changed: readonly DeferredInstrument[]): void {
  instruments = changed;
  const some = changed.length > 0;
  noting.noter = some || debugging.on ? noter : undefined;
  observers.began = some ? stageBegan : undefined;
  observers.ended = some ? stageEnded : undefined;
}

function tellOf(
  d: Deferred<unknown>,
  notify: (instrument: DeferredInstrument) => void,
): void {
  if (known.has(d)) tell(notify);
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
