// One side of a random program: does what its script says, and checks each call
// that it gets against what the interfaces promise.

import {
  ConnectionAborted,
  ConnectionDone,
  type Failure,
  Protocol,
} from "../../mod.ts";
import { bytesAt, standAt } from "./random_bytes.ts";
import { ScriptedProducer } from "./random_producer.ts";
import type {
  Action,
  Occasion,
  Production,
  Reaction,
  Request,
  Script,
  SideName,
} from "./random_program.ts";
import { Thrown, type World } from "./random_world.ts";

/** The most that one `dataReceived` gets. */
const MOST_RECEIVED = 64 * 1024;

/** What a protocol's method does not throw, but returns as a rejected promise. */
class Rejection extends Thrown {}

/** Who calls the script: a protocol's method, a producer's, or the loop. */
export type Caller = "protocol" | "producer" | "loop";

/** A protocol of the test's, which hands all on to its side. */
class ScriptedProtocol extends Protocol {
  readonly #side: RandomSide;
  /** Changes with what has come, so that some is kept and some is not. */
  override releasesData = true;
  #kept: { readonly at: number; readonly data: Uint8Array } | undefined;
  #calls = 0;
  declare readConnectionLost?: () => void;
  declare writeConnectionLost?: () => void;

  constructor(side: RandomSide) {
    super();
    this.#side = side;
    if (!side.script.halfCloseable) return;
    this.readConnectionLost = () => side.readConnectionLost() as void;
    this.writeConnectionLost = () => side.writeConnectionLost() as void;
  }

  override connectionMade(): void {
    return this.#side.connectionMade() as void;
  }

  override handshakeCompleted(): void {
    return this.#side.handshakeCompleted() as void;
  }

  override dataReceived(data: Uint8Array): void {
    const side = this.#side;
    this.#checkKept();
    if (!this.releasesData) this.#kept = { at: side.received, data };
    this.releasesData = (++this.#calls & 2) === 0;
    return side.dataReceived(data) as void;
  }

  override connectionLost(reason: Failure): void {
    this.#checkKept();
    return this.#side.connectionLost(reason) as void;
  }

  /** What it has not released must not change. */
  #checkKept(): void {
    const kept = this.#kept;
    if (kept === undefined || standAt(kept.at, kept.data)) return;
    this.#side.fault(`what was kept from ${kept.at} on has changed`);
  }
}

/** One side, what it has done, and what it was told. */
export class RandomSide {
  readonly name: SideName;
  readonly script: Script;
  readonly world: World;
  /** Called in `connectionMade`, before all else. */
  onMade: () => void = () => {};
  isMade = false;
  handshakes = 0;
  received = 0;
  isReadLost = false;
  isWriteLost = false;
  reason: Error | undefined;
  /** How many bytes it has given to the transport, and must arrive of them. */
  written = 0;
  promised = 0;
  /** What it has asked for. */
  isPaused = false;
  isClosing = false;
  isHalfClosing = false;
  isAborted = false;
  /** It has closed before the handshake, which may break it off. */
  mayAbort = false;
  /** Whether it has failed, so that this is how the connection must, or may, end. */
  mustFail = false;
  mayFail = false;
  producer: ScriptedProducer | undefined;
  #protocol: Protocol | undefined;
  readonly #due: Reaction[];

  constructor(world: World, name: SideName) {
    this.world = world;
    this.name = name;
    this.script = world.program[name];
    this.#due = [...this.script.reactions];
  }

  buildProtocol(): Protocol {
    if (this.#protocol !== undefined) this.fault("has got two connections");
    return this.#protocol = new ScriptedProtocol(this);
  }

  get transport(): Protocol["transport"] {
    if (this.#protocol === undefined) throw new Error("There is no transport");
    return this.#protocol.transport;
  }

  get isLost(): boolean {
    return this.reason !== undefined;
  }

  get isLive(): boolean {
    return this.isMade && !this.isLost;
  }

  get isReading(): boolean {
    return this.isLive && !this.isPaused && !this.isClosing &&
      !this.isAborted && !this.isReadLost;
  }

  fault(text: string): void {
    this.world.fault(`${this.name}: ${text}`);
  }

  record(event: string): void {
    this.world.record(`${this.name} ${event}`);
  }

  // --- Notifications

  connectionMade(): unknown {
    if (this.isMade) this.fault("connectionMade a second time");
    this.isMade = true;
    this.#told("connectionMade");
    this.onMade();
    return this.#react("connectionMade");
  }

  handshakeCompleted(): unknown {
    this.#told("handshakeCompleted");
    if (!this.world.isSecure) this.fault("handshakeCompleted without TLS");
    if (this.handshakes++ > 0) this.fault("handshakeCompleted a second time");
    return this.#react("handshakeCompleted");
  }

  dataReceived(data: Uint8Array): unknown {
    this.#told("dataReceived", `${data.length}`);
    this.#checkReading("dataReceived");
    if (this.world.isSecure && this.handshakes === 0) {
      this.fault("dataReceived before handshakeCompleted");
    }
    if (data.length === 0 || data.length > MOST_RECEIVED) {
      this.fault(`dataReceived with ${data.length} bytes`);
    }
    if (!standAt(this.received, data)) {
      this.fault(`other bytes than were sent, from ${this.received} on`);
    }
    this.received += data.length;
    return this.#react("dataReceived");
  }

  readConnectionLost(): unknown {
    this.#told("readConnectionLost");
    this.#checkReading("readConnectionLost");
    this.isReadLost = true;
    return this.#react("readConnectionLost");
  }

  writeConnectionLost(): unknown {
    this.#told("writeConnectionLost");
    if (this.isWriteLost) this.fault("writeConnectionLost a second time");
    if (!this.isHalfClosing) this.fault("writeConnectionLost unasked");
    this.isWriteLost = true;
    return this.#react("writeConnectionLost");
  }

  connectionLost(reason: Failure): unknown {
    const error = reason.value;
    this.#told("connectionLost", `${error}`);
    if (this.producer !== undefined) {
      this.fault("connectionLost before stopProducing of the producer");
    }
    this.reason = error instanceof Error ? error : new Error(`${error}`);
    this.#checkReason(this.reason);
    return this.#react("connectionLost");
  }

  #told(notice: Occasion, about = ""): void {
    this.record(`${notice} ${about}`.trim());
    if (!this.isMade) this.fault(`${notice} before connectionMade`);
    if (this.isLost) this.fault(`${notice} after connectionLost`);
    const isEnd = notice === "connectionLost";
    if (this.mustFail && !isEnd) this.fault(`${notice} after it has thrown`);
    if (this.isAborted && !isEnd) this.fault(`${notice} after the abort`);
    const { connected } = this.transport;
    if (connected === isEnd) {
      this.fault(`connected is ${connected} in ${notice}`);
    }
  }

  #checkReading(notice: Occasion): void {
    if (this.isPaused) this.fault(`${notice} while paused`);
    if (this.isClosing) this.fault(`${notice} after loseConnection`);
    if (this.isReadLost) this.fault(`${notice} after readConnectionLost`);
  }

  /** Whether this side itself could end in this way. What the other did is not seen. */
  #checkReason(reason: Error): void {
    if (this.mustFail !== reason instanceof Thrown && !this.mayFail) {
      this.fault(
        `lost with ${reason} though it has ${
          this.mustFail ? "" : "not "
        }thrown`,
      );
    }
    const isAbort = reason instanceof ConnectionAborted;
    if (isAbort && !this.isAborted && !this.mayAbort) {
      this.fault("lost with ConnectionAborted though it has not aborted");
    }
    if (reason instanceof ConnectionDone) {
      if (this.isAborted) {
        this.fault("lost with ConnectionDone after the abort");
      }
      const bothHalves = this.isReadLost && this.isHalfClosing;
      if (this.isPaused && !this.isClosing && !bothHalves) {
        this.fault("lost with ConnectionDone while paused");
      }
    }
  }

  // --- What it does

  #react(on: Occasion): unknown {
    if (this.world.finished) return;
    const due = this.#due.filter((reaction) =>
      reaction.on === on && (reaction.bytes ?? 0) <= this.received
    );
    for (const reaction of due) {
      this.#due.splice(this.#due.indexOf(reaction), 1);
    }
    try {
      this.perform(due.flatMap(({ actions }) => actions), "protocol");
    } catch (error) {
      if (error instanceof Rejection) return Promise.reject(error);
      throw error;
    }
  }

  perform(actions: readonly Action[], caller: Caller): void {
    for (const action of actions) {
      if (this.world.finished) return;
      try {
        this.#act(action, caller);
      } catch (error) {
        if (error instanceof Thrown) throw error;
        this.fault(`${action.do} throws ${error}`);
      }
    }
  }

  #act(action: Action, caller: Caller): void {
    switch (action.do) {
      case "write":
        return this.#write(action.sizes);
      case "defer":
        return this.#defer(action);
      case "registerProducer":
        return this.#register(action.producer, caller);
      default:
        return this.#request(action.do, caller);
    }
  }

  #request(request: Request, caller: Caller): void {
    this.record(`does ${request}`);
    const { transport } = this;
    switch (request) {
      case "throw":
        this.#fails(caller === "protocol" ? "must" : "may", caller);
        throw new Thrown(`thrown by the ${this.name}`);
      case "return a rejected promise":
        this.#fails("may", caller);
        throw new Rejection(`thrown by the ${this.name}`);
      case "stop the reactor":
        return this.#stopReactor();
      case "unregisterProducer":
        this.#unregister();
        return transport.unregisterProducer();
      case "stopConsuming":
        this.#unregister();
        this.#closes();
        return transport.stopConsuming();
      case "stopProducing":
      case "loseConnection":
        this.#closes();
        return transport[request]();
      case "loseWriteConnection":
        if (!this.isClosing && !this.#isOver) this.isHalfClosing = true;
        return transport.loseWriteConnection();
      case "abortConnection":
        if (!this.#isOver) this.isAborted = true;
        return transport.abortConnection();
      case "pauseProducing":
        if (!this.#isOver) this.isPaused = true;
        return transport.pauseProducing();
      case "resumeProducing":
        this.isPaused = false;
        return transport.resumeProducing();
    }
  }

  get #isOver(): boolean {
    return this.isAborted || !this.transport.connected;
  }

  /** It throws: its connection must, or may, end with that. */
  #fails(how: "must" | "may", caller: Caller): void {
    this.world.thrown++;
    if (this.isLost || caller === "loop") return;
    if (how === "must") this.mustFail = true;
    else this.mayFail = true;
  }

  #stopReactor(): void {
    if (this.world.stopped) return;
    this.world.stopped = true;
    this.world.reactor.stop();
  }

  #closes(): void {
    if (this.#isOver || this.isClosing) return;
    this.isClosing = true;
    const isBefore = this.world.isSecure && this.handshakes === 0;
    if (isBefore && this.promised === 0) this.mayAbort = true;
  }

  #write(sizes: readonly number[]): void {
    this.record(`does write ${sizes}`);
    let offset = this.written;
    const pieces = sizes.map((size) => {
      const piece = bytesAt(offset, size);
      offset += size;
      return piece;
    });
    if (!this.#isOver) {
      if (offset > this.written) this.producer?.gave();
      this.written = offset;
      // What was to be the last half may have gone by now.
      const isLate = this.isHalfClosing && this.producer?.streaming !== false;
      if (!isLate && !this.mayAbort) this.promised = offset;
    }
    const [piece] = pieces;
    if (piece !== undefined && pieces.length === 1) this.transport.write(piece);
    else this.transport.writeSequence(pieces);
  }

  #defer({ by, milliseconds, actions }: Action & { do: "defer" }): void {
    const { world } = this;
    const { reactor } = world;
    world.pending++;
    const later = () => {
      world.pending--;
      this.record(`goes on, called by ${by}`);
      this.perform(actions, "loop");
    };
    if (by === "callFromThread") reactor.callFromThread(later);
    else if (by === "callLater") reactor.callLater(milliseconds / 1000, later);
    else Promise.resolve().then(() => this.#outside(later));
  }

  /** What nobody catches: it comes from outside of the loop. */
  #outside(fn: () => void): void {
    try {
      fn();
    } catch (error) {
      if (!(error instanceof Thrown)) throw error;
      this.world.logged++;
    }
  }

  // --- Its producer

  #register(production: Production, caller: Caller): void {
    if (this.producer !== undefined) return;
    const { streaming } = production;
    this.record(`registers a ${streaming ? "push" : "pull"} producer`);
    const producer = new ScriptedProducer(this, production);
    const isLate = this.#isOver;
    this.producer = producer;
    if (streaming) this.transport.registerProducer(producer, true);
    else this.transport.registerProducer(producer, false);
    if (isLate && !producer.isStopped) {
      this.fault("a producer that comes too late is not told to stop");
    }
    if (streaming) producer.giveOut(caller);
  }

  #unregister(): void {
    this.producer?.unregistered();
    this.producer = undefined;
  }

  /** For the producer: it was told to stop. */
  stopped(producer: ScriptedProducer): void {
    if (this.producer === producer) this.producer = undefined;
  }
}
