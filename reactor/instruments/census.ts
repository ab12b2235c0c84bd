import type {
  Instrument,
  InstrumentedReactor,
  LoopCall,
} from "../instrument.ts";
import type { DelayedCall, FileDescriptor, Transport } from "../interfaces.ts";

/**
 * How late delayed calls were made, in seconds.
 * @category Instruments
 */
export interface Lateness {
  /** The least. */
  readonly minimum: number;
  /** Half were earlier. */
  readonly median: number;
  /** One in a hundred was later. */
  readonly p99: number;
}

/**
 * The numbers of one moment.
 * @category Instruments
 */
export interface CensusNumbers {
  /** Open connections. */
  readonly connections: number;
  /** Under way. */
  readonly attempts: number;
  /** Listening ports. */
  readonly ports: number;
  /** Watched for reading, with transports and ports. */
  readonly readers: number;
  /** Watched for writing. */
  readonly writers: number;
  /** Pending delayed calls. */
  readonly timers: number;
  /** In all. */
  readonly bytesReceived: number;
  /** In all. */
  readonly bytesSent: number;
  /** Since the numbers were taken last. */
  readonly turnsPerSecond: number;
  /** Of the last thousand delayed calls; `undefined` without any. */
  readonly lateness: Lateness | undefined;
}

const KEPT = 1000;

/**
 * Counts connections, descriptors, delayed calls, bytes, turns, and how late delayed
 * calls are made, from when it was added.
 * @example
 * ```ts
 * import { Census, createMemoryBackend, Reactor } from "@deferno/deferno";
 *
 * const reactor = new Reactor({ backend: createMemoryBackend() });
 * const census = new Census();
 * reactor.addInstrument(census);
 * reactor.callLater(60, () => {});
 * console.assert(census.numbers().timers === 1);
 * console.assert(`${census}`.startsWith("0 connections, 1 timer,"));
 * ```
 * @category Instruments
 */
export class Census implements Instrument {
  #reactor: InstrumentedReactor | undefined;
  #connections = new Set<Transport>();
  #attempts = 0;
  #ports = 0;
  #watched = {
    reader: new Set<FileDescriptor>(),
    writer: new Set<FileDescriptor>(),
  };
  #timers = new Set<object>();
  #received = 0;
  #sent = 0;
  #turns = 0;
  /** When the numbers were taken last, or the first turn was counted. */
  #since: number | undefined;
  /** A ring, once it is full. */
  #lateness: number[] = [];
  #calls = 0;

  /** The numbers now. */
  numbers(): CensusNumbers {
    const now = this.#now();
    const seconds = now - (this.#since ?? now);
    const turnsPerSecond = seconds > 0 ? this.#turns / seconds : 0;
    this.#since = now;
    this.#turns = 0;
    return {
      connections: this.#connections.size,
      attempts: this.#attempts,
      ports: this.#ports,
      readers: this.#watched.reader.size,
      writers: this.#watched.writer.size,
      timers: this.#timers.size,
      bytesReceived: this.#received,
      bytesSent: this.#sent,
      turnsPerSecond,
      lateness: summary(this.#lateness),
    };
  }

  /** The numbers in a line. */
  toString(): string {
    const numbers = this.numbers();
    const { lateness } = numbers;
    const late = lateness === undefined
      ? ""
      : `, timers late by ${milliseconds(lateness.minimum)} to ${
        milliseconds(lateness.p99)
      } ms (median ${milliseconds(lateness.median)})`;
    return [
      counted(numbers.connections, "connection"),
      counted(numbers.timers, "timer"),
      `${numbers.readers} reading`,
      `${numbers.writers} writing`,
      `${numbers.bytesReceived} bytes in`,
      `${numbers.bytesSent} out`,
      `${Math.round(numbers.turnsPerSecond)} turns/s`,
    ].join(", ") + late;
  }

  addedTo(reactor: InstrumentedReactor): void {
    this.#reactor = reactor;
  }

  turnBegan(): void {
    this.#since ??= this.#now();
    this.#turns++;
  }

  callBegan({ kind, subject }: LoopCall): void {
    if (kind !== "delayed call" || !this.#timers.delete(subject)) return;
    // The kind says what the subject is.
    const late = this.#now() - (subject as DelayedCall).getTime();
    this.#lateness[this.#calls++ % KEPT] = late;
  }

  delayedCallAdded(call: DelayedCall): void {
    this.#timers.add(call);
  }

  delayedCallCancelled(call: DelayedCall): void {
    this.#timers.delete(call);
  }

  descriptorAdded(descriptor: FileDescriptor, kind: "reader" | "writer"): void {
    this.#watched[kind].add(descriptor);
  }

  descriptorRemoved(
    descriptor: FileDescriptor,
    kind: "reader" | "writer",
  ): void {
    this.#watched[kind].delete(descriptor);
  }

  attemptBegan(): void {
    this.#attempts++;
  }

  attemptEnded(): void {
    this.#attempts = Math.max(0, this.#attempts - 1);
  }

  connectionMade(transport: Transport): void {
    this.#connections.add(transport);
  }

  connectionLost(transport: Transport): void {
    this.#connections.delete(transport);
  }

  bytesReceived(_transport: Transport, count: number): void {
    this.#received += count;
  }

  bytesSent(_transport: Transport, count: number): void {
    this.#sent += count;
  }

  portOpened(): void {
    this.#ports++;
  }

  portClosed(): void {
    this.#ports = Math.max(0, this.#ports - 1);
  }

  #now(): number {
    return this.#reactor?.seconds() ?? 0;
  }
}

function summary(values: readonly number[]): Lateness | undefined {
  if (values.length === 0) return undefined;
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor(sorted.length * share)] ?? 0;
  return { minimum: at(0), median: at(0.5), p99: at(0.99) };
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}

function milliseconds(seconds: number): string {
  return (seconds * 1000).toFixed(1);
}
