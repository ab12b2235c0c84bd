import { LinkedList, type Node } from "../../defer/linked_list.ts";
import { Failure, type Log } from "../../defer/mod.ts";
import {
  addDeferredInstrument,
  removeDeferredInstrument,
} from "../../defer/debugging.ts";
import { nameOfFunction } from "../../defer/text.ts";
import type { Backend, Stream } from "../backend.ts";
import type {
  Instrument,
  InstrumentedReactor,
  LoopCall,
} from "../instrument.ts";
import type {
  ReactorTime,
  ReadDescriptor,
  WriteDescriptor,
} from "../interfaces.ts";
import { type Loggable, logPrefixOf } from "../log_prefix.ts";
import type { Sleeper } from "./sleeper.ts";

// What connections and ports use of their reactor.

export interface EventLoop extends ReactorTime {
  readonly backend: Backend;
  readonly log: Log;
  addReader(reader: ReadDescriptor): void;
  removeReader(reader: ReadDescriptor): void;
  addWriter(writer: WriteDescriptor): void;
  removeWriter(writer: WriteDescriptor): void;
  callFromThread<A extends unknown[]>(
    fn: (...args: A) => unknown,
    ...args: A
  ): void;
}

export interface Disconnectable {
  /** Ends it now, and reports that. Settles when the runtime has ended it. */
  disconnectNow(reason: Failure): void | Promise<void>;
}

export class ReactorCore {
  readonly loop: EventLoop;
  readonly instruments: Instruments;
  readonly #ports: LinkedList<Disconnectable> = new LinkedList();
  readonly #connections: LinkedList<Disconnectable> = new LinkedList();
  readonly #closing: Set<Promise<void>> = new Set();

  constructor(loop: EventLoop) {
    this.loop = loop;
    this.instruments = new Instruments({
      seconds: () => loop.backend.seconds(),
      get log() {
        return loop.log;
      },
    });
  }

  opened(
    thing: Disconnectable,
    kind: "port" | "connection",
  ): Node<Disconnectable> {
    return (kind === "port" ? this.#ports : this.#connections).push(thing);
  }

  /**
   * On the next turn: runtimes report at any time, between turns or inside a call.
   * @param owner for instruments
   */
  callInLoop(
    owner: Loggable,
    stillMatters: () => boolean,
    fn: () => void,
  ): void {
    const call = () => {
      if (stillMatters()) fn();
    };
    if (this.instruments.active) {
      Object.defineProperty(call, "name", { value: logPrefixOf(owner) });
    }
    this.loop.callFromThread(call);
  }

  /** `run()` waits for it. */
  closing(closed: Promise<void>): void {
    const settled = Promise.resolve(closed)
      .catch((error) => this.#closeFailed(error))
      .then(() => void this.#closing.delete(settled));
    this.#closing.add(settled);
  }

  /** Logs what the backend throws: the caller still reports the end. */
  endStream(stream: Stream, how: "close" | "abort"): void {
    try {
      const closed = stream[how]();
      if (closed !== undefined) this.closing(closed);
    } catch (error) {
      this.closing(Promise.reject(error));
    }
  }

  disconnectAll(reason: Failure): void {
    for (const thing of [...this.#ports, ...this.#connections]) {
      try {
        const closed = thing.disconnectNow(reason);
        if (closed !== undefined) this.closing(closed);
      } catch (error) {
        // It must not keep the others open.
        this.#closeFailed(error);
      }
    }
  }

  /** Also what is added meanwhile. */
  async allClosed(sleeper: Sleeper): Promise<void> {
    while (this.#closing.size > 0) {
      await sleeper.sleepUntil(Promise.all(this.#closing));
    }
  }

  #closeFailed(error: unknown): void {
    this.loop.log.err(
      new Failure(error, { raised: true }),
      "Unhandled error in what was being closed:",
    );
  }
}

/**
 * Who has something to tell asks `active` first, so that it costs nothing without
 * instruments.
 */
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
