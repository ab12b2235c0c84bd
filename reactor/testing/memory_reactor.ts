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
import { DEFAULT_BACKLOG } from "../checks.ts";
import type { ConnectTCPOptions, ListenTCPOptions } from "../transport/tcp.ts";
import { checkTLSOptions } from "../transport/tls_layer.ts";
import type { ClientTLSOptions, ServerTLSOptions } from "../tls_options.ts";
import type { ConnectSSLOptions, ListenSSLOptions } from "../transport/tls.ts";
import type {
  ConnectUNIXOptions,
  ListenUNIXOptions,
} from "../transport/unix.ts";

/**
 * A recorded `connectTCP`.
 * @category Testing
 */
export interface TCPClient {
  /** To connect to. */
  readonly host: string;
  /** To connect to. */
  readonly port: number;
  /** Builds the protocol. */
  readonly factory: ClientFactoryLike;
  /** In seconds. */
  readonly timeout: number | null;
  /** The local address. */
  readonly bindAddress: readonly [host: string, port: number] | undefined;
}

/**
 * A recorded `listenTCP`.
 * @category Testing
 */
export interface TCPServer {
  /** To listen on. */
  readonly port: number;
  /** Builds the protocols. */
  readonly factory: FactoryLike;
  /** The most that wait to be accepted. */
  readonly backlog: number;
  /** To listen on. */
  readonly interface: string;
}

/**
 * A recorded `connectSSL`.
 * @category Testing
 */
export interface SSLClient extends TCPClient {
  /** To show and to trust. */
  readonly tls: ClientTLSOptions;
}

/**
 * A recorded `listenSSL`.
 * @category Testing
 */
export interface SSLServer extends TCPServer {
  /** To show and to trust. */
  readonly tls: ServerTLSOptions;
}

/**
 * A recorded `connectUNIX`.
 * @category Testing
 */
export interface UNIXClient {
  /** Of the socket's file. */
  readonly address: string;
  /** Builds the protocol. */
  readonly factory: ClientFactoryLike;
  /** In seconds. */
  readonly timeout: number | null;
  /** Whether the server must have locked its socket. */
  readonly checkPID: boolean;
}

/**
 * A recorded `listenUNIX`.
 * @category Testing
 */
export interface UNIXServer {
  /** Of the socket's file. */
  readonly address: string;
  /** Builds the protocols. */
  readonly factory: FactoryLike;
  /** The most that wait to be accepted. */
  readonly backlog: number;
  /** Of the socket's file. */
  readonly mode: number;
  /** Whether to lock the socket. */
  readonly wantPID: boolean;
}

/**
 * A recorded function.
 * @category Testing
 */
export interface NotedCall {
  /** The function. */
  readonly fn: (...args: never[]) => unknown;
  /** Its arguments. */
  readonly args: readonly unknown[];
}

/**
 * Recorded functions, by event.
 * @category Testing
 */
export type NotedCalls = Record<string, NotedCall[]>;

/**
 * Records calls: Twisted's `MemoryReactor`. Its ports are unreachable, attempts to
 * connect stay pending until stopped, and time stands still; else it is an ordinary
 * reactor. A test builds the protocol with the recorded factory.
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
 * @category Testing
 */
export class MemoryReactor extends Reactor {
  /** Of `connectTCP`. */
  readonly tcpClients: TCPClient[] = [];
  /** Of `listenTCP`. */
  readonly tcpServers: TCPServer[] = [];
  /** Of `connectSSL`. */
  readonly sslClients: SSLClient[] = [];
  /** Of `listenSSL`. */
  readonly sslServers: SSLServer[] = [];
  /** Of `connectUNIX`. */
  readonly unixClients: UNIXClient[] = [];
  /** Of `listenUNIX`. */
  readonly unixServers: UNIXServer[] = [];
  /** The connectors returned. */
  readonly connectors: Connector[] = [];
  /** Of `callWhenRunning`, before the reactor ran. */
  readonly whenRunningHooks: NotedCall[] = [];
  /** Of `addSystemEventTrigger`: `triggers.before.shutdown`. */
  readonly triggers: Record<EventPhase, NotedCalls> = {
    before: {},
    during: {},
    after: {},
  };
  /** By `run()`. */
  hasRun = false;
  /** By `stop()`, as at the end of `run()`. */
  hasStopped = false;
  /** By `crash()`, and not `stop()`. */
  hasCrashed = false;
  #noted = new Map<SystemEventTrigger, NotedCall>();

  /** Makes a reactor. */
  constructor(clock: ReactorTime = new Clock()) {
    super({ backend: () => silentBackend(), clock });
  }

  /** Starts, calls what `callWhenRunning` got, and stops. */
  override run(options: RunOptions = {}): Promise<void> {
    this.hasRun = true;
    super.addSystemEventTrigger("after", "startup", () => {
      if (this.running && !this.hasStopped) this.stop();
    });
    return super.run(options);
  }

  /** Records it. */
  override stop(): void {
    super.stop();
    this.hasStopped = true;
  }

  /** Records it. */
  override crash(): void {
    super.crash();
    // `stop()` calls `crash()`.
    if (!this.hasStopped) this.hasCrashed = true;
  }

  /** Recorded until the reactor has started. */
  override callWhenRunning<A extends unknown[]>(
    fn: (...args: A) => unknown,
    ...args: A
  ): SystemEventTrigger | undefined {
    if (!this.running) this.whenRunningHooks.push({ fn, args });
    return super.callWhenRunning(fn, ...args);
  }

  /** Records it. */
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

  /** Removes it, and its record. */
  override removeSystemEventTrigger(trigger: SystemEventTrigger): void {
    super.removeSystemEventTrigger(trigger);
    const { phase, event } = trigger;
    const noted = this.#noted.get(trigger);
    const calls = this.triggers[phase][event] ?? [];
    this.triggers[phase][event] = calls.filter((call) => call !== noted);
  }

  /** Records it. */
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

  /** Records it. */
  override listenTCP(
    port: number,
    factory: FactoryLike,
    options: ListenTCPOptions = {},
  ): Port {
    const { backlog = DEFAULT_BACKLOG, interface: address = "" } = options;
    this.tcpServers.push({ port, factory, backlog, interface: address });
    return super.listenTCP(port, factory, options);
  }

  /** Records it. */
  override connectSSL(
    host: string,
    port: number,
    factory: ClientFactoryLike,
    options: ConnectSSLOptions = {},
  ): Connector {
    const { timeout = 30, bindAddress, ...tls } = options;
    const { hostname = host } = tls;
    checkTLSOptions({ side: "client", tls: { ...tls, hostname } });
    this.sslClients.push({ host, port, factory, timeout, bindAddress, tls });
    const connector = super.connectTCP(host, port, factory, options);
    this.connectors.push(connector);
    return connector;
  }

  /** Records it. */
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

  /** Records it. */
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

  /** Records it. */
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
 * A {@linkcode MemoryReactor} whose time a test advances: Twisted's `MemoryReactorClock`.
 * What belongs to the loop's next turn happens in the next `advance`, even of 0 seconds.
 * @category Testing
 */
export class MemoryReactorClock extends MemoryReactor {
  #clock: Clock;

  /** Its time is 0. */
  constructor() {
    const clock = new Clock();
    super(clock);
    this.#clock = clock;
  }

  /** As a `Clock`'s. */
  advance(seconds: number): void {
    this.#clock.advance(seconds);
  }

  /** As a `Clock`'s. */
  pump(steps: Iterable<number>): void {
    this.#clock.pump(steps);
  }

  /** Calls `fn` in the next `advance`. */
  override callFromThread<A extends unknown[]>(
    fn: (...args: A) => unknown,
    ...args: A
  ): void {
    this.callLater(0, fn, ...args);
  }
}

/**
 * What it throws.
 * @category Testing
 */
export interface RaisingMemoryReactorOptions {
  /**
   * From `listenTCP` and its like.
   * @default {undefined}
   */
  listenException?: Error | undefined;
  /**
   * From `connectTCP` and its like.
   * @default {undefined}
   */
  connectException?: Error | undefined;
}

/**
 * A {@linkcode MemoryReactor} that cannot listen or connect: Twisted's
 * `RaisingMemoryReactor`.
 * @category Testing
 */
export class RaisingMemoryReactor extends MemoryReactor {
  #options: RaisingMemoryReactorOptions;

  /** Makes a reactor. */
  constructor(options: RaisingMemoryReactorOptions) {
    super();
    this.#options = options;
  }

  /** Throws `connectException`, if any. */
  override connectTCP(
    ...args: Parameters<MemoryReactor["connectTCP"]>
  ): Connector {
    throwIfThere(this.#options.connectException);
    return super.connectTCP(...args);
  }

  /** Throws `listenException`, if any. */
  override listenTCP(...args: Parameters<MemoryReactor["listenTCP"]>): Port {
    throwIfThere(this.#options.listenException);
    return super.listenTCP(...args);
  }

  /** Throws `connectException`, if any. */
  override connectSSL(
    ...args: Parameters<MemoryReactor["connectSSL"]>
  ): Connector {
    throwIfThere(this.#options.connectException);
    return super.connectSSL(...args);
  }

  /** Throws `listenException`, if any. */
  override listenSSL(...args: Parameters<MemoryReactor["listenSSL"]>): Port {
    throwIfThere(this.#options.listenException);
    return super.listenSSL(...args);
  }

  /** Throws `connectException`, if any. */
  override connectUNIX(
    ...args: Parameters<MemoryReactor["connectUNIX"]>
  ): Connector {
    throwIfThere(this.#options.connectException);
    return super.connectUNIX(...args);
  }

  /** Throws `listenException`, if any. */
  override listenUNIX(
    ...args: Parameters<MemoryReactor["listenUNIX"]>
  ): Port<UNIXAddress> {
    throwIfThere(this.#options.listenException);
    return super.listenUNIX(...args);
  }
}

function throwIfThere(error: Error | undefined): void {
  if (error !== undefined) throw error;
}

function silentBackend(): ReturnType<typeof createMemoryBackend> {
  const connect = () => ({ cancel: () => {} });
  return { ...createMemoryBackend(), connect, connectPath: connect };
}
