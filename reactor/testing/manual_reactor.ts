import { createLog, type Failure, type Log, log } from "../../defer/mod.ts";
import { createMemoryBackend } from "../backends/memory/backend.ts";
import { Clock } from "../task/clock.ts";
import type { Backend } from "../backend.ts";
import type { ReadDescriptor, WriteDescriptor } from "../interfaces.ts";
import { type EventLoop, ReactorCore } from "../loop/reactor_core.ts";

export class ManualReactor extends Clock implements EventLoop {
  readonly core: ReactorCore = new ReactorCore(this);
  readonly backend: Backend = createMemoryBackend();
  readonly log: Log = createLog();
  readonly readers: Set<ReadDescriptor> = new Set();
  readonly writers: Set<WriteDescriptor> = new Set();
  #calls: (() => unknown)[] = [];
  #errors: Failure[] = [];
  #turning = false;

  constructor() {
    super();
    this.log.addObserver(({ level, text, failure }) => {
      if (level !== "error" || failure === undefined) return;
      if (this.#turning) this.#errors.push(failure);
      // A promise's late one has no `turn` to throw it.
      else log.err(failure, text);
    });
  }

  addReader(reader: ReadDescriptor): void {
    this.readers.add(reader);
  }

  removeReader(reader: ReadDescriptor): void {
    this.readers.delete(reader);
  }

  addWriter(writer: WriteDescriptor): void {
    this.writers.add(writer);
  }

  removeWriter(writer: WriteDescriptor): void {
    this.writers.delete(writer);
  }

  callFromThread<A extends unknown[]>(
    fn: (...args: A) => unknown,
    ...args: A
  ): void {
    this.#calls.push(() => fn(...args));
  }

  /**
   * Calls a function, and throws the first error logged meanwhile; the next calls throw
   * the others.
   */
  turn<R>(fn: () => R): R {
    this.#turning = true;
    let result: R;
    try {
      result = fn();
    } finally {
      this.#turning = false;
    }
    this.#errors.shift()?.raiseException();
    return result;
  }

  /** Of `callFromThread`; `false` without any. */
  makeCalls(): boolean {
    const calls = this.#calls.splice(0);
    for (const call of calls) call();
    return calls.length > 0;
  }
}
