/**
 * What an instrument is: trio's `Instrument`, for a reactor.
 * @module
 */

import type { DeferredInstrument, Failure, Log } from "../defer/mod.ts";
import type {
  Connector,
  DelayedCall,
  FileDescriptor,
  Transport,
} from "./interfaces.ts";

/**
 * What kind of call the loop makes.
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
  /** What kind of call it is. */
  readonly kind: CallKind;
  /** Whose: the name of a protocol, of a factory or of a function; may be empty. */
  readonly name: string;
  /** The descriptor, the delayed call, the function, or the reactor that shuts down. */
  readonly subject: object;
}

/**
 * What an instrument is told of, that is part of a reactor.
 * @category Instruments
 */
export interface InstrumentedReactor {
  /** The time that its loop goes by, in seconds. */
  seconds(): number;
  /** Where its errors go. */
  readonly log: Log;
}

/**
 * A port, for an instrument.
 * @category Instruments
 */
export interface InstrumentedPort {
  /** What it listens on, for people. */
  toString(): string;
}

/**
 * Something that looks into a running reactor. Every method is optional; each is called
 * where it happens, in the middle of the loop, so it has to be fast, and to change
 * nothing. One that throws is reported and removed.
 *
 * Twisted has nothing like it; trio has `trio.abc.Instrument`.
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
  /** It was removed from a reactor, by the program or because it threw. */
  removedFrom?(reactor: InstrumentedReactor): void;

  /**
   * A turn of the loop begins.
   * @param slept the seconds that the loop has waited before it
   */
  turnBegan?(slept: number): void;
  /** The turn is over: the loop waits. */
  turnEnded?(): void;
  /**
   * The loop is about to call something. What comes of it lies within the call: of
   * `doRead`, the protocol's `dataReceived` and `connectionLost`.
   */
  callBegan?(call: LoopCall): void;
  /** The call is over; the same object as it began with. */
  callEnded?(call: LoopCall): void;

  /** `callLater` has made a call. */
  delayedCallAdded?(call: DelayedCall): void;
  /** `reset` or `delay` has moved it. */
  delayedCallMoved?(call: DelayedCall): void;
  /** It was cancelled. */
  delayedCallCancelled?(call: DelayedCall): void;

  /** The loop watches a descriptor. */
  descriptorAdded?(
    descriptor: FileDescriptor,
    kind: "reader" | "writer",
  ): void;
  /** The loop does not watch it any more. */
  descriptorRemoved?(
    descriptor: FileDescriptor,
    kind: "reader" | "writer",
  ): void;

  /** A client begins to connect. */
  attemptBegan?(connector: Connector): void;
  /**
   * An attempt is over.
   * @param reason why it failed; `undefined` if there is a connection
   */
  attemptEnded?(connector: Connector, reason: Failure | undefined): void;
  /** There is a connection; its protocol is told next. */
  connectionMade?(transport: Transport): void;
  /** So many bytes came; its protocol gets them next. */
  bytesReceived?(transport: Transport, count: number): void;
  /** The system has taken so many bytes. */
  bytesSent?(transport: Transport, count: number): void;
  /** It does not read: `pauseProducing()`. */
  connectionPaused?(transport: Transport): void;
  /** It reads again: `resumeProducing()`. */
  connectionResumed?(transport: Transport): void;
  /** The connection has ended; its protocol is told next. */
  connectionLost?(transport: Transport, reason: Failure): void;
  /** A port listens. */
  portOpened?(port: InstrumentedPort): void;
  /** It does not listen any more. */
  portClosed?(port: InstrumentedPort): void;
}
