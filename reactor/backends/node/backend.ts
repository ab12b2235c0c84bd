/**
 * The backend for Node.
 * @module
 */

import type { Socket } from "node:net";
import { addressOf } from "../../addresses.ts";
import type {
  Attempt,
  Backend,
  ConnectOptions,
  StopSignal,
  Stream,
} from "../../backend.ts";
import { HappyEyeballs } from "../../happy_eyeballs.ts";
import { connectError } from "../errors.ts";
import { enterLoop, hostTime } from "../host_time.ts";
import { prepareTLS } from "../tls/layer.ts";
import {
  builtin,
  lookup,
  lookupAddresses,
  nodeProcess,
  reasonOf,
} from "./system.ts";
import { connectPath, listenPath, listFolder, readTextFile } from "./unix.ts";
import { listenTCP } from "./listener.ts";
import { NodeTCPStream, SOCKET_OPTIONS } from "./stream.ts";

/** As RFC 8305 recommends. */
const ATTEMPT_DELAY_SECONDS = 0.25;

function connect(
  options: ConnectOptions,
  done: (outcome: Stream | Error) => void,
): Attempt {
  const host = options.hostname.replace(/^\[(.*)\]$/, "$1");
  if (builtin("node:net").isIP(host) !== 0) {
    return connectTo(host, options, done);
  }
  let attempt = lookupAddresses(host, (found) => {
    if (found instanceof Error) {
      return done(connectError(options, reasonOf(found)));
    }
    attempt = new HappyEyeballs<Stream>(found, {
      connect: (address, outcome) =>
        connectTo(address, options, (result) => {
          if (result instanceof Error) outcome.failed(result);
          else outcome.succeeded(result);
        }),
      delay: ATTEMPT_DELAY_SECONDS,
      setAlarm: (seconds, fn) => hostTime.setAlarm(seconds, fn),
    }, { succeeded: done, failed: (error) => done(error as Error) });
  });
  return { cancel: () => attempt.cancel() };
}

/** An address: with a name, Node gives each of its addresses 250 ms. */
function connectTo(
  address: string,
  options: ConnectOptions,
  done: (outcome: Stream | Error) => void,
): Attempt {
  let over = false;
  const finish = (outcome: Stream | Error) => {
    if (!over) done(outcome);
    over = true;
  };
  const fail = (error: Error) => finish(connectError(options, reasonOf(error)));
  let socket: Socket;
  try {
    socket = openSocket(address, options);
  } catch (error) {
    queueMicrotask(() => fail(error as Error));
    return { cancel: () => void (over = true) };
  }
  socket.on("error", fail);
  socket.on("connect", () => {
    socket.off("error", fail);
    const isKnown = builtin("node:net").isIPv4(address);
    const remote = isKnown ? addressOf(address, options.port) : undefined;
    finish(new NodeTCPStream(socket, { remote }));
  });
  return {
    cancel() {
      over = true;
      socket.destroy();
    },
  };
}

function openSocket(
  host: string,
  { port, bindAddress }: ConnectOptions,
): Socket {
  const [localAddress, localPort] = bindAddress ?? [];
  const socket = builtin("node:net").connect({
    host,
    port,
    localAddress,
    localPort: localPort || undefined,
    ...SOCKET_OPTIONS,
  });
  // Before it is connected, or Node starts to read.
  socket.pause();
  return socket;
}

function onSignal(signals: readonly StopSignal[], fn: () => void): () => void {
  const process = nodeProcess();
  for (const signal of signals) process.on(signal, fn);
  return () => {
    for (const signal of signals) process.off(signal, fn);
  };
}

function setExitStatus(code: number): void {
  nodeProcess().exitCode = code;
}

/**
 * The backend for Node.js and Bun, the default there.
 * @category Backends
 */
export const nodeBackend: Backend = {
  name: "node",
  ...hostTime,
  connect,
  listen: listenTCP,
  connectPath,
  listenPath,
  prepareTLS,
  lookup,
  readTextFile,
  listFolder,
  onSignal,
  enterLoop,
  setExitStatus,
};
