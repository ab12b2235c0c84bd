/**
 * What the worker reports of a reactor and its deferreds: an instrument.
 *
 * @module
 */

import { snapshotOf } from "../../defer/debugging.ts";
import {
  type Deferred,
  type DelayedCall,
  Failure,
  type FileDescriptor,
  type Instrument,
  type LoopCall,
  type Step,
} from "../../mod.ts";
import type { Happening, NamePair } from "./messages.ts";
import type { StackReader } from "./stacks.ts";

const LONGEST_RESULT = 60;
/** Of more, the chains are told of when they fire. */
const MOST_UNFIRED = 100;

/** Reports what it is told. */
export class Probe implements Instrument {
  #tell: (happening: Happening) => void;
  #stacks: StackReader;
  #numbers = new WeakMap<object, number>();
  #count = 0;
  #timers = new Map<DelayedCall, string>();
  #readers = new Set<FileDescriptor>();
  #writers = new Set<FileDescriptor>();
  /** Those that have not fired, with the last that was told of their chains. */
  #unfired = new Map<Deferred<unknown>, string>();

  constructor(tell: (happening: Happening) => void, stacks: StackReader) {
    this.#tell = tell;
    this.#stacks = stacks;
  }

  turnBegan(slept: number): void {
    this.#tell({ what: "turn", slept });
  }

  turnEnded(): void {
    for (const d of this.#unfired.keys()) this.#tellChain(d);
    const timers = [...this.#timers].map(([call, name]) => ({
      name,
      time: call.getTime(),
    })).sort((a, b) => a.time - b.time);
    this.#tell({
      what: "asleep",
      timers,
      readers: [...this.#readers].map((one) => one.logPrefix()),
      writers: [...this.#writers].map((one) => one.logPrefix()),
    });
  }

  callBegan({ kind, name, subject }: LoopCall): void {
    for (const call of this.#timers.keys()) {
      if (call === subject) this.#timers.delete(call);
    }
    this.#tell({ what: "call", kind, name });
  }

  callEnded(): void {
    this.#tell({ what: "call over" });
  }

  delayedCallAdded(call: DelayedCall): void {
    this.#timers.set(call, `${call}`.replace(/^DelayedCall\((.*)\)$/, "$1"));
  }

  delayedCallCancelled(call: DelayedCall): void {
    this.#timers.delete(call);
  }

  descriptorAdded(descriptor: FileDescriptor, kind: "reader" | "writer"): void {
    this.#watched(kind).add(descriptor);
  }

  descriptorRemoved(
    descriptor: FileDescriptor,
    kind: "reader" | "writer",
  ): void {
    this.#watched(kind).delete(descriptor);
  }

  deferredCreated(d: Deferred<unknown>): void {
    if (this.#unfired.size < MOST_UNFIRED) this.#unfired.set(d, "");
  }

  deferredFired(d: Deferred<unknown>, result: unknown): void {
    this.#tellChain(d);
    this.#unfired.delete(d);
    const deferred = this.#numberOf(d);
    this.#tell({ what: "fired", deferred, ...outcome(result) });
  }

  stageBegan(
    d: Deferred<unknown>,
    { side, name, passed, argument }: Step,
  ): void {
    const { result, failed } = outcome(argument);
    this.#tell({
      what: "stage",
      deferred: this.#numberOf(d),
      side,
      name,
      passed,
      argument: result,
      failed,
      stack: this.#stacks.here(),
    });
  }

  stageEnded(d: Deferred<unknown>, { result }: Step): void {
    this.#tell({
      what: "stage over",
      deferred: this.#numberOf(d),
      ...outcome(result),
    });
  }

  deferredWaiting(d: Deferred<unknown>, awaited: Deferred<unknown>): void {
    this.#tell({
      what: "waits",
      deferred: this.#numberOf(d),
      awaited: this.#numberOf(awaited),
    });
  }

  deferredEnded(d: Deferred<unknown>, result: unknown): void {
    const deferred = this.#numberOf(d);
    this.#tell({ what: "ended", deferred, ...outcome(result) });
  }

  #tellChain(d: Deferred<unknown>): void {
    const pairs = snapshotOf(d).chain.map((
      { callback, errback },
    ): NamePair => [callback ?? "", errback ?? ""]);
    const text = JSON.stringify(pairs);
    if (this.#unfired.get(d) === text) return;
    this.#unfired.set(d, text);
    this.#tell({ what: "chain", deferred: this.#numberOf(d), pairs });
  }

  #watched(kind: "reader" | "writer"): Set<FileDescriptor> {
    return kind === "reader" ? this.#readers : this.#writers;
  }

  #numberOf(d: object): number {
    let number = this.#numbers.get(d);
    if (number === undefined) {
      number = ++this.#count;
      this.#numbers.set(d, number);
    }
    return number;
  }
}

function outcome(value: unknown): { result: string; failed: boolean } {
  const failed = value instanceof Failure;
  const text = failed
    ? `${value.type?.name}: ${value.getErrorMessage()}`
    : typeof value === "string"
    ? JSON.stringify(value)
    : String(value);
  const result = text.length > LONGEST_RESULT
    ? `${text.slice(0, LONGEST_RESULT - 1)}…`
    : text;
  return { result, failed };
}
