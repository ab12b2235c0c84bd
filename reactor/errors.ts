/**
 * The classes inherit as Twisted's: `check(ConnectError)` matches most failed attempts.
 * @module
 */

import type { Address, HostnameAddress } from "./addresses.ts";

/**
 * The reactor is running.
 * @category Reactor
 */
export class ReactorAlreadyRunning extends Error {}

/**
 * The reactor is not running.
 * @category Reactor
 */
export class ReactorNotRunning extends Error {}

/**
 * A reactor runs only once.
 * @category Reactor
 */
export class ReactorNotRestartable extends Error {}

/**
 * The default reactor has its backend.
 * @category Reactor
 */
export class ReactorAlreadyInstalledError extends Error {}

/**
 * A delayed call was made.
 * @category Tasks
 */
export class AlreadyCalled extends Error {}

/**
 * A delayed call was cancelled.
 * @category Tasks
 */
export class AlreadyCancelled extends Error {}

/**
 * A connection is over: the base of `connectionLost`'s reasons.
 * @category Transports
 */
export class ConnectionClosed extends Error {}

/**
 * A clean close, by either side.
 * @category Transports
 */
export class ConnectionDone extends ConnectionClosed {
  /** Makes the error. */
  constructor(message: string = "The connection was closed cleanly") {
    super(message);
  }
}

/**
 * A connection broke: reset, or the reactor stopped.
 * @category Transports
 */
export class ConnectionLost extends ConnectionClosed {
  /** The `cause` is the runtime's error, if any. */
  constructor(
    message: string = "The connection was lost before it was closed",
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/**
 * A connection was aborted by `abortConnection()`.
 * @category Transports
 */
export class ConnectionAborted extends ConnectionLost {
  /** Makes the error. */
  constructor(
    message: string = "The connection was aborted by abortConnection()",
  ) {
    super(message);
  }
}

/**
 * TLS broke the connection, in the handshake or later.
 * @category TLS
 */
export class SSLError extends ConnectionLost {}

/**
 * A certificate for another name, expired, or untrusted.
 * @category TLS
 */
export class CertificateError extends SSLError {}

/**
 * The base of most reasons for no connection.
 * @category Transports
 */
export class ConnectError extends Error {}

/**
 * The local address could not be bound.
 * @category Transports
 */
export class ConnectBindError extends ConnectError {}

/**
 * Nothing listens, or a firewall refuses.
 * @category Transports
 */
export class ConnectionRefusedError extends ConnectError {}

/**
 * No route to the address.
 * @category Transports
 */
export class NoRouteError extends ConnectError {}

/**
 * The operating system gave up waiting.
 * @category Transports
 */
export class TCPTimedOutError extends ConnectError {}

/**
 * The attempt was ended from this side.
 * @category Transports
 */
export class UserError extends ConnectError {}

/**
 * No connection within the `timeout`: Twisted's `error.TimeoutError`.
 * @category Transports
 */
export class ConnectTimeoutError extends UserError {}

/**
 * A host name has no address. Not a `ConnectError`, as in Twisted.
 * @category Transports
 */
export class DNSLookupError extends Error {}

/**
 * A factory built no protocol for an endpoint.
 * @category Endpoints
 */
export class NoProtocol extends Error {}

/**
 * An endpoint's attempt was cancelled.
 * @category Endpoints
 */
export class ConnectingCancelledError extends Error {
  /** Where to. */
  readonly address: Address | HostnameAddress;

  /** Makes the error. */
  constructor(address: Address | HostnameAddress) {
    super(`Connecting to ${address} was cancelled`);
    this.address = address;
  }
}

/**
 * The server has not locked its UNIX socket, as `checkPID` asks.
 * @category Transports
 */
export class BadFileError extends ConnectError {}

/**
 * `stopConnecting()` without an attempt.
 * @category Transports
 */
export class NotConnectingError extends Error {}

type ListenAddress =
  | { readonly interface: string; readonly port: number }
  | { readonly path: string };

/**
 * A port could not be opened; the `cause` is the runtime's error.
 * @category Transports
 */
export class CannotListenError extends Error {
  /** Empty for all local addresses. */
  readonly interface: string;
  /** Or the path of the UNIX socket. */
  readonly port: number | string;

  /** Makes the error. */
  constructor(where: ListenAddress, why: string, options?: ErrorOptions) {
    super(`Cannot listen on ${nameOf(where)}: ${why}`, options);
    this.interface = "path" in where ? "" : where.interface;
    this.port = "path" in where ? where.path : where.port;
  }
}

function nameOf(where: ListenAddress): string {
  if ("path" in where) return where.path;
  const host = where.interface || "any address";
  const shown = host.includes(":") ? `[${host}]` : host;
  return `${shown}:${where.port}`;
}

/**
 * A socket has nothing to receive, or no room to send.
 * @category Sockets
 */
export class WouldBlock extends Error {}

/**
 * A cooperator or a task is in the wrong state: the base.
 * @category Tasks
 */
export class SchedulerError extends Error {}

/**
 * The cooperator was stopped.
 * @category Tasks
 */
export class SchedulerStopped extends SchedulerError {}

/**
 * A task is over: the base of its three ends.
 * @category Tasks
 */
export class TaskFinished extends SchedulerError {}

/**
 * A task's iterator is done.
 * @category Tasks
 */
export class TaskDone extends TaskFinished {}

/**
 * A task was ended by an error, the `cause`.
 * @category Tasks
 */
export class TaskFailed extends TaskFinished {}

/**
 * A task was ended by `stop()`.
 * @category Tasks
 */
export class TaskStopped extends TaskFinished {}

/**
 * A task is not paused.
 * @category Tasks
 */
export class NotPaused extends SchedulerError {}

/**
 * Thrown by the main function of `react`, it chooses the exit status: Python's
 * `SystemExit`.
 * @category Reactor
 */
export class SystemExit extends Error {
  /** The exit status. */
  readonly code: number;

  /**
   * Makes the error.
   * @throws {RangeError} if `code` is not an exit status, 0 (success) to 255
   */
  constructor(code: number = 0, options?: ErrorOptions) {
    if (!Number.isInteger(code) || code < 0 || code > 255) {
      throw new RangeError(
        `code must be an integer from 0 to 255, got ${code}`,
      );
    }
    super(`The program is to end with exit status ${code}`, options);
    this.code = code;
  }
}

// On the prototypes: defer/errors.ts says why.
const classes = {
  ReactorAlreadyRunning,
  ReactorNotRunning,
  ReactorNotRestartable,
  ReactorAlreadyInstalledError,
  AlreadyCalled,
  AlreadyCancelled,
  ConnectionClosed,
  ConnectionDone,
  ConnectionLost,
  ConnectionAborted,
  SSLError,
  CertificateError,
  ConnectError,
  ConnectBindError,
  ConnectionRefusedError,
  NoRouteError,
  TCPTimedOutError,
  UserError,
  ConnectTimeoutError,
  DNSLookupError,
  NoProtocol,
  ConnectingCancelledError,
  BadFileError,
  NotConnectingError,
  CannotListenError,
  WouldBlock,
  SchedulerError,
  SchedulerStopped,
  TaskFinished,
  TaskDone,
  TaskFailed,
  TaskStopped,
  NotPaused,
  SystemExit,
};
for (const [name, { prototype }] of Object.entries(classes)) {
  prototype.name = name;
}

/**
 * Returned by `doRead` or `doWrite` after a clean close.
 * @category Sockets
 */
export const CONNECTION_DONE: ConnectionDone = new ConnectionDone();

/**
 * Returned by `doRead` or `doWrite` after a break.
 * @category Sockets
 */
export const CONNECTION_LOST: ConnectionLost = new ConnectionLost();
