/**
 * The loop of a reactor, turned by hand.
 *
 * @module
 */

import { createLog, type Failure, type Log, log } from "../../defer/mod.ts";
import { createMemoryBackend } from "../backends/memory/backend.ts";
import { Clock } from "../task/clock.ts";
import type { Backend } from "../backend.ts";
import type { ReadDescriptor, WriteDescriptor } from "../interfaces.ts";
import type { OpenPlace, ReactorCore } from "../loop/reactor_core.ts";

/** What connections need of a reactor, without the reactor. */
export class ManualReactor extends Clock implements ReactorCore {
  readonly backend: Backend = createMemoryBackend();
  readonly log: Log = createLog();
  readonly readers: Set<ReadDescriptor> = new Set();
  readonly writers: Set<WriteDescriptor> = new Set();
  #calls: (() => unknown)[] = [];
  #errors: Failure[] = [];
  /** Whether whoever turns the loop will hear of errors. */
  #turning = false;

  constructor() {
    super();
    this.log.addObserver(({ level, text, failure }) => {
      if (level !== "error" || failure === undefined) return;
      if (this.#turning) this.#errors.push(failure);
      // One that comes later, out of a promise, has nobody else to hear of it.
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

  opened(): OpenPlace {
    return { leave() {} };
  }

  /** What is in memory is closed at once. */
  closing(): void {}

  /**
   * Calls a function, and throws the first error that was logged meanwhile.
   * Those after it are thrown the next times.
   */
  turn<R>(fn: () => R): R {
    this.#turning = true;
    let result: R;
    try {
      result = fn();
    } finally {
      this.#turning = false;
    }
    const failure = this.#errors.shift();
    if (failure !== undefined) failure.raiseException();
    return result;
  }

  /** Makes the calls that wait for the next turn of the loop. */
  makeCalls(): boolean {
    const calls = this.#calls;
    this.#calls = [];
    for (const call of calls) call();
    return calls.length > 0;
  }
}
