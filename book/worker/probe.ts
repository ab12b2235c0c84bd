/**
 * What the worker reports of a reactor and its deferreds: an instrument.
 *
 * @module
 */

import { snapshotOf } from "../../defer/describe.ts";
import {
  type Deferred,
  type DelayedCall,
  Failure,
  type FileDescriptor,
  type Instrument,
  type LoopCall,
  type Step,
} from "../../mod.ts";
import type { Happening } from "./messages.ts";
import type { StackReader } from "./stacks.ts";

const LONGEST_RESULT = 60;

/** Reports what it is told. */
export class Probe implements Instrument {
  #tell: (happening: Happening) => void;
  #stacks: StackReader;
  #numbers = new WeakMap<object, number>();
  #count = 0;
  #timers = new Map<DelayedCall, string>();
  #readers = new Set<FileDescriptor>();
  #writers = new Set<FileDescriptor>();

  constructor(tell: (happening: Happening) => void, stacks: StackReader) {
    this.#tell = tell;
    this.#stacks = stacks;
  }

  turnBegan(slept: number): void {
    this.#tell({ what: "turn", slept });
  }

  turnEnded(): void {
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

  deferredFired(d: Deferred<unknown>, result: unknown): void {
    const pairs = snapshotOf(d).chain.map(({ callback, errback }) =>
      [callback ?? "", errback ?? ""] as const
    );
    const deferred = this.#numberOf(d);
    this.#tell({ what: "chain", deferred, pairs });
    this.#tell({ what: "fired", deferred, ...outcome(result) });
  }

  stageBegan(d: Deferred<unknown>, { side, name }: Step): void {
    const stack = this.#stacks.frames(new Error().stack);
    this.#tell({
      what: "stage",
      deferred: this.#numberOf(d),
      side,
      name,
      stack,
    });
  }

  stageEnded(d: Deferred<unknown>, { result }: Step): void {
    this.#tell({
      what: "stage over",
      deferred: this.#numberOf(d),
      ...outcome(result),
    });
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
