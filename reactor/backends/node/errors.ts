/**
 * The errors of Node's network, in the terms of this library.
 *
 * @module
 */

import { getSystemErrorMap } from "node:util";
import {
  CannotListenError,
  ConnectBindError,
  ConnectError,
  ConnectionLost,
  ConnectionRefusedError,
  DNSLookupError,
  NoRouteError,
  TCPTimedOutError,
} from "../../errors.ts";
import type { ConnectOptions, ListenOptions } from "../../backend.ts";

/** What Node tells beside the message of an error of the system's. */
export interface SystemError extends Error {
  readonly code?: string | undefined;
  readonly syscall?: string | undefined;
}

/** Where the words of Node are not the system's own, as every other program has them. */
const REASONS: Readonly<Record<string, string>> = {
  EADDRNOTAVAIL: "cannot assign requested address",
  EHOSTUNREACH: "no route to host",
  EISDIR: "is a directory",
  ENOTFOUND: "failed to lookup address information: Name or service not known",
  EAI_AGAIN:
    "failed to lookup address information: Temporary failure in name resolution",
};

/** The errors that speak of the local end of a connection. */
const LOCAL = ["EADDRINUSE", "EADDRNOTAVAIL", "ERR_INVALID_IP_ADDRESS"];

/** What the name of an error stands for, in words: `ECONNREFUSED`. */
function wordsFor(code: string): string | undefined {
  if (Object.hasOwn(REASONS, code)) return REASONS[code];
  for (const [name, words] of getSystemErrorMap().values()) {
    if (name === code) return words;
  }
  return undefined;
}

/** An error in few words: `connection refused`. */
export function reasonIn(error: SystemError): string {
  const words = error.code === undefined ? undefined : wordsFor(error.code);
  if (words !== undefined) return words;
  const { message } = error;
  return message.charAt(0).toLowerCase() + message.slice(1);
}

/** Why a connection could not be made. */
export function connectError(
  { hostname, port, bindAddress }: ConnectOptions,
  error: SystemError,
): Error {
  const { code = "", syscall } = error;
  const reason = reasonIn(error);
  const options = { cause: error };
  if (syscall === "bind" || (bindAddress && LOCAL.includes(code))) {
    const from = bindAddress?.[0];
    return new ConnectBindError(
      `Cannot connect from ${from}: ${reason}`,
      options,
    );
  }
  const host = hostname.includes(":") ? `[${hostname}]` : hostname;
  const message = `Cannot connect to ${host}:${port}: ${reason}`;
  if (syscall === "getaddrinfo") return new DNSLookupError(message, options);
  switch (code) {
    case "ECONNREFUSED":
      return new ConnectionRefusedError(message, options);
    case "ETIMEDOUT":
      return new TCPTimedOutError(message, options);
    case "ENETUNREACH":
      return new NoRouteError(message, options);
    default:
      return new ConnectError(message, options);
  }
}

/** Why a port could not be opened. */
export function listenError(
  { hostname, port }: ListenOptions,
  error: SystemError,
): CannotListenError {
  return new CannotListenError(
    { interface: hostname, port },
    reasonIn(error),
    { cause: error },
  );
}

/** Why a name has no address. */
export function lookupError(
  hostname: string,
  error: SystemError,
): DNSLookupError {
  return new DNSLookupError(`Cannot look up ${hostname}: ${reasonIn(error)}`, {
    cause: error,
  });
}

/** Why a file could not be read. */
export function readError(path: string, error: SystemError): Error {
  return new Error(`Cannot read ${path}: ${reasonIn(error)}`, { cause: error });
}

/** Why a connection broke. */
export function lostError(error: SystemError): ConnectionLost {
  return new ConnectionLost(`The connection was lost: ${reasonIn(error)}`, {
    cause: error,
  });
}
