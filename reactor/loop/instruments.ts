/**
 * The instruments of a reactor.
 *
 * @module
 */

import { Failure } from "../../defer/mod.ts";
import {
  addDeferredInstrument,
  removeDeferredInstrument,
} from "../../defer/noter.ts";
import type {
  Instrument,
  InstrumentedReactor,
  LoopCall,
} from "../instrument.ts";

/**
 * Tells instruments what the loop does. Whoever has something to tell asks first
 * whether there is an instrument, so that it costs nothing without.
 */
export class Instruments {
  /** Whether there is one. */
  active = false;
  #reactor: InstrumentedReactor;
  #list: readonly Instrument[] = [];

  constructor(reactor: InstrumentedReactor) {
    this.#reactor = reactor;
  }

  add(instrument: Instrument): void {
    if (this.#list.includes(instrument)) return;
    this.#set([...this.#list, instrument]);
    addDeferredInstrument(instrument);
    this.#tellOne(instrument, () => instrument.addedTo?.(this.#reactor));
  }

  remove(instrument: Instrument): void {
    if (!this.#list.includes(instrument)) return;
    this.#set(this.#list.filter((one) => one !== instrument));
    removeDeferredInstrument(instrument);
    this.#tellOne(instrument, () => instrument.removedFrom?.(this.#reactor));
  }

  tell(notify: (instrument: Instrument) => void): void {
    for (const instrument of this.#list) {
      this.#tellOne(instrument, () => notify(instrument));
    }
  }

  /** Makes a call between two notices. */
  around<R>(call: LoopCall, make: () => R): R {
    this.tell((instrument) => instrument.callBegan?.(call));
    try {
      return make();
    } finally {
      this.tell((instrument) => instrument.callEnded?.(call));
    }
  }

  #set(list: readonly Instrument[]): void {
    this.#list = list;
    this.active = list.length > 0;
  }

  #tellOne(instrument: Instrument, notify: () => void): void {
    try {
      notify();
    } catch (error) {
      this.#reactor.log.err(
        new Failure(error, { raised: true }),
        "An instrument was removed, because it threw:",
      );
      this.remove(instrument);
    }
  }
}
