// What connections and ports use of their reactor.

import { Failure, type Log } from "../../defer/mod.ts";
import type { Backend, Stream } from "../backend.ts";
import type {
  ReactorTime,
  ReadDescriptor,
  WriteDescriptor,
} from "../interfaces.ts";
import { LinkedList, type Node } from "../../defer/linked_list.ts";
import { type Loggable, logPrefixOf } from "../log_prefix.ts";
import { Instruments } from "./instruments.ts";
import type { Sleeper } from "./sleeper.ts";

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
  readonly #closing: LinkedList<Promise<void>> = new LinkedList();

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
   * @param fn asks whether it still matters
   */
  callInLoop(owner: Loggable, fn: () => void): void {
    if (this.instruments.active) {
      Object.defineProperty(fn, "name", { value: logPrefixOf(owner) });
    }
    this.loop.callFromThread(fn);
  }

  /** `run()` waits for it. */
  closing(closed: Promise<void>): void {
    const settled = Promise.resolve(closed)
      .catch((error) => this.#closeFailed(error))
      .then(() => node.remove());
    const node = this.#closing.push(settled);
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
