/**
 * A record's track 1 is the loop's: its slices are the turns, in them the calls, in these
 * the stages of deferreds. Each connection has a track. Arrows lead from `callLater` to
 * its call, from bytes received to the call in which the protocol gets them, and from
 * where a deferred fired to the stage that runs because of it.
 * @module
 */

import { numberOf } from "../../defer/identity.ts";
import type { Deferred, Failure, Step } from "../../defer/mod.ts";
import { type Address, UNIXAddress } from "../addresses.ts";
import type {
  Instrument,
  InstrumentedPort,
  InstrumentedReactor,
  LoopCall,
} from "../instrument.ts";
import type { Connector, DelayedCall, Transport } from "../interfaces.ts";

/**
 * An event in Chrome's trace-event format.
 * @category Instruments
 */
export interface TraceEvent {
  /** What happened. */
  readonly name: string;
  /** `B` and `E` begin and end a slice, `i` is a moment, `s` and `f` an arrow. */
  readonly ph: "B" | "E" | "i" | "s" | "f" | "M" | "C";
  /** In microseconds. */
  readonly ts: number;
  /** Always 1. */
  readonly pid: number;
  /** The track. */
  readonly tid: number;
  /** Its groups. */
  readonly cat?: string;
  /** The arrow. */
  readonly id?: number;
  /** `t`: a moment of its track. */
  readonly s?: "t";
  /** `e`: the arrow ends at the slice around it. */
  readonly bp?: "e";
  /** Further data. */
  readonly args?: Readonly<Record<string, string | number>>;
}

/**
 * A recorder as JSON: viewers open the file.
 * @category Instruments
 */
export interface Trace {
  /** By time. */
  readonly traceEvents: readonly TraceEvent[];
}

const LOOP_TRACK = 1;

type Arguments = Record<string, string | number>;

/**
 * Records what the loop does, in the format that Perfetto and others open. It keeps all:
 * about a hundred bytes an event.
 * @example
 * ```ts
 * import { createMemoryBackend, Reactor, TraceRecorder } from "@deferno/deferno";
 *
 * const reactor = new Reactor({ backend: createMemoryBackend() });
 * const recorder = new TraceRecorder();
 * reactor.addInstrument(recorder);
 * reactor.callLater(0, function greet() {
 *   reactor.stop();
 * });
 * await reactor.run();
 * const { traceEvents } = recorder.toJSON();
 * console.assert(traceEvents.some(({ name }) => name.includes("greet")));
 * ```
 * @category Instruments
 */
export class TraceRecorder implements Instrument {
  #events: TraceEvent[] = [];
  #reactor: InstrumentedReactor | undefined;
  #start: number | undefined;
  #tracks = new Map<Transport, number>();
  #paused = new Set<Transport>();
  #nextTrack = LOOP_TRACK + 1;
  #nextArrow = 1;
  #arrows = new Map<object, number>();
  /** Open slices of the loop's track. */
  #depth = 0;
  #inTurn = false;
  /** Whether the loop's track has its name. */
  #hasLoop = false;

  /** The file is `JSON.stringify(recorder)`. */
  toJSON(): Trace {
    return { traceEvents: [...this.#events] };
  }

  /** Does not ask for the time yet: the program may still choose another backend. */
  addedTo(reactor: InstrumentedReactor): void {
    this.#reactor = reactor;
  }

  turnBegan(slept: number): void {
    this.#inTurn = true;
    this.#begin(LOOP_TRACK, "turn", { "slept (s)": slept });
  }

  turnEnded(): void {
    if (this.#inTurn) this.#end(LOOP_TRACK, "turn");
    this.#inTurn = false;
  }

  callBegan(call: LoopCall): void {
    this.#begin(LOOP_TRACK, nameOfCall(call));
    this.#endArrow(call.subject);
  }

  callEnded(call: LoopCall): void {
    this.#end(LOOP_TRACK, nameOfCall(call));
  }

  delayedCallAdded(call: DelayedCall): void {
    this.#beginArrow(call, "callLater");
  }

  delayedCallMoved(call: DelayedCall): void {
    this.#moment(LOOP_TRACK, `${call} moved`);
  }

  delayedCallCancelled(call: DelayedCall): void {
    this.#arrows.delete(call);
    this.#moment(LOOP_TRACK, `${call} cancelled`);
  }

  attemptBegan(connector: Connector): void {
    const destination = nameOfAddress(connector.getDestination());
    this.#moment(LOOP_TRACK, `connecting to ${destination}`);
  }

  attemptEnded(connector: Connector, reason: Failure | undefined): void {
    if (reason === undefined) return;
    const destination = nameOfAddress(connector.getDestination());
    const args = { reason: reason.getErrorMessage() };
    this.#moment(LOOP_TRACK, `no connection to ${destination}`, args);
  }

  connectionMade(transport: Transport): void {
    this.#trackOf(transport);
  }

  connectionLost(transport: Transport, reason: Failure): void {
    const track = this.#trackOf(transport);
    if (this.#paused.delete(transport)) this.#end(track, "paused");
    this.#moment(track, "lost", { reason: reason.getErrorMessage() });
    this.#end(track, "connection");
    this.#tracks.delete(transport);
  }

  bytesReceived(transport: Transport, count: number): void {
    const track = this.#trackOf(transport);
    this.#moment(track, "received", { bytes: count });
    this.#arrow(track, LOOP_TRACK, "received");
  }

  bytesSent(transport: Transport, count: number): void {
    this.#moment(this.#trackOf(transport), "sent", { bytes: count });
  }

  connectionPaused(transport: Transport): void {
    this.#paused.add(transport);
    this.#begin(this.#trackOf(transport), "paused");
  }

  connectionResumed(transport: Transport): void {
    if (!this.#paused.delete(transport)) return;
    this.#end(this.#trackOf(transport), "paused");
  }

  portOpened(port: InstrumentedPort): void {
    this.#moment(LOOP_TRACK, `listening: ${port}`);
  }

  portClosed(port: InstrumentedPort): void {
    this.#moment(LOOP_TRACK, `closed: ${port}`);
  }

  deferredFired(d: Deferred<unknown>): void {
    this.#moment(LOOP_TRACK, "fired", { deferred: numberOf(d) });
    this.#beginArrow(d, "deferred");
  }

  stageBegan(d: Deferred<unknown>, step: Step): void {
    this.#begin(LOOP_TRACK, nameOfStep(step), { deferred: numberOf(d) });
    this.#endArrow(d);
  }

  stageEnded(_d: Deferred<unknown>, step: Step): void {
    this.#end(LOOP_TRACK, nameOfStep(step));
  }

  deferredWaiting(d: Deferred<unknown>, awaited: Deferred<unknown>): void {
    this.#moment(LOOP_TRACK, "waits", {
      deferred: numberOf(d),
      "waits for": numberOf(awaited),
    });
    this.#beginArrow(d, "deferred");
  }

  /** Begun here for a connection older than the record. */
  #trackOf(transport: Transport): number {
    let track = this.#tracks.get(transport);
    if (track === undefined) {
      track = this.#nextTrack++;
      this.#tracks.set(transport, track);
      this.#nameTrack(track, nameOfAddress(transport.getPeer()));
      this.#begin(track, "connection");
    }
    return track;
  }

  #now(): number {
    const now = this.#reactor?.seconds() ?? 0;
    this.#start ??= now;
    return Math.round((now - this.#start) * 1e6);
  }

  #begin(tid: number, name: string, args?: Arguments): void {
    if (tid === LOOP_TRACK) this.#depth++;
    this.#add({ name, ph: "B", tid, ...(args && { args }) });
  }

  #end(tid: number, name: string): void {
    if (tid === LOOP_TRACK) this.#depth--;
    this.#add({ name, ph: "E", tid });
  }

  #moment(tid: number, name: string, args?: Arguments): void {
    this.#add({ name, ph: "i", s: "t", tid, ...(args && { args }) });
  }

  #arrow(from: number, to: number, name: string): void {
    const id = this.#nextArrow++;
    this.#add({ name, ph: "s", cat: "flow", id, tid: from });
    this.#add({ name, ph: "f", bp: "e", cat: "flow", id, tid: to });
  }

  /** Viewers reject arrows that begin outside of a slice. */
  #beginArrow(about: object, name: string): void {
    if (this.#depth === 0) return;
    const id = this.#nextArrow++;
    this.#arrows.set(about, id);
    this.#add({ name, ph: "s", cat: "flow", id, tid: LOOP_TRACK });
  }

  #endArrow(about: object): void {
    const id = this.#arrows.get(about);
    if (id === undefined) return;
    this.#arrows.delete(about);
    const name = "getTime" in about ? "callLater" : "deferred";
    this.#add({ name, ph: "f", bp: "e", cat: "flow", id, tid: LOOP_TRACK });
  }

  #nameTrack(tid: number, name: string): void {
    this.#add({ name: "thread_name", ph: "M", tid, args: { name } });
    const args = { sort_index: tid };
    this.#add({ name: "thread_sort_index", ph: "M", tid, args });
  }

  #add(event: Omit<TraceEvent, "ts" | "pid">): void {
    if (!this.#hasLoop) {
      this.#hasLoop = true;
      this.#nameTrack(LOOP_TRACK, "the loop");
    }
    this.#events.push({ ...event, ts: this.#now(), pid: 1 });
  }
}

function nameOfCall({ kind, name }: LoopCall): string {
  return name === "" ? kind : `${kind}: ${name}`;
}

function nameOfAddress(address: Address): string {
  if (address instanceof UNIXAddress) return address.name ?? "a UNIX socket";
  const { host, port } = address;
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

function nameOfStep({ side, name, passed }: Step): string {
  return passed ? `${side} passed` : `${side}: ${name || "(anonymous)"}`;
}
