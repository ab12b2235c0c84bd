import { type Deferred, startRecord } from "./deferred.ts";
import type { DeferredInstrument } from "./instrument.ts";
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

export const noter: Noter = {
  get hasInstruments() {
    return instruments.size > 0;
  },
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
  const some = instruments.size > 0;
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
