/**
 * The backend for Deno: `Deno.connect`, `Deno.listen` and Deno's signals.
 *
 * @module
 */

import { type Context, setContextCapture } from "../../defer/context.ts";
import {
  reportUnhandledErrors,
  setUnhandledErrorTimer,
} from "../../defer/unhandled.ts";
import { CannotListenError, ConnectBindError } from "../errors.ts";
import type {
  Attempt,
  Backend,
  ConnectOptions,
  Listener,
  ListenOptions,
  PrepareTLSOptions,
  StopSignal,
  Stream,
  TLSLayer,
} from "../interfaces.ts";
import { connectError, listenError } from "./deno_errors.ts";
import { listFolder, readTextFile } from "./deno_read.ts";
import { DenoListener } from "./deno_listener.ts";
import { DenoTCPStream, toAddress } from "./deno_tcp_stream.ts";
import { lookup } from "./deno_lookup.ts";
import { DenoTLSStream, isForDeno } from "./deno_tls_stream.ts";
import { connectPath, listenPath } from "./deno_unix.ts";
import { hostTime } from "./host_time.ts";
import { prepareTLSWith, type TLSModules } from "./tls_layer.ts";

let asyncHooks: { AsyncResource: new (name: string) => Context } | undefined;

// The end of the program is the last moment to tell of errors that nobody has
// handled, and only the runtime knows when that is.
addEventListener("unload", reportUnhandledErrors);
setUnhandledErrorTimer((seconds, fn) =>
  Deno.unrefTimer(setTimeout(fn, seconds * 1000))
);
setContextCapture(() => {
  // Importing it by name would load it at once, process and all.
  // deno-lint-ignore no-process-global
  asyncHooks ??= process.getBuiltinModule("node:async_hooks");
  return new asyncHooks.AsyncResource("inlineCallbacks");
});

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
  const abort = new AbortController();
  Deno.connect({ hostname, port, signal: abort.signal }).then(
    (conn) => {
      // It may have been made in the very moment in which it was given up.
      if (abort.signal.aborted) conn.close();
      else done(new DenoTCPStream(conn));
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
    return new DenoListener(
      opened,
      toAddress(opened.addr),
      (conn) => new DenoTCPStream(conn),
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

const prepareNodeTLS = prepareTLSWith(loadTLS);

function prepareTLS(options: PrepareTLSOptions): TLSLayer {
  if (options.side === "server" || !isForDeno(options.tls)) {
    return prepareNodeTLS(options);
  }
  const { tls } = options;
  return (stream) => {
    const conn = stream instanceof DenoTCPStream ? stream.release() : undefined;
    return conn === undefined
      ? prepareNodeTLS(options)(stream)
      : new DenoTLSStream(stream, conn, tls);
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
  prepareTLS,
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
