// A reactor with servers and clients that write down what happens to them.

import {
  type Address,
  type Backend,
  ClientFactory,
  Clock,
  type Connector,
  type ConnectTCPOptions,
  createLog,
  type Failure,
  type ListenTCPOptions,
  type Port,
  Protocol,
  type ProtocolLike,
  Reactor,
  Socket,
  type Stream,
} from "../../mod.ts";
import { errorText, portOf, runReactor, turns } from "../support/reactors.ts";

/** The host that everything in the suite listens on. */
export const HOST = "127.0.0.1";

/** How long to go on after the last expected event, to see what comes uncalled. */
const TURNS_AFTERWARDS = 3;

/** What has not moved for so long does not move. */
const PASSES_OF_STANDSTILL = 100;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** The bytes of a text. */
export function bytes(text: string): Uint8Array {
  return encoder.encode(text);
}

/** An error of a test's own. */
export class Oops extends Error {}

/** Throws, where an expression is needed. */
export function fail(error: Error): never {
  throw error;
}

/** What a test does in the callbacks of one side. All are written down anyway. */
export interface Hooks {
  startFactory?(): unknown;
  stopFactory?(): unknown;
  startedConnecting?(connector: Connector): unknown;
  clientConnectionFailed?(connector: Connector, reason: Failure): unknown;
  clientConnectionLost?(connector: Connector, reason: Failure): unknown;
  /** Unless given, the side gets the protocol that is handed in. */
  buildProtocol?(
    protocol: Recorder,
    address: Address,
  ): ProtocolLike | null | undefined;
  connectionMade?(protocol: Recorder): unknown;
  handshakeCompleted?(protocol: Recorder): unknown;
  dataReceived?(protocol: Recorder, data: Uint8Array): unknown;
  connectionLost?(protocol: Recorder, reason: Failure): unknown;
}

/** The hooks of the two sides of a connection. */
export interface PairHooks {
  server?: Hooks;
  client?: Hooks;
}

/** A protocol that writes down its life, and keeps what it gets. */
export class Recorder extends Protocol {
  /** All that has been received. */
  received = "";
  /** How many bytes came with each call. */
  readonly sizes: number[] = [];
  readonly #side: Side;

  constructor(side: Side) {
    super();
    this.#side = side;
  }

  /** Sends a text. */
  write(text: string): void {
    this.transport.write(bytes(text));
  }

  // What the hooks return is handed on: it may be a promise that fails.

  override connectionMade(): void {
    this.#side.record("connectionMade");
    return this.#side.hooks.connectionMade?.(this) as void;
  }

  override handshakeCompleted(): void {
    this.#side.record("handshakeCompleted");
    return this.#side.hooks.handshakeCompleted?.(this) as void;
  }

  override dataReceived(data: Uint8Array): void {
    this.sizes.push(data.length);
    this.received += decoder.decode(data);
    return this.#side.hooks.dataReceived?.(this, data) as void;
  }

  override connectionLost(reason: Failure): void {
    this.#side.record("connectionLost", reason);
    return this.#side.hooks.connectionLost?.(this, reason) as void;
  }
}

/** A factory that writes down its life: one side of a test, server or client. */
export class Side extends ClientFactory {
  override noisy = false;
  /** What has happened, in order: `"connectionLost ConnectionDone"`. */
  readonly events: string[] = [];
  /** The protocols that were built. */
  readonly protocols: Recorder[] = [];
  /** What to do when it is called. */
  readonly hooks: Hooks;
  /** What it is called in the events. */
  readonly name: string;
  readonly #network: Network;

  constructor(network: Network, name: string, hooks: Hooks) {
    super();
    this.#network = network;
    this.name = name;
    this.hooks = hooks;
  }

  /** The only protocol, for tests that have one connection. */
  get protocolBuilt(): Recorder {
    const [first] = this.protocols;
    if (first === undefined) throw new Error(`No ${this.name} was built`);
    return first;
  }

  /** Writes something down. */
  record(event: string, reason?: Failure): void {
    const text = reason === undefined ? event : `${event} ${reason.type?.name}`;
    if (this.#network.record(`${this.name} ${text}`)) this.events.push(text);
  }

  override doStart(): void {
    this.record("doStart");
    return super.doStart();
  }

  override doStop(): void {
    this.record("doStop");
    return super.doStop();
  }

  override startFactory(): void {
    this.record("startFactory");
    return this.hooks.startFactory?.() as void;
  }

  override stopFactory(): void {
    this.record("stopFactory");
    return this.hooks.stopFactory?.() as void;
  }

  override startedConnecting(connector: Connector): void {
    this.record("startedConnecting");
    return this.hooks.startedConnecting?.(connector) as void;
  }

  override clientConnectionFailed(connector: Connector, reason: Failure): void {
    this.record("clientConnectionFailed", reason);
    return this.hooks.clientConnectionFailed?.(connector, reason) as void;
  }

  override clientConnectionLost(connector: Connector, reason: Failure): void {
    this.record("clientConnectionLost", reason);
    return this.hooks.clientConnectionLost?.(connector, reason) as void;
  }

  override buildProtocol(address: Address): Protocol | null | undefined {
    this.record("buildProtocol");
    const protocol = new Recorder(this);
    protocol.factory = this;
    this.protocols.push(protocol);
    return this.hooks.buildProtocol === undefined
      ? protocol
      : this.hooks.buildProtocol(protocol, address) as Protocol | null;
  }
}

/** A reactor over a backend, its clock, and all that happens on it. */
export class Network {
  readonly backend: Backend;
  /** Turned by hand: no timeout comes by itself. */
  readonly clock: Clock = new Clock();
  readonly reactor: Reactor;
  /** The errors that were logged, each as `WHAT CLASS: MESSAGE`. */
  readonly errors: string[] = [];
  /** What happened on all sides, as `"client connectionMade"`. */
  readonly events: string[] = [];
  #awaited: string[] = [];
  #whenHappened: () => void = () => {};
  #recording = true;
  #sides: Side[] = [];
  /** What the test needs to be open, and the reactor knows nothing of. */
  #open: { close(): unknown }[] = [];

  constructor(backend: Backend) {
    const log = createLog();
    log.addObserver((event) => {
      if (event.level !== "error") return;
      this.errors.push(errorText(event));
      this.record(`log ${event.failure?.type?.name}`);
    });
    this.backend = backend;
    this.reactor = new Reactor({ backend, clock: this.clock, log });
  }

  /** A side, which `name` stands for in what `runUntil` waits for. */
  side(name: string, hooks: Hooks = {}): Side {
    const side = new Side(this, name, hooks);
    this.#sides.push(side);
    return side;
  }

  /** All sides of a name, in the order in which they were made. */
  sides(name: string): Side[] {
    return this.#sides.filter((side) => side.name === name);
  }

  /** Waits until the loop has gone round so many times. */
  turns(count: number): Promise<void> {
    return turns(this.reactor, count);
  }

  /** Waits until the runtime has seen to its own events so many times. */
  async passes(count: number): Promise<void> {
    for (let pass = 0; pass < count; pass++) {
      await new Promise<void>((resolve) => this.backend.nextTurn(resolve));
    }
  }

  /**
   * Waits until a number has stopped to grow, and gives it.
   *
   * @param count gives the number
   * @param most where it has come so far, it is not going to stop
   */
  async standstill(count: () => number, most: number): Promise<number> {
    let before: number;
    do {
      before = count();
      await this.passes(PASSES_OF_STANDSTILL);
    } while (count() > before && before < most);
    return before;
  }

  /** Listens on a free port. */
  listen(
    hooks: Hooks = {},
    options: ListenTCPOptions = {},
  ): { port: Port; server: Side } {
    const server = this.side("server", hooks);
    const port = this.reactor.listenTCP(0, server, {
      interface: HOST,
      ...options,
    });
    return { port, server };
  }

  /** Connects to a port that is listened on. */
  connect(
    port: Port,
    hooks: Hooks = {},
    options: ConnectTCPOptions = {},
  ): { connector: Connector; client: Side } {
    const client = this.side("client", hooks);
    const to = port.getHost().port;
    const connector = this.reactor.connectTCP(HOST, to, client, options);
    return { connector, client };
  }

  /** A server and a client that is connected to it. */
  pair(
    { server, client }: PairHooks = {},
  ): { port: Port; server: Side; connector: Connector; client: Side } {
    const listening = this.listen(server);
    return { ...listening, ...this.connect(listening.port, client) };
  }

  /** Connects without a reactor, to read or not to read as the test likes. */
  socket(port: Port): Promise<Socket> {
    const options = { hostname: HOST, port: port.getHost().port };
    return Socket.connect(options, this.backend);
  }

  /**
   * A port where connections are refused as long as the test lasts: the near
   * end of an open connection, which nobody else can be given.
   */
  async refusingPort(): Promise<number> {
    const { backend } = this;
    const listener = backend.listen({
      hostname: HOST,
      port: 0,
      backlog: 1,
      reusePort: false,
    });
    const { port } = listener.address;
    const stream = await new Promise<Stream | Error>((resolve) => {
      backend.connect({ hostname: HOST, port }, resolve);
    });
    if (stream instanceof Error) throw stream;
    this.#open.push(stream, listener);
    return portOf(stream.localAddress);
  }

  /** Writes an event down, unless the test is over. */
  record(event: string): boolean {
    if (!this.#recording) return false;
    this.events.push(event);
    const index = this.#awaited.findIndex((start) => event.startsWith(start));
    if (index >= 0) {
      this.#awaited.splice(index, 1);
      if (this.#awaited.length === 0) this.#whenHappened();
    }
    return true;
  }

  /**
   * Runs the reactor until all of the events have come, and a little longer:
   * what should not follow them would be seen. What the end of the test itself
   * causes is not written down.
   *
   * @param awaited the events, or how they begin; each stands for one event
   */
  async runUntil(...awaited: string[]): Promise<void> {
    this.happened(...awaited).then(() => this.#finish());
    await this.runUntilStopped();
  }

  /** Waits for events, as `runUntil` does, and goes on. For `runWith`. */
  happened(...awaited: string[]): Promise<void> {
    this.#awaited = awaited;
    if (awaited.length === 0) return Promise.resolve();
    return new Promise((resolve) => this.#whenHappened = resolve);
  }

  /** Runs the reactor until the test stops it, and writes that down as well. */
  async runUntilStopped(): Promise<void> {
    await this.runUntilCrashed();
    this.#checkNothingIsLeft();
  }

  /** Runs the reactor until the test ends that, which leaves all as it is. */
  async runUntilCrashed(): Promise<void> {
    try {
      await runReactor(this.reactor);
    } catch (error) {
      const happened = JSON.stringify([...this.events, ...this.errors]);
      throw new Error(`${error}: ${happened}`);
    } finally {
      for (const open of this.#open.splice(0)) open.close();
    }
  }

  /** Runs the reactor, with the test as what it does. */
  async runWith(fn: () => Promise<void>): Promise<void> {
    let failure: unknown;
    this.reactor.callWhenRunning(() => {
      fn().catch((error) => failure = error).then(() => {
        this.#recording = false;
        this.reactor.stop();
      });
    });
    await this.runUntilStopped();
    if (failure !== undefined) throw failure;
  }

  async #finish(): Promise<void> {
    await turns(this.reactor, TURNS_AFTERWARDS);
    this.#recording = false;
    this.reactor.stop();
  }

  #checkNothingIsLeft(): void {
    const { reactor } = this;
    const watched = reactor.getReaders().length + reactor.getWriters().length;
    const calls = reactor.getDelayedCalls().length;
    const open = this.#sides.flatMap(({ protocols }) => protocols)
      .filter(({ transport }) => transport?.connected).length;
    const started = this.#sides.filter(({ numPorts }) => numPorts > 0).length;
    const left = JSON.stringify({ watched, calls, open, started });
    if (watched + calls + open + started > 0) {
      throw new Error(`The reactor has stopped, but not forgotten: ${left}`);
    }
  }
}
