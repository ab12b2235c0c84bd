// A runtime only classifies its errors, so that messages are the same everywhere.

import {
  CannotListenError,
  ConnectBindError,
  ConnectError,
  ConnectionLost,
  ConnectionRefusedError,
  DNSLookupError,
  NoRouteError,
  TCPTimedOutError,
} from "../errors.ts";
import type { ConnectOptions, ListenOptions } from "../backend.ts";

export interface Reason {
  /**
   * The host's `name` has no address; the `local` address cannot be bound; a UNIX
   * socket's queue is full (`busy`).
   */
  readonly kind: keyof typeof CONNECT_ERRORS;
  /** The system's words, in lower case: `connection refused`. */
  readonly text: string;
  /** The runtime's. */
  readonly error?: unknown;
}

const CONNECT_ERRORS = {
  refused: ConnectionRefusedError,
  timedOut: TCPTimedOutError,
  unreachable: NoRouteError,
  name: DNSLookupError,
  local: ConnectError,
  busy: ConnectError,
  other: ConnectError,
} as const;

export function connectError(
  { hostname, port, bindAddress }: ConnectOptions,
  reason: Reason,
): Error {
  const { kind, text } = reason;
  if (kind === "local" && bindAddress !== undefined) {
    const message = `Cannot connect from ${bindAddress[0]}: ${text}`;
    return new ConnectBindError(message, causedBy(reason));
  }
  const host = hostname.includes(":") ? `[${hostname}]` : hostname;
  const message = `Cannot connect to ${host}:${port}: ${text}`;
  return new CONNECT_ERRORS[kind](message, causedBy(reason));
}

export function listenError(
  { hostname, port }: Pick<ListenOptions, "hostname" | "port">,
  reason: Reason,
): CannotListenError {
  const where = { interface: hostname, port };
  return new CannotListenError(where, reason.text, causedBy(reason));
}

export function lookupError(hostname: string, reason: Reason): DNSLookupError {
  const message = `Cannot look up ${hostname}: ${reason.text}`;
  return new DNSLookupError(message, causedBy(reason));
}

export function reading<T>(
  path: string,
  fn: () => T,
  reasonOf: (error: unknown) => Reason,
): T {
  try {
    return fn();
  } catch (error) {
    const reason = reasonOf(error);
    throw new Error(`Cannot read ${path}: ${reason.text}`, causedBy(reason));
  }
}

export function lostError(reason: Reason): ConnectionLost {
  const message = `The connection was lost: ${reason.text}`;
  return new ConnectionLost(message, causedBy(reason));
}

/** A cause would be shown, even if `undefined`. */
function causedBy({ error }: Reason): ErrorOptions {
  return error === undefined ? {} : { cause: error };
}
