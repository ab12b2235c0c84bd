/**
 * The reactor: the loop that waits for events and calls who is concerned.
 *
 * @module
 */

import { Failure, type Log, log as defaultLog } from "../defer/mod.ts";
import type { Address, UNIXAddress } from "./addresses.ts";
import { checkBackend } from "./check_backend.ts";
import type { DelayedCall } from "./loop/delayed_call.ts";
import {
  ConnectionLost,
  ReactorAlreadyRunning,
  ReactorNotRestartable,
  ReactorNotRunning,
} from "./errors.ts";
import { callUser, catchRejection } from "./loop/call_user.ts";
import type { Backend, Listener } from "./backend.ts";
import type {
  ClientFactoryLike,
  Connector,
  FactoryLike,
  FileDescriptor,
  ReactorTime,
  ReadDescriptor,
  WriteDescriptor,
} from "./interfaces.ts";
import type {
  Disconnectable,
  OpenNode,
  ReactorCore,
} from "./loop/reactor_core.ts";
import {
  BackendNameResolver,
  type NameResolver,
} from "./transport/name_resolver.ts";
import { LinkedList } from "../defer/linked_list.ts";
import { Sleeper } from "./loop/sleeper.ts";
import {
  type EventPhase,
  SystemEvents,
  type SystemEventTrigger,
} from "./loop/system_events.ts";
import { ClientConnector, type Dialer } from "./transport/connector.ts";
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
import { TimerQueue } from "./loop/timer_queue.ts";
import { Poller } from "./loop/poller.ts";

/** What a {@linkcode Reactor} is made with. */
export interface ReactorOptions {
  /** What opens connections and ports, or what gives that when it is needed. */
  backend: Backend | (() => Backend);
  /**
   * Keeps the time and makes the delayed calls instead of the reactor: the
   * `Clock` of a test.
   *
   * @default {undefined}
   */
  clock?: ReactorTime | undefined;
  /**
   * Where errors go.
   *
   * @default {log}
   */
  log?: Log | undefined;
}

/** How to run a {@linkcode Reactor}. */
export interface RunOptions {
  /**
   * Whether SIGINT and SIGTERM stop the reactor.
   *
   * @default {true}
   */
  installSignalHandlers?: boolean | undefined;
}

/**
 * Promises that call back again and again, and writes that the system takes at once,
 * would keep the loop going without the runtime ever having its turn, and starve I/O,
 * timers and signals. After so many turns of the loop it is asked to tell when it has
 * had one, which it mostly has while the loop goes on; after twice as many the loop
 * waits for it.
 */
const TURNS_UNTIL_ASKED = 64;

/**
 * Where a reactor is in its life: `stop()` takes it from started over stopping
 * to stopped, which is the end; `crash()` from started to crashed, from where it
 * can be run again.
 */
type State = "new" | "started" | "stopping" | "stopped" | "crashed";

/**
 * The loop at the heart of a program: it waits for connections, data and times
 * to come, and calls the code that is concerned, one call at a time. Twisted's
 * `reactor`, which Part 3 of the introduction builds up from nothing.
 *
 * JavaScript cannot block, so `run()` returns a promise where Twisted's blocks.
 *
 * @example
 * ```ts
 * import { reactor } from "@deferno/deferno";
 *
 * const lines: string[] = [];
 * reactor.callWhenRunning(() => lines.push("Hello from the reactor loop!"));
 * reactor.callLater(0.01, () => reactor.stop());
 * await reactor.run();
 * console.assert(lines.length === 1);
 * ```
 */
export class Reactor implements ReactorCore {
  /** Where errors go that a callback throws. */
  readonly log: Log;
  #giveBackend: () => Backend;
  #backend: Backend | undefined;
  #state: State = "new";
  /** Whether the startup is past and the shutdown not yet there. */
  #running = false;
  /** Whether a `run()` has not returned yet. */
  #looping = false;
  /** Whether the shutdown is to begin in this turn. */
  #stopRequested = false;
  #sleeper: Sleeper | undefined;
  #calls: (() => unknown)[] = [];
  #timers: TimerQueue = new TimerQueue(
    () => this.backend.seconds(),
    (time) => this.#sleeper?.wakeBy(time),
  );
  #clock: ReactorTime | undefined;
  #nameResolver: NameResolver = new BackendNameResolver(this);
  #events: SystemEvents;
  #poller: Poller;
  #ports: LinkedList<Disconnectable> = new LinkedList();
  #connections: LinkedList<Disconnectable> = new LinkedList();
  /** What `run()` waits for before it returns: what is not closed yet. */
  #closing: Set<Promise<void>> = new Set();

  /**
   * Makes a reactor, which takes its backend when it first needs it.
   *
   * @param options the backend, and what else is to be other than usual
   * @throws {TypeError} if the backend is none
   */
  constructor(options: ReactorOptions) {
    const { backend } = options;
    if (typeof backend !== "function") checkBackend("A reactor", backend);
    this.log = options.log ?? defaultLog;
    this.#giveBackend = typeof backend === "function" ? backend : () => backend;
    this.#clock = options.clock;
    this.#events = new SystemEvents(this.log);
    this.#poller = new Poller(this.log, () => this.#sleeper?.wake());
  }

  /** What opens connections and ports. */
  get backend(): Backend {
    return this.#backend ??= this.#giveBackend();
  }

  /** Whether the reactor runs: from the startup to the shutdown. */
  get running(): boolean {
    return this.#running;
  }

  // --- Running and stopping

  /**
   * Runs the loop until the reactor is stopped. It keeps the program alive,
   * whether or not anything is open.
   *
   * @param options whether signals are to stop it
   * @returns settles when the reactor has stopped
   * @throws {ReactorAlreadyRunning} if it is running
   * @throws {ReactorNotRestartable} if it was stopped before
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
    this.#looping = true;
    this.#state = "started";
    this.#sleeper = sleeper;
    try {
      this.#poller.start();
      this.fireSystemEvent("startup");
      await this.#loop(sleeper);
      await this.#allClosed(sleeper);
    } finally {
      sleeper.end();
      this.#poller.stop();
      this.#sleeper = undefined;
      this.#looping = false;
      removeHandlers?.();
    }
  }

  /**
   * Stops the reactor: at the end of the current turn the shutdown begins, which
   * closes what is open and then lets `run()` return.
   *
   * @throws {ReactorNotRunning} if it is not running, or stopping already
   */
  stop(): void {
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

  /** A second signal finds the reactor stopping: no error of the program's. */
  #stopBySignal(): void {
    if (this.#state === "started") return this.stop();
    const error = new ReactorNotRunning(
      "Another signal came while the reactor was stopping",
    );
    this.log.err(new Failure(error), "Cannot stop the reactor again:");
  }

  /**
   * Ends the loop without a shutdown: no trigger is pulled, nothing is closed,
   * nobody is told. The reactor can be run again.
   */
  crash(): void {
    if (this.#state === "started") this.#state = "crashed";
    if (this.#state === "stopping") this.#state = "stopped";
    this.#running = false;
    this.#sleeper?.wake();
  }

  /**
   * Calls a function when the reactor has started, or at once if it runs.
   *
   * @param fn what to call
   * @param args what to call it with
   * @returns a trigger that can be removed; nothing if `fn` was called already
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
   * Calls a function on the next turn of the loop. Here it is for what comes
   * from outside of the loop, like the callback of another library.
   *
   * @param fn what to call
   * @param args what to call it with
   * @throws {TypeError} if `fn` is no function
   */
  callFromThread<A extends unknown[]>(
    fn: (...args: A) => unknown,
    ...args: A
  ): void {
    checkFunction("callFromThread", fn);
    this.#calls.push(
      args.length === 0 ? fn as () => unknown : () => fn(...args),
    );
    this.#sleeper?.wake();
  }

  // --- Time

  /** The time: seconds since the epoch, or those of the clock handed in. */
  seconds(): number {
    return (this.#clock ?? this.#timers).seconds();
  }

  /**
   * Calls a function later.
   *
   * @param seconds from now, 0 or more
   * @param fn what to call
   * @param args what to call it with
   * @throws {RangeError} if `seconds` is less than 0 or no number
   * @throws {TypeError} if `fn` is no function
   */
  callLater<A extends unknown[]>(
    seconds: number,
    fn: (...args: A) => unknown,
    ...args: A
  ): DelayedCall {
    if (seconds < 0) {
      throw new RangeError(`Seconds must be 0 or more: this is ${seconds}`);
    }
    return this.#clock === undefined
      ? this.#timers.add(seconds, fn, args)
      : this.#clock.callLater(seconds, fn, ...args);
  }

  /** The delayed calls that are still to come, the next one first. */
  getDelayedCalls(): DelayedCall[] {
    return this.#clock?.getDelayedCalls() ?? this.#timers.calls();
  }

  // --- System events

  /**
   * Adds something to be done when the reactor starts (`"startup"`), when it
   * stops (`"shutdown"`), or at an event of the program's own.
   *
   * @param phase before, during or after the event; a `before` that returns a
   *   deferred or a promise holds the event up until it fires
   * @param event which event
   * @param fn what to call
   * @param args what to call it with
   * @returns what {@linkcode Reactor.removeSystemEventTrigger} takes
   * @throws {RangeError} if there is no such phase
   * @throws {TypeError} if `fn` is no function
   */
  addSystemEventTrigger<A extends unknown[]>(
    phase: EventPhase,
    event: string,
    fn: (...args: A) => unknown,
    ...args: A
  ): SystemEventTrigger {
    checkFunction("addSystemEventTrigger", fn);
    return this.#events.add(phase, event, () => fn(...args));
  }

  /**
   * Takes a trigger away that has not been pulled.
   *
   * @param trigger what `addSystemEventTrigger` returned
   * @throws {RangeError} if it is not there: pulled or taken away already
   */
  removeSystemEventTrigger(trigger: SystemEventTrigger): void {
    this.#events.remove(trigger);
  }

  /**
   * Pulls the triggers of an event, each once for all.
   *
   * @param event which event
   */
  fireSystemEvent(event: string): void {
    this.#events.fire(event, () => {
      // What the reactor does itself comes first: the triggers of the program
      // find it running, or stopped and nothing open.
      if (event === "startup") this.#running = this.#isStarted();
      if (event === "shutdown") this.#shutDown();
    });
  }

  // --- Descriptors

  /**
   * Calls the reader's `doRead` whenever there is something to read.
   *
   * @param reader once is enough, twice does no harm
   * @throws {RangeError} if its `fileno()` is no open socket
   */
  addReader(reader: ReadDescriptor): void {
    this.#poller.addReader(reader);
  }

  /** Calls a reader no more. */
  removeReader(reader: ReadDescriptor): void {
    this.#poller.removeReader(reader);
  }

  /** All readers, transports and ports among them. */
  getReaders(): ReadDescriptor[] {
    return this.#poller.readers();
  }

  /**
   * Calls the writer's `doWrite` whenever there is room to write.
   *
   * @param writer once is enough, twice does no harm
   * @throws {RangeError} if its `fileno()` is no open socket
   */
  addWriter(writer: WriteDescriptor): void {
    this.#poller.addWriter(writer);
  }

  /** Calls a writer no more. */
  removeWriter(writer: WriteDescriptor): void {
    this.#poller.removeWriter(writer);
  }

  /** All writers, transports among them. */
  getWriters(): WriteDescriptor[] {
    return this.#poller.writers();
  }

  /**
   * Removes all readers and writers. They are not told.
   *
   * @returns those that were removed, each once
   */
  removeAll(): FileDescriptor[] {
    return this.#poller.removeAll();
  }

  // --- Names

  /** What looks up the names of hosts for endpoints: the backend, at first. */
  get nameResolver(): NameResolver {
    return this.#nameResolver;
  }

  /**
   * Has another object look up the names of hosts for endpoints: one of a test, or
   * one that asks a name server itself. `connectTCP` leaves that to the system.
   *
   * @param resolver what is to look names up from now on
   * @returns what did so before
   */
  installNameResolver(resolver: NameResolver): NameResolver {
    const replaced = this.#nameResolver;
    this.#nameResolver = resolver;
    return replaced;
  }

  // --- Connections and ports

  /**
   * Connects to a port.
   *
   * @param host a name or an address
   * @param port 1 to 65535
   * @param factory builds the protocol, and is told if there is no connection
   * @param options how long to try, and from where
   * @returns can end the attempt, and the connection
   * @throws {RangeError} if `port` or the timeout is none
   */
  connectTCP(
    host: string,
    port: number,
    factory: ClientFactoryLike,
    options: ConnectTCPOptions = {},
  ): Connector {
    return this.#connect(tcpDialer(host, port, options), factory, options);
  }

  /**
   * Listens on a port.
   *
   * @param port 0 to 65535; 0 for any that is free, which `getHost()` then tells
   * @param factory builds a protocol for each connection
   * @param options on which addresses, and how
   * @throws {CannotListenError} if the port cannot be opened
   * @throws {RangeError} if `port` is none
   */
  listenTCP(
    port: number,
    factory: FactoryLike,
    options: ListenTCPOptions = {},
  ): Port {
    return this.#listen(tcpListener(port, options), factory);
  }

  /**
   * Connects to a UNIX socket. On Deno that needs `--allow-read`, `--allow-write`
   * and `--allow-net`.
   *
   * @param path the path of the socket's file
   * @param factory builds the protocol, and is told if there is no connection
   * @param options how long to try, and whether the server must be there
   * @returns can end the attempt, and the connection
   * @throws {RangeError} if the timeout is none
   * @throws {TypeError} if the path is none
   * @throws {Error} if the backend has no UNIX sockets
   */
  connectUNIX(
    path: string,
    factory: ClientFactoryLike,
    options: ConnectUNIXOptions = {},
  ): Connector {
    return this.#connect(
      unixDialer(this.backend, path, options),
      factory,
      options,
    );
  }

  /**
   * Listens on a UNIX socket, whose file is removed at the end. On Deno that
   * needs `--allow-read`, `--allow-write` and `--allow-net`.
   *
   * @param path the path of the socket's file
   * @param factory builds a protocol for each connection
   * @param options who may connect, and whether to lock the socket
   * @throws {CannotListenError} if the socket cannot be opened
   * @throws {RangeError} if the mode is none
   * @throws {TypeError} if the path is none
   * @throws {Error} if the backend has no UNIX sockets
   */
  listenUNIX(
    path: string,
    factory: FactoryLike,
    options: ListenUNIXOptions = {},
  ): Port<UNIXAddress> {
    return this.#listen(unixListener(path, options), factory);
  }

  /**
   * Connects to a port over TLS. The factory builds its protocol, and
   * `connectionMade` is called, when there is a connection; `handshakeCompleted`
   * when both ends have agreed. What is written before that waits. A certificate
   * that does not fit ends the connection with a `CertificateError`.
   *
   * @param host a name or an address, which the certificate must be for unless
   *   `hostname` says otherwise
   * @param port 1 to 65535
   * @param factory builds the protocol, and is told if there is no connection
   * @param options what to show and to trust, how long to try, and from where
   * @returns can end the attempt, and the connection
   * @throws {RangeError} if `port` or the timeout is none
   * @throws {TypeError} if a certificate or key cannot be read
   * @throws {Error} if the backend has no TLS
   */
  connectSSL(
    host: string,
    port: number,
    factory: ClientFactoryLike,
    options: ConnectSSLOptions = {},
  ): Connector {
    const dial = tlsDialer(this.backend, { host, port }, options);
    return this.#connect(dial, factory, options);
  }

  /**
   * Listens on a port for connections over TLS.
   *
   * @param port 0 to 65535; 0 for any that is free, which `getHost()` then tells
   * @param factory builds a protocol for each connection
   * @param options the certificate and its key, on which addresses, and how
   * @throws {CannotListenError} if the port cannot be opened
   * @throws {RangeError} if `port` is none
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
    dial: Dialer,
    factory: ClientFactoryLike,
    options: { timeout?: number | null | undefined },
  ): Connector {
    const connector = new ClientConnector(this, dial, factory, options);
    connector.connect();
    return connector;
  }

  #listen<A extends Address>(
    open: (backend: Backend) => Listener<A>,
    factory: FactoryLike,
  ): Port<A> {
    const port = new Port(this, open, factory);
    port.startListening();
    return port;
  }

  /**
   * Something was opened that is to be ended when the reactor stops.
   *
   * @returns its entry, to remove when it has come to its end before
   */
  opened(thing: Disconnectable, kind: "port" | "connection"): OpenNode {
    return (kind === "port" ? this.#ports : this.#connections).push(thing);
  }

  /** Something takes a while to close: `run()` does not return before it is. */
  closing(closed: Promise<void>): void {
    const settled = Promise.resolve(closed)
      .catch((error) => this.#notClosed(error))
      .then(() => void this.#closing.delete(settled));
    this.#closing.add(settled);
  }

  /** What it is that could not be closed is open to nobody any more. */
  #notClosed(error: unknown): void {
    this.log.err(
      new Failure(error, { raised: true }),
      "Unhandled error in what was being closed:",
    );
  }

  /** Sleeps until all is closed, also what is added meanwhile. */
  async #allClosed(sleeper: Sleeper): Promise<void> {
    while (this.#closing.size > 0) {
      await sleeper.sleepUntil(Promise.all(this.#closing));
    }
  }

  // --- The loop

  async #loop(sleeper: Sleeper): Promise<void> {
    // Since the runtime had its turn, as far as is known.
    let turns = 0;
    while (this.#turn()) {
      await sleeper.sleep(this.#wakeTime());
      if (++turns === TURNS_UNTIL_ASKED) this.backend.nextTurn(() => turns = 0);
      else if (turns > TURNS_UNTIL_ASKED * 2) {
        turns = 0;
        await sleeper.rest();
      }
      this.#poller.dispatch();
    }
  }

  /**
   * The part of a turn before the sleep: the calls from outside, the delayed
   * calls that are due, the shutdown.
   *
   * @returns whether the loop goes on
   */
  #turn(): boolean {
    if (!this.#isStarted()) return false;
    this.#makeCalls();
    this.#timers.runDue((call) =>
      callUser(this.log, `${call}`, () => call.make())
    );
    if (this.#stopRequested) {
      this.#stopRequested = false;
      this.fireSystemEvent("shutdown");
    }
    return this.#isStarted();
  }

  #isStarted(): boolean {
    return this.#state === "started" || this.#state === "stopping";
  }

  /** Makes the calls that came from outside; what they add has to wait. */
  #makeCalls(): void {
    if (this.#calls.length === 0) return;
    const calls = this.#calls;
    this.#calls = [];
    for (const call of calls) {
      callUser(this.log, "a function called from outside the loop", call);
    }
  }

  /** When the loop has to go on; now, if there is something to do already. */
  #wakeTime(): number | undefined {
    const busy = this.#calls.length > 0 || this.#stopRequested ||
      this.#poller.ready;
    return busy ? 0 : this.#timers.nextTime();
  }

  #shutDown(): void {
    this.crash();
    // What is opened from here on must not keep the program alive.
    this.#poller.stop();
    const reason = new Failure(
      new ConnectionLost("The connection was lost because the reactor stopped"),
    );
    for (const thing of [...this.#ports, ...this.#connections]) {
      try {
        const closed = thing.disconnectNow(reason);
        if (closed !== undefined) this.closing(closed);
      } catch (error) {
        // What the backend throws must not keep the others open.
        this.#notClosed(error);
      }
    }
    for (const descriptor of this.#poller.removeAll()) {
      this.#poller.disconnect(descriptor, reason);
    }
  }
}

function checkFunction(method: string, fn: unknown): void {
  if (typeof fn === "function") return;
  throw new TypeError(`${method} needs a function to call: it got ${fn}`);
}
