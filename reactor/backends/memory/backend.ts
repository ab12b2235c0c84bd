import {
  type Address,
  addressOf,
  type TCPAddress,
  UNIXAddress,
} from "../../addresses.ts";
import type {
  Attempt,
  Backend,
  ConnectOptions,
  ConnectPathOptions,
  Listener,
  ListenOptions,
  ListenPathOptions,
  ReadinessObserver,
  Stream,
} from "../../backend.ts";
import { connectError, listenError, lostError } from "../errors.ts";
import { hostTime } from "../host_time.ts";
import { EOF, Readiness } from "../readiness.ts";
import { notLocked } from "../unix/lock.ts";
import {
  CannotListenError,
  ConnectError,
  type ConnectionLost,
} from "../../errors.ts";

/** Of ephemeral ports (RFC 6335). */
const FIRST_FREE_PORT = 49152;
const LAST_FREE_PORT = 65535;

/**
 * A network in memory, where reactors that share it reach each other: for tests without
 * sockets. A connection goes to the port, whatever the host. UNIX sockets make no files.
 * @example
 * ```ts
 * import { createMemoryBackend, Factory, Protocol, Reactor } from "@deferno/deferno";
 *
 * const reactor = new Reactor({ backend: createMemoryBackend() });
 * const port = reactor.listenTCP(0, Factory.forProtocol(Protocol));
 * console.assert(port.getHost().port > 0);
 * ```
 * @category Backends
 */
export function createMemoryBackend(): Backend {
  const listeners = new Map<number, MemoryListener<TCPAddress>>();
  const paths = new MemoryPaths();
  let lastGiven = LAST_FREE_PORT;

  /** A port is not reused soon. */
  function freePort(): number {
    const start = lastGiven;
    do {
      if (++lastGiven > LAST_FREE_PORT) lastGiven = FIRST_FREE_PORT;
    } while (listeners.has(lastGiven) && lastGiven !== start);
    return lastGiven;
  }

  function listen(options: ListenOptions): Listener {
    const { hostname, backlog: _, reusePort: __ } = options;
    const port = options.port || freePort();
    if (listeners.has(port)) {
      const text = "address already in use";
      throw listenError({ hostname, port }, { kind: "other", text });
    }
    const address = addressOf(hostname, port);
    const listener = new MemoryListener(address, () => listeners.delete(port));
    listeners.set(port, listener);
    return listener;
  }

  function connect(options: ConnectOptions): Stream | Error {
    const { hostname, port, bindAddress } = options;
    if (bindAddress !== undefined) {
      const text = "there are no local addresses to choose from in memory";
      return connectError(options, { kind: "local", text });
    }
    const listener = listeners.get(port);
    if (listener === undefined) {
      const text = "connection refused";
      return connectError(options, { kind: "refused", text });
    }
    const local = addressOf(hostname, freePort());
    return listener.connect(local, addressOf(hostname, port));
  }

  return {
    name: "memory",
    ...hostTime,
    connect: (options, done) => later(() => done(connect(options))),
    listen,
    connectPath: (options, done) => later(() => done(paths.connect(options))),
    listenPath: (options) => paths.listen(options),
    // Every name leads to this process.
    lookup: (hostname, done) => later(() => done([hostname])),
    // Signals are a process's, not a network's.
    onSignal: () => () => {},
  };
}

function later(fn: () => void): Attempt {
  let cancelled = false;
  queueMicrotask(() => {
    if (!cancelled) fn();
  });
  return { cancel: () => void (cancelled = true) };
}

class MemoryListener<A extends Address> implements Listener<A> {
  readonly address: A;
  readonly #readiness = new Readiness();
  readonly #onClose: () => void;
  #waiting: Stream[] = [];

  constructor(address: A, onClose: () => void) {
    this.address = address;
    this.#onClose = onClose;
  }

  pollRead(observer: ReadinessObserver): void {
    this.#readiness.pollRead(observer, this.#waiting.length > 0);
  }

  /** Never written to. */
  pollWrite(): void {}

  accept(): Stream | undefined {
    return this.#waiting.shift();
  }

  close(): void {
    this.#readiness.clear();
    this.#onClose();
    for (const stream of this.#waiting.splice(0)) stream.abort();
  }

  /** Returns the client's end. */
  connect(local: Address, remote: Address): Stream {
    const [near, far] = [new Readiness(), new Readiness()];
    const there = new Pipe(far, near);
    const back = new Pipe(near, far);
    const nearEnd = { readiness: near, incoming: back, outgoing: there };
    const farEnd = { readiness: far, incoming: there, outgoing: back };
    this.#waiting.push(new MemoryStream(remote, local, farEnd));
    this.#readiness.readable();
    return new MemoryStream(local, remote, nearEnd);
  }
}

/** Without files, so without permissions and stale sockets. */
class MemoryPaths {
  readonly #bindings = new Map<
    string,
    { listener: MemoryListener<UNIXAddress>; locked: boolean }
  >();

  /** @throws {CannotListenError} if the path is in use */
  listen({ path, lock }: ListenPathOptions): Listener<UNIXAddress> {
    if (this.#bindings.has(path)) {
      throw new CannotListenError({ path }, "address already in use");
    }
    const free = () => this.#bindings.delete(path);
    const listener = new MemoryListener(new UNIXAddress(path), free);
    this.#bindings.set(path, { listener, locked: lock });
    return listener;
  }

  connect({ path, mustBeLocked }: ConnectPathOptions): Stream | Error {
    const binding = this.#bindings.get(path);
    if (mustBeLocked && !binding?.locked) return notLocked(path);
    if (binding !== undefined) {
      const remote = new UNIXAddress(path);
      return binding.listener.connect(new UNIXAddress(), remote);
    }
    return new ConnectError(
      `Cannot connect to ${path}: no such file or directory`,
    );
  }
}

class MemoryStream implements Stream {
  readonly localAddress: Address;
  readonly remoteAddress: Address;
  readonly #readiness: Readiness;
  readonly #incoming: Pipe;
  readonly #outgoing: Pipe;

  constructor(
    local: Address,
    remote: Address,
    end: { readiness: Readiness; incoming: Pipe; outgoing: Pipe },
  ) {
    this.localAddress = local;
    this.remoteAddress = remote;
    this.#readiness = end.readiness;
    this.#incoming = end.incoming;
    this.#outgoing = end.outgoing;
  }

  get lost(): ConnectionLost | undefined {
    return this.#outgoing.lost;
  }

  pollRead(observer: ReadinessObserver): void {
    this.#readiness.pollRead(observer, this.#incoming.canRead);
  }

  pollWrite(observer: ReadinessObserver): void {
    this.#readiness.pollWrite(observer, this.#outgoing.canWrite);
  }

  receive(max: number): Uint8Array | ConnectionLost | undefined {
    return this.#incoming.receive(max);
  }

  send(bytes: Uint8Array): number | ConnectionLost {
    return this.#outgoing.send(bytes);
  }

  endWrite(): void {
    this.#outgoing.end();
  }

  close(): void {
    this.#readiness.clear();
    const why = "the peer has closed it";
    // With unread bytes a kernel resets the connection, behind what was sent.
    if (this.#incoming.isEmpty) this.#outgoing.end();
    else this.#outgoing.breakOff(`${why}, and not read everything`);
    this.#incoming.break(why);
  }

  abort(): void {
    this.#readiness.clear();
    this.#outgoing.break("the peer has reset it");
    this.#incoming.break("the peer has reset it");
  }
}

/** Of one direction, in bytes: little, so that backpressure comes soon. */
const CAPACITY = 64 * 1024;

class Pipe {
  readonly #reader: Readiness;
  readonly #writer: Readiness;
  #pieces: Uint8Array[] = [];
  #held = 0;
  #ended = false;
  #broken: ConnectionLost | undefined;
  #hasLost = false;

  constructor(reader: Readiness, writer: Readiness) {
    this.#reader = reader;
    this.#writer = writer;
  }

  get isEmpty(): boolean {
    return this.#held === 0;
  }

  get canRead(): boolean {
    return this.#held > 0 || this.#ended || this.#broken !== undefined;
  }

  get canWrite(): boolean {
    return this.#held < CAPACITY || this.#broken !== undefined;
  }

  receive(max: number): Uint8Array | ConnectionLost | undefined {
    const first = this.#pieces[0];
    if (first === undefined) {
      return this.#broken ?? (this.#ended ? EOF : undefined);
    }
    const taken = first.subarray(0, max);
    if (taken.length === first.length) this.#pieces.shift();
    else this.#pieces[0] = first.subarray(max);
    this.#held -= taken.length;
    this.#notify();
    return taken;
  }

  get lost(): ConnectionLost | undefined {
    return this.#hasLost ? this.#broken : undefined;
  }

  send(bytes: Uint8Array): number | ConnectionLost {
    if (this.#broken !== undefined) return this.#broken;
    // As a kernel does: the sender may reuse its bytes.
    const taken = bytes.slice(0, CAPACITY - this.#held);
    if (taken.length > 0) this.#pieces.push(taken);
    this.#held += taken.length;
    this.#notify();
    return taken.length;
  }

  end(): void {
    this.#ended = true;
    this.#notify();
  }

  /** Behind what is held comes an error. */
  breakOff(text: string): void {
    this.#broken ??= lostError({ kind: "other", text });
    this.#notify();
  }

  /** Drops what is held; neither end can use it. */
  break(why: string): void {
    if (this.#broken !== undefined) return;
    this.#hasLost = this.#held > 0;
    this.#pieces = [];
    this.#held = 0;
    this.breakOff(why);
  }

  #notify(): void {
    if (this.canRead) this.#reader.readable();
    if (this.canWrite) this.#writer.writable();
  }
}
