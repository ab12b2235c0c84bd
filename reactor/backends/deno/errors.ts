/**
 * The errors of Deno's network, in the terms of this library.
 *
 * @module
 */

import {
  CannotListenError,
  ConnectError,
  ConnectionLost,
  ConnectionRefusedError,
  DNSLookupError,
  NoRouteError,
  TCPTimedOutError,
} from "../../errors.ts";
import type { ConnectOptions, ListenOptions } from "../../backend.ts";

/**
 * The message of an error, begun in lower case, and without the system's number
 * and the call that Deno names behind it.
 */
export function reasonIn(error: unknown): string {
  const { message } = error instanceof Error ? error : new Error(String(error));
  const text = message.replace(/ \(os error \d+\).*$/, "");
  return text.charAt(0).toLowerCase() + text.slice(1);
}

/** Why a connection could not be made. */
export function connectError(
  { hostname, port }: ConnectOptions,
  error: unknown,
): Error {
  const host = hostname.includes(":") ? `[${hostname}]` : hostname;
  const reason = reasonIn(error);
  const message = `Cannot connect to ${host}:${port}: ${reason}`;
  const options = { cause: error };
  // A name that cannot be looked up is a plain Error, told by its message; one
  // that is no name at all is a URIError.
  if (reason.includes("lookup address") || error instanceof URIError) {
    return new DNSLookupError(message, options);
  }
  if (error instanceof Deno.errors.ConnectionRefused) {
    return new ConnectionRefusedError(message, options);
  }
  if (error instanceof Deno.errors.TimedOut) {
    return new TCPTimedOutError(message, options);
  }
  if (
    error instanceof Deno.errors.NetworkUnreachable ||
    /network is unreachable/i.test(reason)
  ) {
    return new NoRouteError(message, options);
  }
  return new ConnectError(message, options);
}

/** Why a port could not be opened. */
export function listenError(
  { hostname, port }: ListenOptions,
  error: unknown,
): CannotListenError {
  return new CannotListenError(
    { interface: hostname, port },
    reasonIn(error),
    { cause: error },
  );
}

/**
 * Why a name has no address.
 *
 * @param error what came out of Node's look-up, which knows of no permissions
 */
export function lookupError(hostname: string, error: Error): Error {
  const { cause } = error;
  const isForbidden = cause instanceof Error && "code" in cause &&
    cause.code === "EPERM";
  if (!isForbidden) return error;
  return new DNSLookupError(
    `Cannot look up ${hostname}: requires net access to "${hostname}", run again with the --allow-net flag`,
    { cause },
  );
}

/** Why a file could not be read. */
export function readError(path: string, error: unknown): Error {
  return new Error(`Cannot read ${path}: ${reasonIn(error)}`, { cause: error });
}

/** Why a connection broke. */
export function lostError(error: unknown): ConnectionLost {
  return new ConnectionLost(`The connection was lost: ${reasonIn(error)}`, {
    cause: error,
  });
}

/**
 * Whether a connection could not be accepted because its peer had given it up
 * while it waited: then Deno can't tell its address any more.
 */
export function wasGone(error: unknown): boolean {
  return error instanceof Deno.errors.NotConnected ||
    error instanceof Deno.errors.ConnectionReset ||
    error instanceof Deno.errors.ConnectionAborted;
}
