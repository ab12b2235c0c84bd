/**
 * The backend for Node: `node:net`, and Node's signals.
 *
 * @module
 */

import { AsyncResource } from "node:async_hooks";
import { createRequire } from "node:module";
import * as net from "node:net";
import process from "node:process";
import { setContextCapture } from "../../../defer/context.ts";
import { setStderr } from "../../../defer/log.ts";
import {
  reportUnhandledErrors,
  setUnhandledErrorTimer,
} from "../../../defer/unhandled.ts";
import { type Address, addressOf } from "../../addresses.ts";
import type {
  Attempt,
  Backend,
  ConnectOptions,
  StopSignal,
  Stream,
} from "../../backend.ts";
import { HappyEyeballs } from "../../happy_eyeballs.ts";
import { connectError } from "../errors.ts";
import { hostTime } from "../host_time.ts";
import { prepareTLSWith, type TLSModules } from "../tls/layer.ts";
import { reasonOf } from "./errors.ts";
import { listFolder, readTextFile } from "./files.ts";
import { listenTCP } from "./listener.ts";
import { lookup, lookupAddresses } from "./names.ts";
import { NodeTCPStream, SOCKET_OPTIONS } from "./socket_stream.ts";
import { connectPath, listenPath } from "./unix.ts";
import { checkNodeVersion } from "./version.ts";

/** How long an address has for itself, in seconds: what RFC 8305 recommends. */
const ATTEMPT_DELAY_SECONDS = 0.25;

checkNodeVersion(process.versions.node);

// The last moment to report unhandled errors, which only the runtime knows.
process.on("exit", reportUnhandledErrors);
setUnhandledErrorTimer((seconds, fn) => {
  setTimeout(fn, seconds * 1000).unref();
});
// Where nobody reads stderr any more, Node emits an error later, which ends the
// program unless there is a listener.
const ignoreError = () => {};
setStderr((text) => {
  process.stderr.off("error", ignoreError).on("error", ignoreError);
  console.error(text);
});
// Without `requireManualDestroy` the garbage collector has to track each.
setContextCapture(() =>
  new AsyncResource("inlineCallbacks", { requireManualDestroy: true })
);

function connect(
  options: ConnectOptions,
  done: (outcome: Stream | Error) => void,
): Attempt {
  const host = options.hostname.replace(/^\[(.*)\]$/, "$1");
  if (net.isIP(host) !== 0) return connectTo(host, options, done);
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

/** Connects to one address: with a name, Node gives each of its addresses 250 ms. */
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
  let socket: net.Socket;
  try {
    socket = openSocket(address, options);
  } catch (error) {
    queueMicrotask(() => fail(error as Error));
    return { cancel: () => void (over = true) };
  }
  socket.on("error", fail);
  socket.on("connect", () => {
    socket.off("error", fail);
    const remote = knownAddress(address, options.port);
    finish(new NodeTCPStream(socket, { remote }));
  });
  return {
    cancel() {
      over = true;
      socket.destroy();
    },
  };
}

/** The remote address, where Node need not be asked for it. */
function knownAddress(address: string, port: number): Address | undefined {
  return net.isIPv4(address) ? addressOf(address, port) : undefined;
}

function openSocket(
  host: string,
  { port, bindAddress }: ConnectOptions,
): net.Socket {
  const [localAddress, localPort] = bindAddress ?? [];
  const socket = net.connect({
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
  for (const signal of signals) process.on(signal, fn);
  return () => {
    for (const signal of signals) process.off(signal, fn);
  };
}

/** At the first use: most programs never need it. */
function loadTLS(): TLSModules {
  const require = createRequire(process.execPath);
  return {
    tls: require("node:tls"),
    stream: require("node:stream"),
    crypto: require("node:crypto"),
  };
}

function setExitStatus(code: number): void {
  process.exitCode = code;
}

/**
 * The backend for Node, which the default reactor of the npm package uses
 * unless another is installed.
 */
export const nodeBackend: Backend = {
  name: "node",
  ...hostTime,
  connect,
  listen: listenTCP,
  connectPath,
  listenPath,
  prepareTLS: prepareTLSWith(loadTLS),
  lookup,
  readTextFile,
  listFolder,
  onSignal,
  setExitStatus,
};

/**
 * The backend of the runtime: {@linkcode nodeBackend} on Node, and on Deno
 * `denoBackend`.
 */
export const runtimeBackend: Backend = nodeBackend;
