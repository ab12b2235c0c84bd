/**
 * docs/architecture.md draws a turn of the loop: `#turn`, a sleep until the next call is
 * due, the poller's `dispatch`. After "shutdown", `run()` waits until all is closed.
 * @module
 */

import { checkFunction, lostThis } from "../defer/checks.ts";
import {
  Failure,
  getDebugging,
  type Log,
  log as defaultLog,
} from "../defer/mod.ts";
import type { Address, UNIXAddress } from "./addresses.ts";
import { checkBackend, checkFactory } from "./checks.ts";
import {
  ConnectionLost,
  ReactorAlreadyRunning,
  ReactorNotRestartable,
  ReactorNotRunning,
} from "./errors.ts";
import type { Instrument } from "./instrument.ts";
import { SlowCalls } from "./instruments/slow_calls.ts";
import { callUser, catchRejection } from "./loop/call_user.ts";
import type { Backend, Listener } from "./backend.ts";
import type {
  ClientFactoryLike,
  Connector,
  DelayedCall,
  FactoryLike,
  FileDescriptor,
  ReactorFDSet,
  ReactorTime,
  ReadDescriptor,
  WriteDescriptor,
} from "./interfaces.ts";
import { nameOfCalled } from "./loop/instruments.ts";
import { ReactorCore } from "./loop/reactor_core.ts";
import {
  BackendNameResolver,
  type NameResolver,
} from "./transport/name_resolver.ts";
import { Sleeper } from "./loop/sleeper.ts";
import {
  type EventPhase,
  SystemEvents,
  type SystemEventTrigger,
} from "./loop/system_events.ts";
import { ClientConnector } from "./transport/connector.ts";
import type { Dialer } from "./transport/dialer.ts";
import { Port } from "./transport/port.ts";
import {
  type ConnectTCPOptions,
  type ListenTCPOptions,
  tcpDialer,
  tcpListener,
} from "./transport/tcp.ts";
import {
  type ConnectSSLOptions,
  type ListenSSLOptions,
  tlsDialer,
  tlsListener,
} from "./transport/tls.ts";
import {
  type ConnectUNIXOptions,
  type ListenUNIXOptions,
  unixDialer,
  unixListener,
} from "./transport/unix.ts";
import type { QueuedCall } from "./loop/delayed_call.ts";
import { TimerQueue } from "./loop/timer_queue.ts";
import { Poller } from "./loop/poller.ts";

/**
 * What a {@linkcode Reactor} needs.
 * @category Reactor
 */
export interface ReactorOptions {
  /** Opens connections and ports; a function is called at first need. */
  backend: Backend | (() => Backend);
  /**
   * Keeps the time and makes delayed calls: a test's `Clock`.
   * @default {undefined}
   */
  clock?: ReactorTime | undefined;
  /**
   * Where errors go.
   * @default {log}
   */
  log?: Log | undefined;
}

/**
 * How to run a {@linkcode Reactor}.
 * @category Reactor
 */
export interface RunOptions {
  /**
   * Whether SIGINT and SIGTERM stop it.
   * @default {true}
   */
  installSignalHandlers?: boolean | undefined;
}

/**
 * Promises that call back again and again, and writes taken at once, would starve the
 * runtime's I/O, timers and signals. After so many turns the runtime is asked to report
 * its next one; after twice as many the loop waits for it.
 */
const MAX_TURNS_WITHOUT_IO = 64;

/**
 * `stop()` leads from started over stopping to stopped, the end; `crash()` from started
 * to crashed, which can be run again.
 */
type State = "new" | "started" | "stopping" | "stopped" | "crashed";

/** Whether something waits for a reactor never run. */
export let isForgotten: (reactor: Reactor) => boolean;

/**
 * Waits for connections, data and times, and calls the code that they concern, one call
 * at a time: Twisted's `reactor`. `run()` returns a promise where Twisted's blocks.
 * @example
 * ```ts
 * import { reactor } from "@deferno/deferno";
 *
 * const lines: string[] = [];
 * reactor.callWhenRunning(() => lines.push("Hello!"));
 * reactor.callLater(0.01, () => reactor.stop());
 * await reactor.run();
 * console.assert(lines.length === 1);
 * ```
 * @category Reactor
 */
export class Reactor implements ReactorFDSet, ReactorTime {
  /** Where callbacks' errors go. */
  readonly log: Log;
  #giveBackend: () => Backend;
  #backend: Backend | undefined;
  #state: State = "new";
  #running = false;
  #looping = false;
  #stopRequested = false;
  #sleeper: Sleeper | undefined;
  #calls: (() => unknown)[] = [];
  #core: ReactorCore = new ReactorCore(this);
  #timers: TimerQueue = new TimerQueue(
    () => this.backend.seconds(),
    (time) => this.#sleeper?.wakeBy(time),
    this.#core.instruments,
  );
  #clock: ReactorTime | undefined;
  #nameResolver: NameResolver = new BackendNameResolver(this.#core);
  #events: SystemEvents;
  #poller: Poller;
  #slowCalls: SlowCalls | undefined;

  /**
   * Takes its backend at first need.
   * @throws {TypeError} if it is not one
   */
  constructor(options: ReactorOptions) {
    const { backend } = options;
    if (typeof backend !== "function") checkBackend("Reactor", backend);
    this.log = options.log ?? defaultLog;
    this.#giveBackend = typeof backend === "function" ? backend : () => backend;
    this.#clock = options.clock;
    const { instruments } = this.#core;
    this.#events = new SystemEvents(this.log, instruments);
    this.#poller = new Poller(
      this.log,
      () => this.#sleeper?.wake(),
      instruments,
    );
  }

  static {
    isForgotten = (reactor) =>
      reactor.#state === "new" &&
      (reactor.#calls.length > 0 || reactor.getReaders().length > 0 ||
        reactor.getDelayedCalls().length > 0);
  }

  /** Opens connections and ports. */
  get backend(): Backend {
    return this.#backend ??= this.#giveBackend();
  }

  /** Whether it runs, from startup to shutdown. */
  get running(): boolean {
    return this.#running;
  }

  // --- Running and stopping

  /**
   * Runs the loop until it is stopped, and keeps the program alive.
   * @throws {ReactorAlreadyRunning} if it is running
   * @throws {ReactorNotRestartable} if it was stopped
   */
  async run(options: RunOptions = {}): Promise<void> {
    if (this.#looping) {
      throw new ReactorAlreadyRunning(
        "This reactor is running already: run() returns when it has stopped",
      );
    }
    if (this.#state === "stopped") {
      throw new ReactorNotRestartable(
        "Cannot run a reactor again that was stopped: another one is made with new Reactor({ backend: runtimeBackend })",
      );
    }
    const sleeper = new Sleeper(this.backend);
    const removeHandlers = options.installSignalHandlers === false
      ? undefined
      : this.backend.onSignal(
        ["SIGINT", "SIGTERM"],
        () => this.callFromThread(() => this.#stopBySignal()),
      );
    const leaveLoop = this.backend.enterLoop?.();
    this.#looping = true;
    this.#state = "started";
    this.#sleeper = sleeper;
    try {
      this.#poller.start();
      this.fireSystemEvent("startup");
      await this.#loop(sleeper);
      await this.#core.allClosed(sleeper);
    } finally {
      sleeper.end();
      this.#poller.stop();
      this.#sleeper = undefined;
      this.#looping = false;
      removeHandlers?.();
      leaveLoop?.();
    }
  }

  /**
   * Shuts down at the end of this turn: what is open is closed, and `run()` returns.
   * @throws {ReactorNotRunning} if it is not running, or is stopping
   */
  stop(): void {
    if (this === undefined) throw lostThis("stop", "reactor");
    if (this.#state === "crashed") {
      this.#state = "stopped";
      return;
    }
    if (this.#state !== "started") {
      throw new ReactorNotRunning(
        this.#state === "new"
          ? "Cannot stop a reactor that has not been started"
          : "Cannot stop a reactor that was stopped before",
      );
    }
    this.#state = "stopping";
    this.#stopRequested = true;
    this.#sleeper?.wake();
  }

  /** A second one is only logged. */
  #stopBySignal(): void {
    if (this.#state === "started") return this.stop();
    const error = new ReactorNotRunning(
      "Another signal came while the reactor was stopping",
    );
    this.log.err(new Failure(error), "Cannot stop the reactor again:");
  }

  /** Ends the loop, with no trigger called and nothing closed. It can be run again. */
  crash(): void {
    if (this.#state === "started") this.#state = "crashed";
    if (this.#state === "stopping") this.#state = "stopped";
    this.#running = false;
    this.#sleeper?.wake();
  }

  /**
   * Calls `fn(...args)` when the reactor has started, or now if it runs.
   * @returns a trigger, to be removed; `undefined` if `fn` was called
   */
  callWhenRunning<A extends unknown[]>(
    fn: (...args: A) => unknown,
    ...args: A
  ): SystemEventTrigger | undefined {
    if (!this.#running) {
      return this.addSystemEventTrigger("after", "startup", fn, ...args);
    }
    catchRejection(this.log, "a function called at once", fn(...args));
    return undefined;
  }

  /**
   * Calls `fn(...args)` on the loop's next turn: for what comes from outside, like another
   * library's callback. There are no threads.
   * @throws {TypeError} if `fn` is not a function
   */
  callFromThread<A extends unknown[]>(
    fn: (...args: A) => unknown,
    ...args: A
  ): void {
    checkFunction("callFromThread: fn", fn);
    this.#followDebugging();
    const { instruments } = this.#core;
    // For instruments, a function for each call tells calls apart.
    const call = withArguments(fn, args, instruments.active);
    this.#calls.push(call);
    if (instruments.active) instruments.tell((one) => one.callAdded?.(call));
    this.#sleeper?.wake();
  }

  // --- Time

  /** Since the epoch, or of the `clock` option. */
  seconds(): number {
    return (this.#clock ?? this.#timers).seconds();
  }

  /**
   * Calls `fn(...args)` later.
   * @param seconds from now
   * @throws {RangeError} if `seconds` is not 0 or more
   * @throws {TypeError} if `fn` is not a function
   */
  callLater<A extends unknown[]>(
    seconds: number,
    fn: (...args: A) => unknown,
    ...args: A
  ): DelayedCall {
    if (seconds < 0) {
      throw new RangeError(`seconds must be 0 or more, got ${seconds}`);
    }
    this.#followDebugging();
    return this.#clock === undefined
      ? this.#timers.add(seconds, fn, args)
      : this.#clock.callLater(seconds, fn, ...args);
  }

  /** The pending calls, the next one first. */
  getDelayedCalls(): DelayedCall[] {
    return this.#clock?.getDelayedCalls() ?? this.#timers.calls();
  }

  // --- System events

  /**
   * Calls a function at `"startup"`, `"shutdown"`, or an event of the program's own.
   * @param phase what a `before` returns, a deferred or a promise, holds up the event
   * @returns for {@linkcode Reactor.removeSystemEventTrigger}
   * @throws {RangeError} if there is no such phase
   * @throws {TypeError} if `fn` is not a function
   */
  addSystemEventTrigger<A extends unknown[]>(
    phase: EventPhase,
    event: string,
    fn: (...args: A) => unknown,
    ...args: A
  ): SystemEventTrigger {
    checkFunction("addSystemEventTrigger: fn", fn);
    this.#followDebugging();
    return this.#events.add(phase, event, withArguments(fn, args));
  }

  /**
   * Removes a trigger.
   * @throws {RangeError} if it was called or removed
   */
  removeSystemEventTrigger(trigger: SystemEventTrigger): void {
    this.#events.remove(trigger);
  }

  /** Calls an event's triggers, and uses them up. */
  fireSystemEvent(event: string): void {
    this.#events.fire(event, () => {
      // First: triggers find the reactor running, or stopped and nothing open.
      if (event === "startup") this.#running = this.#isStarted();
      if (event === "shutdown") this.#shutDown();
    });
  }

  // --- Descriptors

  /**
   * Calls `doRead` whenever there is something to read. Idempotent.
   * @throws {RangeError} if its `fileno()` is not an open socket's
   */
  addReader(reader: ReadDescriptor): void {
    this.#poller.addReader(reader);
  }

  /** Removes it. Idempotent. */
  removeReader(reader: ReadDescriptor): void {
    this.#poller.removeReader(reader);
  }

  /** All readers, with transports and ports. */
  getReaders(): ReadDescriptor[] {
    return this.#poller.readers();
  }

  /**
   * Calls `doWrite` whenever there is room to write. Idempotent.
   * @throws {RangeError} if its `fileno()` is not an open socket's
   */
  addWriter(writer: WriteDescriptor): void {
    this.#poller.addWriter(writer);
  }

  /** Removes it. Idempotent. */
  removeWriter(writer: WriteDescriptor): void {
    this.#poller.removeWriter(writer);
  }

  /** All writers, with transports. */
  getWriters(): WriteDescriptor[] {
    return this.#poller.writers();
  }

  /** Removes all, without calling them; returns each once. */
  removeAll(): FileDescriptor[] {
    return this.#poller.removeAll();
  }

  // --- Names

  /** Looks up names for endpoints. */
  get nameResolver(): NameResolver {
    return this.#nameResolver;
  }

  /**
   * Replaces the resolver, and returns the one before. `connectTCP` leaves names to the
   * system.
   */
  installNameResolver(resolver: NameResolver): NameResolver {
    const replaced = this.#nameResolver;
    this.#nameResolver = resolver;
    return replaced;
  }

  // --- Connections and ports

  /**
   * Connects to a port.
   * @param host a name or an address
   * @param port 1 to 65535
   * @throws {RangeError} if `port` or the timeout is invalid
   */
  connectTCP(
    host: string,
    port: number,
    factory: ClientFactoryLike,
    options: ConnectTCPOptions = {},
  ): Connector {
    const dialer = tcpDialer(this.backend, { host, port }, options);
    return this.#connect(dialer, factory, options);
  }

  /**
   * Listens on a port.
   * @param port 0 to 65535; 0 for a free one, in `getHost()`
   * @throws {CannotListenError} if it cannot be opened
   * @throws {RangeError} if `port` or `backlog` is invalid
   */
  listenTCP(
    port: number,
    factory: FactoryLike,
    options: ListenTCPOptions = {},
  ): Port {
    return this.#listen(tcpListener(this.backend, port, options), factory);
  }

  /**
   * Connects to a UNIX socket: on Deno with `--allow-read`, `--allow-write` and
   * `--allow-net`.
   * @throws {RangeError} if the timeout is invalid
   * @throws {TypeError} if the path is invalid
   * @throws {Error} if the backend has no UNIX sockets
   */
  connectUNIX(
    path: string,
    factory: ClientFactoryLike,
    options: ConnectUNIXOptions = {},
  ): Connector {
    const dialer = unixDialer(this.backend, path, options);
    return this.#connect(dialer, factory, options);
  }

  /**
   * Listens on a UNIX socket, whose file is removed at the end. Permissions and errors as
   * `connectUNIX`.
   * @throws {CannotListenError} if it cannot be opened
   * @throws {RangeError} if `mode` or `backlog` is invalid
   */
  listenUNIX(
    path: string,
    factory: FactoryLike,
    options: ListenUNIXOptions = {},
  ): Port<UNIXAddress> {
    return this.#listen(unixListener(this.backend, path, options), factory);
  }

  /**
   * Connects to a port over TLS. `handshakeCompleted` follows `connectionMade`; earlier
   * writes wait for it. An invalid certificate ends the connection with a
   * `CertificateError`.
   * @param host which the certificate must be for, unless `hostname` says otherwise
   * @param port 1 to 65535
   * @throws {RangeError} if `port` or the timeout is invalid
   * @throws {TypeError} if a certificate or key cannot be read
   * @throws {Error} if the backend has no TLS
   */
  connectSSL(
    host: string,
    port: number,
    factory: ClientFactoryLike,
    options: ConnectSSLOptions = {},
  ): Connector {
    const dialer = tlsDialer(this.backend, { host, port }, options);
    return this.#connect(dialer, factory, options);
  }

  /**
   * Listens over TLS. Throws as `listenTCP`, too.
   * @throws {TypeError} if a certificate or key cannot be read
   * @throws {Error} if the backend has no TLS
   */
  listenSSL(
    port: number,
    factory: FactoryLike,
    options: ListenSSLOptions,
  ): Port {
    return this.#listen(tlsListener(this.backend, port, options), factory);
  }

  #connect(
    dialer: Dialer,
    factory: ClientFactoryLike,
    options: Pick<ConnectTCPOptions, "timeout">,
  ): Connector {
    checkFactory(factory);
    const connector = new ClientConnector(this.#core, dialer, factory, options);
    connector.connect();
    return connector;
  }

  #listen<A extends Address>(
    listen: () => Listener<A>,
    factory: FactoryLike,
  ): Port<A> {
    checkFactory(factory);
    this.#followDebugging();
    const port = new Port(this.#core, listen, factory);
    port.startListening();
    return port;
  }

  // --- Instruments

  /**
   * Tells an instrument what the loop does, except delayed calls of the `clock` option.
   * Idempotent.
   */
  addInstrument(instrument: Instrument): void {
    this.#core.instruments.add(instrument);
  }

  /** Removes it. Idempotent. */
  removeInstrument(instrument: Instrument): void {
    this.#core.instruments.remove(instrument);
  }

  /**
   * `setDebugging(true)` adds an instrument: at the first call or port that is asked for,
   * to know by whom, or while the loop runs.
   */
  #followDebugging(): void {
    if (getDebugging() === (this.#slowCalls !== undefined)) return;
    if (this.#slowCalls !== undefined) {
      this.removeInstrument(this.#slowCalls);
      this.#slowCalls = undefined;
      return;
    }
    this.#slowCalls = new SlowCalls();
    this.addInstrument(this.#slowCalls);
  }

  // --- The loop

  async #loop(sleeper: Sleeper): Promise<void> {
    const { instruments } = this.#core;
    let turnsWithoutIO = 0;
    if (instruments.active) this.#turnBegan(undefined);
    while (this.#turn()) {
      const since = instruments.active ? this.#turnEnded() : undefined;
      await sleeper.sleep(this.#wakeTime());
      if (++turnsWithoutIO === MAX_TURNS_WITHOUT_IO) {
        this.backend.nextTurn(() => turnsWithoutIO = 0);
      } else if (turnsWithoutIO > MAX_TURNS_WITHOUT_IO * 2) {
        turnsWithoutIO = 0;
        await sleeper.yieldToRuntime();
      }
      if (instruments.active) this.#turnBegan(since);
      this.#poller.dispatch();
    }
    if (instruments.active) this.#turnEnded();
  }

  /** @param since when it fell asleep, if noted */
  #turnBegan(since: number | undefined): void {
    const slept = since === undefined ? 0 : this.backend.seconds() - since;
    this.#core.instruments.tell((one) => one.turnBegan?.(slept));
  }

  /** @returns when the loop falls asleep */
  #turnEnded(): number {
    this.#core.instruments.tell((one) => one.turnEnded?.());
    return this.backend.seconds();
  }

  /** Returns whether the loop goes on. */
  #turn(): boolean {
    if (!this.#isStarted()) return false;
    this.#followDebugging();
    this.#makeCalls();
    this.#timers.runDue((call) =>
      callUser(this.log, `${call}`, () => this.#makeDelayedCall(call))
    );
    if (this.#stopRequested) {
      this.#stopRequested = false;
      this.fireSystemEvent("shutdown");
    }
    return this.#isStarted();
  }

  #makeDelayedCall(call: QueuedCall): unknown {
    const { instruments } = this.#core;
    if (!instruments.active) return call.make();
    const { functionName: name } = call;
    return instruments.around(
      { kind: "delayed call", name, subject: call },
      () => call.make(),
    );
  }

  #makeCallFromOutside(call: () => unknown): unknown {
    const name = nameOfCalled(call);
    return this.#core.instruments.around(
      { kind: "call from outside", name, subject: call },
      call,
    );
  }

  #isStarted(): boolean {
    return this.#state === "started" || this.#state === "stopping";
  }

  /** Those added meanwhile wait for the next turn. */
  #makeCalls(): void {
    if (this.#calls.length === 0) return;
    const calls = this.#calls;
    const { instruments } = this.#core;
    this.#calls = [];
    for (const call of calls) {
      callUser(
        this.log,
        "a function called from outside the loop",
        instruments.active ? () => this.#makeCallFromOutside(call) : call,
      );
    }
  }

  #wakeTime(): number | undefined {
    const busy = this.#calls.length > 0 || this.#stopRequested ||
      this.#poller.ready;
    return busy ? 0 : this.#timers.nextTime();
  }

  #shutDown(): void {
    this.#core.instruments.around(
      { kind: "trigger", name: "during shutdown", subject: this },
      () => this.#endAll(),
    );
  }

  #endAll(): void {
    this.crash();
    this.#poller.stop();
    const reason = new Failure(
      new ConnectionLost("The connection was lost because the reactor stopped"),
    );
    this.#core.disconnectAll(reason);
    for (const descriptor of this.#poller.removeAll()) {
      this.#poller.disconnect(descriptor, reason);
    }
  }
}

function withArguments<A extends unknown[]>(
  fn: (...args: A) => unknown,
  args: A,
  always = false,
): () => unknown {
  // `bind` keeps the name, for instruments; its type wants the arguments one by one.
  const anyFn = fn as (...args: unknown[]) => unknown;
  return args.length === 0 && !always ? anyFn : anyFn.bind(undefined, ...args);
}
