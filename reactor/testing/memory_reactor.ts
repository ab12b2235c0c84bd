/**
 * Reactors for tests, in which no connection is ever made.
 *
 * @module
 */

import type { UNIXAddress } from "../addresses.ts";
import { createMemoryBackend } from "../backends/memory/backend.ts";
import { Clock } from "../task/clock.ts";
import type {
  ClientFactoryLike,
  Connector,
  FactoryLike,
  ReactorTime,
} from "../interfaces.ts";
import { Reactor, type RunOptions } from "../reactor.ts";
import type { EventPhase, SystemEventTrigger } from "../loop/system_events.ts";
import type { Port } from "../transport/port.ts";
import { DEFAULT_BACKLOG } from "../transport/dialer.ts";
import type { ConnectTCPOptions, ListenTCPOptions } from "../transport/tcp.ts";
import { checkTLSOptions } from "../transport/tls_layer.ts";
import type { ClientTLSOptions, ServerTLSOptions } from "../tls_options.ts";
import type { ConnectSSLOptions, ListenSSLOptions } from "../transport/tls.ts";
import type {
  ConnectUNIXOptions,
  ListenUNIXOptions,
} from "../transport/unix.ts";

/** A call of `connectTCP`, as a {@linkcode MemoryReactor} notes it. */
export interface TCPClient {
  /** The host to connect to. */
  readonly host: string;
  /** The port to connect to. */
  readonly port: number;
  /** What builds the protocol. */
  readonly factory: ClientFactoryLike;
  /** How long to try, in seconds. */
  readonly timeout: number | null;
  /** Where to connect from. */
  readonly bindAddress: readonly [host: string, port: number] | undefined;
}

/** A call of `listenTCP`, as a {@linkcode MemoryReactor} notes it. */
export interface TCPServer {
  /** The port to listen on. */
  readonly port: number;
  /** What builds the protocols. */
  readonly factory: FactoryLike;
  /** How many connections may wait to be accepted. */
  readonly backlog: number;
  /** The address to listen on. */
  readonly interface: string;
}

/** A call of `connectSSL`, as a {@linkcode MemoryReactor} notes it. */
export interface SSLClient extends TCPClient {
  /** What to show, and what to trust. */
  readonly tls: ClientTLSOptions;
}

/** A call of `listenSSL`, as a {@linkcode MemoryReactor} notes it. */
export interface SSLServer extends TCPServer {
  /** What to show, and what to trust. */
  readonly tls: ServerTLSOptions;
}

/** A call of `connectUNIX`, as a {@linkcode MemoryReactor} notes it. */
export interface UNIXClient {
  /** The path of the socket's file. */
  readonly address: string;
  /** What builds the protocol. */
  readonly factory: ClientFactoryLike;
  /** How long to try, in seconds. */
  readonly timeout: number | null;
  /** Whether the server must have locked its socket. */
  readonly checkPID: boolean;
}

/** A call of `listenUNIX`, as a {@linkcode MemoryReactor} notes it. */
export interface UNIXServer {
  /** The path of the socket's file. */
  readonly address: string;
  /** What builds the protocols. */
  readonly factory: FactoryLike;
  /** How many connections may wait to be accepted. */
  readonly backlog: number;
  /** Who may connect. */
  readonly mode: number;
  /** Whether the socket is to be locked. */
  readonly wantPID: boolean;
}

/** A function that is to be called, as a {@linkcode MemoryReactor} notes it. */
export interface NotedCall {
  /** What is to be called. */
  readonly fn: (...args: never[]) => unknown;
  /** What it is to be called with. */
  readonly args: readonly unknown[];
}

/** The calls of a phase, by the name of their event. */
export type NotedCalls = Record<string, NotedCall[]>;

/**
 * A reactor that notes what is asked of it: Twisted's `MemoryReactor`. Ports
 * are opened in memory, and attempts to connect go on until somebody ends them;
 * apart from that it is a reactor like any other. Its time stands still.
 *
 * A test builds the protocol itself, with the factory that was noted.
 *
 * @example
 * ```ts
 * import { ClientFactory, Protocol } from "@deferno/deferno";
 * import { MemoryReactor } from "@deferno/deferno/testing";
 *
 * const reactor = new MemoryReactor();
 * reactor.connectTCP("poems.test", 10000, ClientFactory.forProtocol(Protocol));
 * const [client] = reactor.tcpClients;
 * console.assert(client?.host === "poems.test" && client.timeout === 30);
 * ```
 */
export class MemoryReactor extends Reactor {
  /** What `connectTCP` was called with, call by call. */
  readonly tcpClients: TCPClient[] = [];
  /** What `listenTCP` was called with, call by call. */
  readonly tcpServers: TCPServer[] = [];
  /** What `connectSSL` was called with, call by call. */
  readonly sslClients: SSLClient[] = [];
  /** What `listenSSL` was called with, call by call. */
  readonly sslServers: SSLServer[] = [];
  /** What `connectUNIX` was called with, call by call. */
  readonly unixClients: UNIXClient[] = [];
  /** What `listenUNIX` was called with, call by call. */
  readonly unixServers: UNIXServer[] = [];
  /** What `connectTCP` and its like have returned, call by call. */
  readonly connectors: Connector[] = [];
  /** What `callWhenRunning` was called with before the reactor ran. */
  readonly whenRunningHooks: NotedCall[] = [];
  /** What `addSystemEventTrigger` was called with: `triggers.before.shutdown`. */
  readonly triggers: Record<EventPhase, NotedCalls> = {
    before: {},
    during: {},
    after: {},
  };
  /** Whether `run()` was called. */
  hasRun = false;
  /** Whether `stop()` was called, as `run()` does in the end. */
  hasStopped = false;
  /** Whether `crash()` was called, and not `stop()`. */
  hasCrashed = false;
  #noted = new Map<SystemEventTrigger, NotedCall>();

  /**
   * Makes a reactor.
   *
   * @param clock keeps its time
   */
  constructor(clock: ReactorTime = new Clock()) {
    super({ backend: () => silentBackend(), clock });
  }

  /**
   * Starts, calls what `callWhenRunning` was given, and stops.
   *
   * @param options whether signals are to stop it
   */
  override run(options: RunOptions = {}): Promise<void> {
    this.hasRun = true;
    super.addSystemEventTrigger("after", "startup", () => {
      if (this.running && !this.hasStopped) this.stop();
    });
    return super.run(options);
  }

  /** Stops the reactor, and notes it. */
  override stop(): void {
    super.stop();
    this.hasStopped = true;
  }

  /** Ends the loop without a shutdown, and notes it. */
  override crash(): void {
    super.crash();
    // A shutdown ends the loop in the same way.
    if (!this.hasStopped) this.hasCrashed = true;
  }

  /**
   * Notes a function, to be called when the reactor has started.
   *
   * @param fn what to call
   * @param args what to call it with
   * @returns a trigger that can be removed; nothing if `fn` was called already
   */
  override callWhenRunning<A extends unknown[]>(
    fn: (...args: A) => unknown,
    ...args: A
  ): SystemEventTrigger | undefined {
    if (!this.running) this.whenRunningHooks.push({ fn, args });
    return super.callWhenRunning(fn, ...args);
  }

  /**
   * Notes a trigger, and adds it.
   *
   * @param phase before, during or after the event
   * @param event which event
   * @param fn what to call
   * @param args what to call it with
   */
  override addSystemEventTrigger<A extends unknown[]>(
    phase: EventPhase,
    event: string,
    fn: (...args: A) => unknown,
    ...args: A
  ): SystemEventTrigger {
    const trigger = super.addSystemEventTrigger(phase, event, fn, ...args);
    const noted = { fn, args };
    this.#noted.set(trigger, noted);
    (this.triggers[phase][event] ??= []).push(noted);
    return trigger;
  }

  /**
   * Takes a trigger away, and the note of it.
   *
   * @param trigger what `addSystemEventTrigger` returned
   */
  override removeSystemEventTrigger(trigger: SystemEventTrigger): void {
    super.removeSystemEventTrigger(trigger);
    const noted = this.#noted.get(trigger);
    const calls = this.triggers[trigger.phase][trigger.event] ?? [];
    this.triggers[trigger.phase][trigger.event] = calls.filter((call) =>
      call !== noted
    );
  }

  /**
   * Notes where to connect to. The attempt begins, and goes on until it is
   * ended.
   *
   * @param host a host name or an address
   * @param port 1 to 65535
   * @param factory builds the protocol
   * @param options how long to try, and from where
   */
  override connectTCP(
    host: string,
    port: number,
    factory: ClientFactoryLike,
    options: ConnectTCPOptions = {},
  ): Connector {
    const { timeout = 30, bindAddress } = options;
    this.tcpClients.push({ host, port, factory, timeout, bindAddress });
    const connector = super.connectTCP(host, port, factory, options);
    this.connectors.push(connector);
    return connector;
  }

  /**
   * Notes where to listen, and opens a port that nobody can reach.
   *
   * @param port 0 to 65535; 0 for any that is free
   * @param factory builds the protocols
   * @param options on which addresses, and how
   */
  override listenTCP(
    port: number,
    factory: FactoryLike,
    options: ListenTCPOptions = {},
  ): Port {
    const { backlog = DEFAULT_BACKLOG, interface: address = "" } = options;
    this.tcpServers.push({ port, factory, backlog, interface: address });
    return super.listenTCP(port, factory, options);
  }

  /**
   * Notes where to connect to, over TLS. The attempt begins, and goes on until it
   * is ended.
   *
   * @param host a host name or an address
   * @param port 1 to 65535
   * @param factory builds the protocol
   * @param options what to show and to trust, how long to try, and from where
   */
  override connectSSL(
    host: string,
    port: number,
    factory: ClientFactoryLike,
    options: ConnectSSLOptions = {},
  ): Connector {
    const { timeout = 30, bindAddress, ...tls } = options;
    checkTLSOptions({
      side: "client",
      tls: { ...tls, hostname: tls.hostname ?? host },
    });
    this.sslClients.push({ host, port, factory, timeout, bindAddress, tls });
    const connector = super.connectTCP(host, port, factory, options);
    this.connectors.push(connector);
    return connector;
  }

  /**
   * Notes where to listen, over TLS, and opens a port that nobody can reach.
   *
   * @param port 0 to 65535; 0 for any that is free
   * @param factory builds the protocols
   * @param options the certificate and its key, on which addresses, and how
   */
  override listenSSL(
    port: number,
    factory: FactoryLike,
    options: ListenSSLOptions,
  ): Port {
    const {
      backlog = DEFAULT_BACKLOG,
      interface: address = "",
      reusePort: _,
      ...tls
    } = options;
    checkTLSOptions({ side: "server", tls });
    this.sslServers.push({ port, factory, backlog, interface: address, tls });
    return super.listenTCP(port, factory, options);
  }

  /**
   * Notes which UNIX socket to connect to. The attempt begins, and goes on until
   * it is ended.
   *
   * @param path the path of the socket's file
   * @param factory builds the protocol
   * @param options how long to try, and whether the server must be there
   */
  override connectUNIX(
    path: string,
    factory: ClientFactoryLike,
    options: ConnectUNIXOptions = {},
  ): Connector {
    const { timeout = 30, checkPID = false } = options;
    this.unixClients.push({ address: path, factory, timeout, checkPID });
    const connector = super.connectUNIX(path, factory, options);
    this.connectors.push(connector);
    return connector;
  }

  /**
   * Notes which UNIX socket to listen on, and opens one that nobody can reach.
   *
   * @param path the path of the socket's file
   * @param factory builds the protocols
   * @param options who may connect, and whether to lock the socket
   */
  override listenUNIX(
    path: string,
    factory: FactoryLike,
    options: ListenUNIXOptions = {},
  ): Port<UNIXAddress> {
    const { backlog = DEFAULT_BACKLOG, mode = 0o666, wantPID = false } =
      options;
    this.unixServers.push({ address: path, factory, backlog, mode, wantPID });
    return super.listenUNIX(path, factory, options);
  }
}

/**
 * A {@linkcode MemoryReactor} whose time a test turns by hand, as that of a
 * `Clock`: Twisted's `MemoryReactorClock`. What would happen on the next turn of
 * the loop happens when the time is turned, even by nothing: `advance(0)`.
 *
 * @example
 * ```ts
 * import { ClientFactory, Protocol } from "@deferno/deferno";
 * import { MemoryReactorClock } from "@deferno/deferno/testing";
 *
 * class Impatient extends ClientFactory {
 *   override protocol = Protocol;
 *   override noisy = false;
 *   failed = false;
 *   override clientConnectionFailed(): void {
 *     this.failed = true;
 *   }
 * }
 * const reactor = new MemoryReactorClock();
 * const factory = new Impatient();
 * reactor.connectTCP("poems.test", 10000, factory, { timeout: 5 });
 * reactor.advance(5);
 * console.assert(factory.failed);
 * ```
 */
export class MemoryReactorClock extends MemoryReactor {
  #clock: Clock;

  /** Makes a reactor whose time is 0. */
  constructor() {
    const clock = new Clock();
    super(clock);
    this.#clock = clock;
  }

  /**
   * Turns the time on, then makes the calls that are due.
   *
   * @param seconds how far to turn it
   */
  advance(seconds: number): void {
    this.#clock.advance(seconds);
  }

  /**
   * Turns the time on step by step.
   *
   * @param steps the seconds of each step
   */
  pump(steps: Iterable<number>): void {
    this.#clock.pump(steps);
  }

  /**
   * Calls a function when the time is turned next.
   *
   * @param fn what to call
   * @param args what to call it with
   */
  override callFromThread<A extends unknown[]>(
    fn: (...args: A) => unknown,
    ...args: A
  ): void {
    this.callLater(0, fn, ...args);
  }
}

/** What a {@linkcode RaisingMemoryReactor} throws. */
export interface RaisingMemoryReactorOptions {
  /**
   * What `listenTCP` and its like throw.
   *
   * @default {undefined}
   */
  listenException?: Error | undefined;
  /**
   * What `connectTCP` and its like throw.
   *
   * @default {undefined}
   */
  connectException?: Error | undefined;
}

/**
 * A {@linkcode MemoryReactor} that throws when it is to listen or to connect:
 * Twisted's `RaisingMemoryReactor`.
 */
export class RaisingMemoryReactor extends MemoryReactor {
  #options: RaisingMemoryReactorOptions;

  /**
   * Makes a reactor.
   *
   * @param options what to throw
   */
  constructor(options: RaisingMemoryReactorOptions) {
    super();
    this.#options = options;
  }

  /** Throws, where an attempt to connect is to. */
  override connectTCP(
    host: string,
    port: number,
    factory: ClientFactoryLike,
    options: ConnectTCPOptions = {},
  ): Connector {
    throwIfThere(this.#options.connectException);
    return super.connectTCP(host, port, factory, options);
  }

  /** Throws, where a port that is to be opened is to. */
  override listenTCP(
    port: number,
    factory: FactoryLike,
    options: ListenTCPOptions = {},
  ): Port {
    throwIfThere(this.#options.listenException);
    return super.listenTCP(port, factory, options);
  }

  /** Throws, where an attempt to connect is to. */
  override connectSSL(
    host: string,
    port: number,
    factory: ClientFactoryLike,
    options: ConnectSSLOptions = {},
  ): Connector {
    throwIfThere(this.#options.connectException);
    return super.connectSSL(host, port, factory, options);
  }

  /** Throws, where a port that is to be opened is to. */
  override listenSSL(
    port: number,
    factory: FactoryLike,
    options: ListenSSLOptions,
  ): Port {
    throwIfThere(this.#options.listenException);
    return super.listenSSL(port, factory, options);
  }

  /** Throws, where an attempt to connect is to. */
  override connectUNIX(
    path: string,
    factory: ClientFactoryLike,
    options: ConnectUNIXOptions = {},
  ): Connector {
    throwIfThere(this.#options.connectException);
    return super.connectUNIX(path, factory, options);
  }

  /** Throws, where a port that is to be opened is to. */
  override listenUNIX(
    path: string,
    factory: FactoryLike,
    options: ListenUNIXOptions = {},
  ): Port<UNIXAddress> {
    throwIfThere(this.#options.listenException);
    return super.listenUNIX(path, factory, options);
  }
}

function throwIfThere(error: Error | undefined): void {
  if (error !== undefined) throw error;
}

/** A network in memory where an attempt to connect has no outcome. */
function silentBackend(): ReturnType<typeof createMemoryBackend> {
  const connect = () => ({ cancel: () => {} });
  return { ...createMemoryBackend(), connect, connectPath: connect };
}
