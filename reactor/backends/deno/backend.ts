/**
 * The backend for Deno: `Deno.connect`, `Deno.listen` and Deno's signals.
 *
 * @module
 */

import { setContextCapture } from "../../../defer/context.ts";
import {
  reportUnhandledErrors,
  setUnhandledErrorTimer,
} from "../../../defer/unhandled.ts";
import { CannotListenError, ConnectBindError } from "../../errors.ts";
import { encodeHostName } from "../../host_names.ts";
import type {
  Attempt,
  Backend,
  ConnectOptions,
  Listener,
  ListenOptions,
  StopSignal,
  Stream,
} from "../../backend.ts";
import { connectError, listenError } from "./errors.ts";
import { listFolder, readTextFile } from "./read.ts";
import { contextCapture } from "./context.ts";
import { DenoListener } from "./listener.ts";
import { DenoTCPStream, toAddress, zoneOf } from "./tcp_stream.ts";
import { lookup } from "./lookup.ts";
import { connectPath, listenPath } from "./unix.ts";
import { hostTime } from "../host_time.ts";
import { prepareTLSWith, type TLSModules } from "../tls/layer.ts";

// The end of the program is the last moment to tell of errors that nobody has
// handled, and only the runtime knows when that is.
addEventListener("unload", reportUnhandledErrors);
setUnhandledErrorTimer((seconds, fn) =>
  Deno.unrefTimer(setTimeout(fn, seconds * 1000))
);
setContextCapture(contextCapture());

function connect(
  options: ConnectOptions,
  done: (outcome: Stream | Error) => void,
): Attempt {
  const { hostname, port, bindAddress } = options;
  if (bindAddress !== undefined) {
    const error = new ConnectBindError(
      `Cannot connect from ${
        bindAddress[0]
      }: Deno does not let a program choose the local address of a connection`,
    );
    queueMicrotask(() => done(error));
    return { cancel() {} };
  }
  const name = encodeHostName(hostname);
  if (name === undefined) {
    const error = connectError(options, new URIError("Invalid host name"));
    queueMicrotask(() => done(error));
    return { cancel() {} };
  }
  const abort = new AbortController();
  Deno.connect({ hostname: name, port, signal: abort.signal }).then(
    (conn) => {
      // It may have been made in the very moment in which it was given up.
      if (abort.signal.aborted) conn.close();
      else done(new DenoTCPStream(conn, zoneOf(hostname)));
    },
    (error) => {
      if (!abort.signal.aborted) done(connectError(options, error));
    },
  );
  return { cancel: () => abort.abort() };
}

function listen(options: ListenOptions): Listener {
  const { hostname, port, backlog, reusePort } = options;
  // Without its flag Deno ends the whole program when it is asked for this. What
  // else the flag brings tells whether it was given.
  if (reusePort && !("listenDatagram" in Deno)) {
    throw new CannotListenError(
      { interface: hostname, port },
      "sharing a port (reusePort) needs deno run --unstable-net",
    );
  }
  try {
    const wishes = { hostname, port, tcpBacklog: backlog, reusePort };
    const opened = Deno.listen(wishes);
    const zone = zoneOf(hostname);
    return new DenoListener(
      opened,
      toAddress(opened.addr, zone),
      (conn) => new DenoTCPStream(conn, zone),
    );
  } catch (error) {
    throw listenError(options, error);
  }
}

function onSignal(signals: readonly StopSignal[], fn: () => void): () => void {
  for (const signal of signals) Deno.addSignalListener(signal, fn);
  return () => {
    for (const signal of signals) Deno.removeSignalListener(signal, fn);
  };
}

/** Loaded when it is first needed: it takes longer than all the rest together. */
function loadTLS(): TLSModules {
  // Importing it by name would load it at once, process and all.
  // deno-lint-ignore no-process-global
  const load = process.getBuiltinModule;
  return {
    tls: load("node:tls"),
    stream: load("node:stream"),
    crypto: load("node:crypto"),
  };
}

function setExitStatus(code: number): void {
  Deno.exitCode = code;
}

/**
 * The backend for Deno, which the default reactor uses unless another is
 * installed. Connections and ports need `--allow-net`, UNIX sockets
 * `--allow-read` and `--allow-write` as well.
 */
export const denoBackend: Backend = {
  name: "deno",
  ...hostTime,
  connect,
  listen,
  connectPath,
  listenPath,
  // Deno's own TLS cannot be cut off: what it was given to send keeps it open, and
  // so does a handshake, for as long as the peer likes.
  prepareTLS: prepareTLSWith(loadTLS),
  lookup,
  readTextFile,
  listFolder,
  onSignal,
  setExitStatus,
};

/**
 * The backend of the runtime: {@linkcode denoBackend} on Deno; in the npm
 * package, where another file stands in place of this one, `nodeBackend`.
 */
export const runtimeBackend: Backend = denoBackend;
