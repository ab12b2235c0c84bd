/**
 * The network of the worker: the library's network in memory, watched.
 *
 * @module
 */

import { type Backend, createMemoryBackend, type Stream } from "../../mod.ts";
import type { Happening } from "./messages.ts";
import type { VirtualTime } from "./virtual_time.ts";

/** What a process is to the page. */
export interface NetworkOptions {
  readonly memory: Backend;
  readonly time: VirtualTime;
  /** Whether it is a server, which keeps nothing alive. */
  readonly background: boolean;
  tell(happening: Happening): void;
  /** It listens. */
  listening(port: number): void;
  onInterrupt(fn: () => void): () => void;
}

/** A network in memory, which the processes of a worker share. */
export function makeMemory(): Backend {
  return createMemoryBackend();
}

/** The backend of a process, whose time is the page's. */
export function makeNetwork(
  { memory, time, background, tell, listening, onInterrupt }: NetworkOptions,
): Backend {
  let connections = 0;
  return {
    ...memory,
    name: "page",
    seconds: () => time.seconds(),
    setAlarm(seconds, fn) {
      const task = time.add(seconds, fn, background);
      return () => time.remove(task);
    },
    onSignal: (_signals, fn) => onInterrupt(fn),
    nextTurn: (fn) => void time.add(0, fn, background),
    listen(options) {
      const listener = memory.listen(options);
      listening(listener.address.port);
      return listener;
    },
    connect: (options, done) =>
      memory.connect(options, (outcome) => {
        if (outcome instanceof Error) return done(outcome);
        const { port } = options;
        const id = ++connections;
        tell({ what: "connected", port, id });
        done(watched(outcome, {
          received: (count) => tell({ what: "received", port, id, count }),
          closed: () => tell({ what: "closed", port, id }),
        }));
      }),
  };
}

/** A backend whose ports and connections can all be closed, as when a process ends. */
export function closable(
  backend: Backend,
): { backend: Backend; close(): void } {
  const open = new Set<() => unknown>();
  const tracked = (stream: Stream) => {
    open.add(() => stream.close());
    return stream;
  };
  return {
    backend: {
      ...backend,
      listen(options) {
        const listener = backend.listen(options);
        open.add(() => listener.close());
        return {
          address: listener.address,
          pollRead: (by) => listener.pollRead(by),
          pollWrite: (by) => listener.pollWrite(by),
          accept() {
            const accepted = listener.accept();
            return accepted === undefined || accepted instanceof Error
              ? accepted
              : tracked(accepted);
          },
          close: () => listener.close(),
        };
      },
      connect: (options, done) =>
        backend.connect(options, (outcome) => {
          done(outcome instanceof Error ? outcome : tracked(outcome));
        }),
    },
    close() {
      for (const one of open) one();
      open.clear();
    },
  };
}

interface StreamObserver {
  received(count: number): void;
  closed(): void;
}

function watched(stream: Stream, observer: StreamObserver): Stream {
  const { localAddress, remoteAddress } = stream;
  let isOpen = true;
  const closed = () => {
    if (isOpen) observer.closed();
    isOpen = false;
  };
  return {
    localAddress,
    remoteAddress,
    get lost() {
      return stream.lost;
    },
    pollRead: (by) => stream.pollRead(by),
    pollWrite: (by) => stream.pollWrite(by),
    receive(max) {
      const data = stream.receive(max);
      if (data instanceof Uint8Array && data.length > 0) {
        observer.received(data.length);
      }
      return data;
    },
    send: (bytes) => stream.send(bytes),
    endWrite: () => stream.endWrite?.(),
    close() {
      closed();
      return stream.close();
    },
    abort() {
      closed();
      return stream.abort();
    },
  };
}
