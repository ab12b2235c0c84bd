/**
 * The backend in memory: both ends of every connection are in this process.
 *
 * @module
 */

import { type Address, addressOf, type TCPAddress } from "../addresses.ts";
import {
  CannotListenError,
  ConnectBindError,
  ConnectionLost,
  ConnectionRefusedError,
} from "../errors.ts";
import type {
  Attempt,
  Backend,
  ConnectOptions,
  Listener,
  ListenOptions,
  ReadinessObserver,
  StopSignal,
  Stream,
} from "../interfaces.ts";
import { hostTime } from "./host_time.ts";

/** How many bytes one direction of a connection holds: little, to be full soon. */
const CAPACITY = 64 * 1024;

/** As an operating system would, between these ports are given out freely. */
const FIRST_FREE_PORT = 49152;
const LAST_FREE_PORT = 65535;

const END = new Uint8Array(0);

/** One direction of a connection: bytes on their way, and who waits at each end. */
class Pipe {
  #pieces: Uint8Array[] = [];
  #held = 0;
  #ended = false;
  #broken: ConnectionLost | undefined;
  reader: ReadinessObserver | undefined;
  writer: ReadinessObserver | undefined;

  get canRead(): boolean {
    return this.#held > 0 || this.#ended || this.#broken !== undefined;
  }

  get canWrite(): boolean {
    return this.#held < CAPACITY || this.#broken !== undefined;
  }

  receive(max: number): Uint8Array | ConnectionLost | undefined {
    const first = this.#pieces[0];
    if (first === undefined) {
      return this.#broken ?? (this.#ended ? END : undefined);
    }
    const taken = first.subarray(0, max);
    if (taken.length === first.length) this.#pieces.shift();
    else this.#pieces[0] = first.subarray(max);
    this.#held -= taken.length;
    this.#tell();
    return taken;
  }

  send(bytes: Uint8Array): number | ConnectionLost {
    if (this.#broken !== undefined) return this.#broken;
    // Copied, as a kernel does: the sender may use its bytes again.
    const taken = bytes.slice(0, CAPACITY - this.#held);
    if (taken.length > 0) this.#pieces.push(taken);
    this.#held += taken.length;
    this.#tell();
    return taken.length;
  }

  /** Nothing more will be sent: what is held can still be received. */
  end(): void {
    this.#ended = true;
    this.#tell();
  }

  /** What is held is lost, and neither end can use it any more. */
  break(why: string): void {
    if (this.#broken !== undefined) return;
    this.#pieces = [];
    this.#held = 0;
    this.#broken = new ConnectionLost(`The connection was lost: ${why}`);
    this.#tell();
  }

  #tell(): void {
    const { reader, writer } = this;
    if (reader !== undefined && this.canRead) {
      this.reader = undefined;
      reader.readable();
    }
    if (writer !== undefined && this.canWrite) {
      this.writer = undefined;
      writer.writable();
    }
  }
}

class MemoryStream implements Stream {
  readonly localAddress: Address;
  readonly remoteAddress: Address;
  #incoming: Pipe;
  #outgoing: Pipe;

  constructor(
    addresses: { local: Address; remote: Address },
    incoming: Pipe,
    outgoing: Pipe,
  ) {
    this.localAddress = addresses.local;
    this.remoteAddress = addresses.remote;
    this.#incoming = incoming;
    this.#outgoing = outgoing;
  }

  pollRead(observer: ReadinessObserver): void {
    if (this.#incoming.canRead) observer.readable();
    else this.#incoming.reader = observer;
  }

  pollWrite(observer: ReadinessObserver): void {
    if (this.#outgoing.canWrite) observer.writable();
    else this.#outgoing.writer = observer;
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
    this.#forget();
    this.#outgoing.end();
    this.#incoming.break("the peer has closed it");
  }

  abort(): void {
    this.#forget();
    this.#outgoing.break("the peer has reset it");
    this.#incoming.break("the peer has reset it");
  }

  #forget(): void {
    this.#incoming.reader = undefined;
    this.#outgoing.writer = undefined;
  }
}

class MemoryListener implements Listener {
  readonly address: TCPAddress;
  #waiting: Stream[] = [];
  #observer: ReadinessObserver | undefined;
  #onClose: () => void;

  constructor(address: TCPAddress, onClose: () => void) {
    this.address = address;
    this.#onClose = onClose;
  }

  pollRead(observer: ReadinessObserver): void {
    if (this.#waiting.length > 0) observer.readable();
    else this.#observer = observer;
  }

  /** A port has nothing to write to. */
  pollWrite(): void {}

  accept(): Stream | undefined {
    return this.#waiting.shift();
  }

  close(): void {
    this.#observer = undefined;
    this.#onClose();
    for (const stream of this.#waiting.splice(0)) stream.abort();
  }

  /** For the other end: a connection has come. */
  offer(stream: Stream): void {
    this.#waiting.push(stream);
    const observer = this.#observer;
    this.#observer = undefined;
    observer?.readable();
  }
}

/**
 * Makes a network in memory, where reactors that share it can reach each other
 * and nobody else: for tests that want no sockets. Whatever the host, a
 * connection goes to the port of that number.
 *
 * @example
 * ```ts
 * import { createMemoryBackend, Factory, Protocol, Reactor } from "@deferno/deferno";
 *
 * const reactor = new Reactor({ backend: createMemoryBackend() });
 * const port = reactor.listenTCP(0, Factory.forProtocol(Protocol));
 * console.assert(port.getHost().port > 0);
 * ```
 */
export function createMemoryBackend(): Backend {
  const listeners = new Map<number, MemoryListener>();
  let lastGiven = LAST_FREE_PORT;

  /** One after the other, from the first again when all have been given. */
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
      throw new CannotListenError(
        { interface: hostname, port },
        "address already in use",
      );
    }
    const listener = new MemoryListener(
      addressOf(hostname, port),
      () => listeners.delete(port),
    );
    listeners.set(port, listener);
    return listener;
  }

  function open({ hostname, port }: ConnectOptions): Stream | Error {
    const listener = listeners.get(port);
    const remote = addressOf(hostname, port);
    if (listener === undefined) {
      return new ConnectionRefusedError(
        `Cannot connect to ${hostname}:${port}: connection refused`,
      );
    }
    const local = addressOf(hostname, freePort());
    const there = new Pipe();
    const back = new Pipe();
    listener.offer(
      new MemoryStream({ local: remote, remote: local }, there, back),
    );
    return new MemoryStream({ local, remote }, back, there);
  }

  function connect(
    options: ConnectOptions,
    done: (outcome: Stream | Error) => void,
  ): Attempt {
    let cancelled = false;
    queueMicrotask(() => {
      if (cancelled) return;
      done(
        options.bindAddress === undefined
          ? open(options)
          : new ConnectBindError(
            `Cannot connect from ${
              options.bindAddress[0]
            }: there are no local addresses to choose from in memory`,
          ),
      );
    });
    return { cancel: () => void (cancelled = true) };
  }

  return {
    name: "memory",
    ...hostTime,
    connect,
    listen,
    // No signal reaches a network that is not there.
    onSignal: (_signals: readonly StopSignal[], _fn: () => void) => () => {},
  };
}
