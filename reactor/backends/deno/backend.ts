/**
 * The backend for Deno.
 * @module
 */

import { findHost } from "../../../defer/host.ts";
import { encodeHostName } from "../../addresses.ts";
import type {
  Attempt,
  Backend,
  ConnectOptions,
  Listener,
  ListenOptions,
  StopSignal,
  Stream,
} from "../../backend.ts";
import {
  connectError,
  listenError,
  lookupError,
  type Reason,
} from "../errors.ts";
import { enterLoop, hostTime } from "../host_time.ts";
import { lookup as lookupWithNode } from "../node/system.ts";
import { prepareTLS } from "../tls/layer.ts";
import { DenoTCPStream, reasonOf, toAddress, zoneOf } from "./stream.ts";
import { connectPath, listenPath, listFolder, readTextFile } from "./unix.ts";
import { DenoListener } from "./listener.ts";

function connect(
  options: ConnectOptions,
  done: (outcome: Stream | Error) => void,
): Attempt {
  const { hostname, port, bindAddress } = options;
  const refuse = (reason: Reason) => {
    queueMicrotask(() => done(connectError(options, reason)));
    return { cancel() {} };
  };
  if (bindAddress !== undefined) {
    const text =
      "Deno does not let a program choose the local address of a connection";
    return refuse({ kind: "local", text });
  }
  const name = encodeHostName(hostname);
  if (name === undefined) {
    return refuse(reasonOf(new URIError("Invalid host name")));
  }
  const abort = new AbortController();
  let cancelled = false;
  Deno.connect({ hostname: name, port, signal: abort.signal }).then(
    (conn) => {
      // Made just before it was cancelled.
      if (cancelled) conn.close();
      else done(new DenoTCPStream(conn, zoneOf(hostname)));
    },
    (error) => {
      if (!cancelled) done(connectError(options, reasonOf(error)));
    },
  );
  return {
    cancel() {
      cancelled = true;
      // Aborted in the turn in which it was made, Deno loses it, and leaves it open.
      hostTime.nextTurn(() => abort.abort());
    },
  };
}

function listen(options: ListenOptions): Listener {
  const { hostname, port, backlog, reusePort } = options;
  // Without the flag, which brings listenDatagram, Deno would end the program.
  if (reusePort && !("listenDatagram" in Deno)) {
    const text = "sharing a port (reusePort) needs deno run --unstable-net";
    throw listenError(options, { kind: "other", text });
  }
  try {
    const wanted = { hostname, port, tcpBacklog: backlog, reusePort };
    const opened = Deno.listen(wanted);
    const zone = zoneOf(hostname);
    const address = toAddress(opened.addr, zone);
    const toStream = (conn: Deno.TcpConn) => new DenoTCPStream(conn, zone);
    return new DenoListener(opened, address, toStream);
  } catch (error) {
    throw listenError(options, reasonOf(error));
  }
}

/** By Node: `Deno.resolveDns` asks name servers alone, which do not know `localhost`. */
function lookup(
  hostname: string,
  done: (outcome: readonly string[] | Error) => void,
): Attempt {
  return lookupWithNode(hostname, (outcome) => {
    const error = outcome instanceof Error ? outcome.cause : undefined;
    const isForbidden = error instanceof Error && "code" in error &&
      error.code === "EPERM";
    if (!isForbidden) return done(outcome);
    // Node's look-up knows no permissions.
    const text =
      `requires net access to "${hostname}", run again with the --allow-net flag`;
    done(lookupError(hostname, { kind: "other", text, error }));
  });
}

function onSignal(signals: readonly StopSignal[], fn: () => void): () => void {
  for (const signal of signals) Deno.addSignalListener(signal, fn);
  return () => {
    for (const signal of signals) Deno.removeSignalListener(signal, fn);
  };
}

/** @throws {Error} when called on another runtime */
function onDeno<A extends unknown[], R>(
  fn: (...args: A) => R,
): (...args: A) => R {
  return (...args) => {
    if (findHost().deno !== undefined) return fn(...args);
    throw new Error(
      "Cannot use denoBackend: this is not Deno. runtimeBackend is what there is here",
    );
  };
}

function setExitStatus(code: number): void {
  Deno.exitCode = code;
}

/**
 * Deno's backend, the default there. It needs `--allow-net`, and for UNIX sockets
 * `--allow-read` and `--allow-write`.
 * @category Backends
 */
export const denoBackend: Backend = {
  name: "deno",
  ...hostTime,
  connect: onDeno(connect),
  listen: onDeno(listen),
  connectPath: onDeno(connectPath),
  listenPath: onDeno(listenPath),
  // Deno's own TLS cannot be aborted: unsent bytes and a handshake keep it open for as
  // long as the peer likes.
  prepareTLS: onDeno(prepareTLS),
  lookup: onDeno(lookup),
  readTextFile: onDeno(readTextFile),
  listFolder: onDeno(listFolder),
  onSignal: onDeno(onSignal),
  enterLoop,
  setExitStatus,
};
