import { Failure } from "../../defer/mod.ts";
import {
  addDeferredInstrument,
  removeDeferredInstrument,
} from "../../defer/debugging.ts";
import { nameOfFunction } from "../../defer/text.ts";
import type {
  Instrument,
  InstrumentedReactor,
  LoopCall,
} from "../instrument.ts";

/** Who tells them often asks `active` first: without instruments it costs nothing. */
export class Instruments {
  active = false;
  #reactor: InstrumentedReactor;
  #list: readonly Instrument[] = [];

  constructor(reactor: InstrumentedReactor) {
    this.#reactor = reactor;
  }

  add(instrument: Instrument): void {
    if (this.#list.includes(instrument)) return;
    this.#set([...this.#list, instrument]);
    addDeferredInstrument(
      instrument,
      (error) => this.#failed(instrument, error),
    );
    this.#tellOne(instrument, () => instrument.addedTo?.(this.#reactor));
  }

  remove(instrument: Instrument): void {
    if (!this.#list.includes(instrument)) return;
    this.#set(this.#list.filter((one) => one !== instrument));
    removeDeferredInstrument(instrument);
    this.#tellOne(instrument, () => instrument.removedFrom?.(this.#reactor));
  }

  tell(notify: (instrument: Instrument) => void): void {
    this.#tellThose(this.#list, notify);
  }

  /** An instrument added meanwhile gets no end. */
  around<R>(call: LoopCall, make: () => R): R {
    const list = this.#list;
    this.#tellThose(list, (instrument) => instrument.callBegan?.(call));
    try {
      return make();
    } finally {
      this.#tellThose(list, (instrument) => instrument.callEnded?.(call));
    }
  }

  /** One can be removed while they are told. */
  #tellThose(
    list: readonly Instrument[],
    notify: (instrument: Instrument) => void,
  ): void {
    for (const instrument of list) {
      if (list !== this.#list && !this.#list.includes(instrument)) continue;
      this.#tellOne(instrument, () => notify(instrument));
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
      this.#failed(instrument, error);
    }
  }

  #failed(instrument: Instrument, error: unknown): void {
    this.#reactor.log.err(
      new Failure(error, { raised: true }),
      "An instrument was removed, because it threw:",
    );
    this.remove(instrument);
  }
}

/** Also of a bound one. */
export function nameOfCalled(fn: () => unknown): string {
  return nameOfFunction(fn).replace(/^(bound )+/, "");
}
