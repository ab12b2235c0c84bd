import type { DeferredInstrument, Failure, Log } from "../defer/mod.ts";
import type {
  Connector,
  DelayedCall,
  FileDescriptor,
  Transport,
} from "./interfaces.ts";

/**
 * A kind of call.
 * @category Instruments
 */
export type CallKind =
  | "doRead"
  | "doWrite"
  | "delayed call"
  | "trigger"
  | "call from outside";

/**
 * A call that the loop makes.
 * @category Instruments
 */
export interface LoopCall {
  /** What kind it is. */
  readonly kind: CallKind;
  /** Of a protocol, a factory or a function; may be empty. */
  readonly name: string;
  /** The descriptor, delayed call, trigger or function; the reactor that shuts down. */
  readonly subject: object;
}

/**
 * A reactor, for an instrument.
 * @category Instruments
 */
export interface InstrumentedReactor {
  /** The loop's time. */
  seconds(): number;
  /** Where its errors go. */
  readonly log: Log;
}

/**
 * A port, for an instrument.
 * @category Instruments
 */
export interface InstrumentedPort {
  /** What it listens on. */
  toString(): string;
}

/**
 * Looks into a running reactor, as trio's `Instrument`. Its methods, all optional, are
 * called in the middle of the loop: they have to be fast and change nothing. One that
 * throws is reported and removed.
 * @example
 * ```ts
 * import { createMemoryBackend, type Instrument, Reactor } from "@deferno/deferno";
 *
 * const reactor = new Reactor({ backend: createMemoryBackend() });
 * const names: string[] = [];
 * const instrument: Instrument = { callBegan: ({ name }) => names.push(name) };
 * reactor.addInstrument(instrument);
 * reactor.callLater(0, function greet() {
 *   reactor.stop();
 * });
 * await reactor.run();
 * console.assert(names.includes("greet"));
 * ```
 * @category Instruments
 */
export interface Instrument extends DeferredInstrument {
  /** It was added to a reactor. */
  addedTo?(reactor: InstrumentedReactor): void;
  /** It was removed, or threw. */
  removedFrom?(reactor: InstrumentedReactor): void;

  /**
   * A turn begins.
   * @param slept in seconds, before it
   */
  turnBegan?(slept: number): void;
  /** The turn is over: the loop waits. */
  turnEnded?(): void;
  /**
   * A call begins. What comes of it lies within: of `doRead`, `dataReceived` and
   * `connectionLost`.
   */
  callBegan?(call: LoopCall): void;
  /** It is over; the same object. */
  callEnded?(call: LoopCall): void;

  /**
   * `callFromThread`, `callWhenRunning` or `addSystemEventTrigger` was given a function:
   * the subject of a call to come.
   */
  callAdded?(subject: object): void;
  /** By `callLater`. */
  delayedCallAdded?(call: DelayedCall): void;
  /** By `reset` or `delay`. */
  delayedCallMoved?(call: DelayedCall): void;
  /** It was cancelled. */
  delayedCallCancelled?(call: DelayedCall): void;

  /** The loop watches it. */
  descriptorAdded?(descriptor: FileDescriptor, kind: "reader" | "writer"): void;
  /** The loop watches it no more. */
  descriptorRemoved?(
    descriptor: FileDescriptor,
    kind: "reader" | "writer",
  ): void;

  /** A client connects. */
  attemptBegan?(connector: Connector): void;
  /**
   * An attempt is over.
   * @param reason why it failed; `undefined` with a connection
   */
  attemptEnded?(connector: Connector, reason: Failure | undefined): void;
  /** Its protocol is told next. */
  connectionMade?(transport: Transport): void;
  /** Its protocol gets them next. */
  bytesReceived?(transport: Transport, count: number): void;
  /** The system took them. */
  bytesSent?(transport: Transport, count: number): void;
  /** By `pauseProducing()`. */
  connectionPaused?(transport: Transport): void;
  /** By `resumeProducing()`. */
  connectionResumed?(transport: Transport): void;
  /** Its protocol is told next. */
  connectionLost?(transport: Transport, reason: Failure): void;
  /** A port listens. */
  portOpened?(port: InstrumentedPort): void;
  /** It listens no more. */
  portClosed?(port: InstrumentedPort): void;
}
