/**
 * The backend in memory: both ends of every connection are in this process.
 *
 * @module
 */

import { addressOf, type TCPAddress } from "../../addresses.ts";
import {
  CannotListenError,
  ConnectBindError,
  ConnectionRefusedError,
} from "../../errors.ts";
import type {
  Attempt,
  Backend,
  ConnectOptions,
  Listener,
  ListenOptions,
  StopSignal,
  Stream,
} from "../../backend.ts";
import { hostTime } from "../host_time.ts";
import { MemoryListener } from "./listener.ts";
import { MemoryPaths } from "./paths.ts";
import { MemoryStream } from "./stream.ts";

/** As an operating system would, between these ports are given out freely. */
const FIRST_FREE_PORT = 49152;
const LAST_FREE_PORT = 65535;

/**
 * Makes a network in memory, where reactors that share it can reach each other
 * and nobody else: for tests that want no sockets. Whatever the host, a
 * connection goes to the port of that number. Paths of UNIX sockets are only
 * names there: no file is made.
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
  const listeners = new Map<number, MemoryListener<TCPAddress>>();
  const paths = new MemoryPaths();
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
    const { near, far } = MemoryStream.pair(local, remote);
    listener.offer(far);
    return near;
  }

  function connect(options: ConnectOptions): Stream | Error {
    if (options.bindAddress === undefined) return open(options);
    const [host] = options.bindAddress;
    return new ConnectBindError(
      `Cannot connect from ${host}: there are no local addresses to choose from in memory`,
    );
  }

  return {
    name: "memory",
    ...hostTime,
    connect: (options, done) => later(() => done(connect(options))),
    listen,
    connectPath: (options, done) => later(() => done(paths.connect(options))),
    listenPath: (options) => paths.listen(options),
    // Whatever the name, there is but this process.
    lookup: (hostname, done) => later(() => done([hostname])),
    // No signal reaches a network that is not there.
    onSignal: (_signals: readonly StopSignal[], _fn: () => void) => () => {},
  };
}

/** Calls a function soon, unless that is cancelled before. */
function later(fn: () => void): Attempt {
  let cancelled = false;
  queueMicrotask(() => {
    if (!cancelled) fn();
  });
  return { cancel: () => void (cancelled = true) };
}
