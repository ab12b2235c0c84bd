/**
 * The network of the worker: the library's network in memory, watched.
 *
 * @module
 */

import { type Backend, createMemoryBackend, type Stream } from "../../mod.ts";
import type { Happening } from "./messages.ts";
import type { VirtualTime } from "./virtual_time.ts";

/** The backend of the worker, whose time is the page's. */
export function makeNetwork(
  time: VirtualTime,
  tell: (happening: Happening) => void,
  onInterrupt: (fn: () => void) => () => void,
): Backend {
  const memory = createMemoryBackend();
  let connections = 0;
  return {
    ...memory,
    name: "page",
    seconds: () => time.seconds(),
    setAlarm(seconds, fn) {
      const task = time.add(seconds, fn);
      return () => time.remove(task);
    },
    onSignal: (_signals, fn) => onInterrupt(fn),
    nextTurn: (fn) => void time.add(0, fn),
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
