/**
 * What can go wrong between a program and the network, and with a reactor.
 *
 * The classes stand in the same families as Twisted's, so that
 * `failure.check(ConnectError)` still takes in every way in which a connection
 * cannot be made. Messages are made where the error is: they say what could not
 * be done, and why.
 *
 * @module
 */

import type { Address, HostnameAddress } from "./addresses.ts";

/** The reactor is running already: `run()` was called again. */
export class ReactorAlreadyRunning extends Error {
  static {
    this.prototype.name = "ReactorAlreadyRunning";
  }
}

/** The reactor is not running, so that it cannot be stopped. */
export class ReactorNotRunning extends Error {
  static {
    this.prototype.name = "ReactorNotRunning";
  }
}

/** The reactor was stopped, and a reactor runs only once. */
export class ReactorNotRestartable extends Error {
  static {
    this.prototype.name = "ReactorNotRestartable";
  }
}

/** The default reactor has its backend already: `install()` came too late. */
export class ReactorAlreadyInstalledError extends Error {
  static {
    this.prototype.name = "ReactorAlreadyInstalledError";
  }
}

/** A delayed call was to be changed that was made already. */
export class AlreadyCalled extends Error {
  static {
    this.prototype.name = "AlreadyCalled";
  }
}

/** A delayed call was to be changed that was cancelled before. */
export class AlreadyCancelled extends Error {
  static {
    this.prototype.name = "AlreadyCancelled";
  }
}

/** A connection is over. The family of all reasons for `connectionLost`. */
export class ConnectionClosed extends Error {
  static {
    this.prototype.name = "ConnectionClosed";
  }
}

/** A connection was closed cleanly, by this side or by the other. */
export class ConnectionDone extends ConnectionClosed {
  static {
    this.prototype.name = "ConnectionDone";
  }

  /**
   * Makes the reason for a clean end.
   *
   * @param message what happened
   */
  constructor(message: string = "The connection was closed cleanly") {
    super(message);
  }
}

/** A connection broke: it was reset, or the reactor stopped. */
export class ConnectionLost extends ConnectionClosed {
  static {
    this.prototype.name = "ConnectionLost";
  }

  /**
   * Makes the reason for an end that was not clean.
   *
   * @param message what happened
   * @param options `cause`, the error of the runtime, where there was one
   */
  constructor(
    message: string = "The connection was lost before it was closed",
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** A connection was given up by `abortConnection()`. */
export class ConnectionAborted extends ConnectionLost {
  static {
    this.prototype.name = "ConnectionAborted";
  }

  /**
   * Makes the reason for an end by `abortConnection()`.
   *
   * @param message what happened
   */
  constructor(
    message: string = "The connection was aborted by abortConnection()",
  ) {
    super(message);
  }
}

/**
 * A connection over TLS broke because of TLS: the two ends could not agree, or one
 * of them did not keep to it.
 */
export class SSLError extends ConnectionLost {
  static {
    this.prototype.name = "SSLError";
  }
}

/**
 * A connection over TLS was given up because a certificate does not fit: it is of
 * somebody else, out of date, or signed by nobody who is trusted.
 */
export class CertificateError extends SSLError {
  static {
    this.prototype.name = "CertificateError";
  }
}

/** A connection could not be made. The family of most reasons for that. */
export class ConnectError extends Error {
  static {
    this.prototype.name = "ConnectError";
  }
}

/** This side's address could not be bound, so that no connection was made. */
export class ConnectBindError extends ConnectError {
  static {
    this.prototype.name = "ConnectBindError";
  }
}

/** Nobody listens on the address, or somebody refuses. */
export class ConnectionRefusedError extends ConnectError {
  static {
    this.prototype.name = "ConnectionRefusedError";
  }
}

/** There is no way to the address. */
export class NoRouteError extends ConnectError {
  static {
    this.prototype.name = "NoRouteError";
  }
}

/** The operating system gave up waiting for an answer. */
export class TCPTimedOutError extends ConnectError {
  static {
    this.prototype.name = "TCPTimedOutError";
  }
}

/** The attempt was ended from this side. */
export class UserError extends ConnectError {
  static {
    this.prototype.name = "UserError";
  }
}

/**
 * A connection was not made within the `timeout` of its attempt: Twisted's
 * `error.TimeoutError`. The deferred's own is `TimeoutError`.
 */
export class ConnectTimeoutError extends UserError {
  static {
    this.prototype.name = "ConnectTimeoutError";
  }
}

/** A host name has no address. As in Twisted this is no `ConnectError`. */
export class DNSLookupError extends Error {
  static {
    this.prototype.name = "DNSLookupError";
  }
}

/** A factory built no protocol for a connection that an endpoint has made. */
export class NoProtocol extends Error {
  static {
    this.prototype.name = "NoProtocol";
  }
}

/** An endpoint's attempt to connect was cancelled. */
export class ConnectingCancelledError extends Error {
  static {
    this.prototype.name = "ConnectingCancelledError";
  }

  /** Where the endpoint was connecting to. */
  readonly address: Address | HostnameAddress;

  /**
   * Makes the error for an attempt.
   *
   * @param address where it was connecting to
   */
  constructor(address: Address | HostnameAddress) {
    super(`Connecting to ${address} was cancelled`);
    this.address = address;
  }
}

/** A UNIX socket was to be locked by its server, and is not. */
export class BadFileError extends ConnectError {
  static {
    this.prototype.name = "BadFileError";
  }
}

/** `stopConnecting()` was called on a connector that is not connecting. */
export class NotConnectingError extends Error {
  static {
    this.prototype.name = "NotConnectingError";
  }
}

/** Where somebody wanted to listen: on a port, or on a UNIX socket. */
export type ListeningPlace =
  | { readonly interface: string; readonly port: number }
  | { readonly path: string };

/** A port could not be opened. The `cause` is the error of the runtime. */
export class CannotListenError extends Error {
  static {
    this.prototype.name = "CannotListenError";
  }

  /** The local address that was asked for; empty for all of them. */
  readonly interface: string;
  /** The port that was asked for, or the path of the UNIX socket. */
  readonly port: number | string;

  /**
   * Makes the error for a port, or for a UNIX socket.
   *
   * @param where the address and port that were asked for, or the path
   * @param why what stands against it
   * @param options `cause`, the error of the runtime
   */
  constructor(where: ListeningPlace, why: string, options?: ErrorOptions) {
    super(`Cannot listen on ${nameOf(where)}: ${why}`, options);
    this.interface = "path" in where ? "" : where.interface;
    this.port = "path" in where ? where.path : where.port;
  }
}

function nameOf(where: ListeningPlace): string {
  if ("path" in where) return where.path;
  const host = where.interface || "any address";
  const shown = host.includes(":") ? `[${host}]` : host;
  return `${shown}:${where.port}`;
}

/** A socket has nothing to give, or no room to take anything, just now. */
export class WouldBlock extends Error {
  static {
    this.prototype.name = "WouldBlock";
  }
}

/**
 * A cooperator, or one of its tasks, is in no state for what was asked of it. The
 * family of the reasons for that.
 */
export class SchedulerError extends Error {
  static {
    this.prototype.name = "SchedulerError";
  }
}

/** The cooperator was stopped, and its tasks with it. */
export class SchedulerStopped extends SchedulerError {
  static {
    this.prototype.name = "SchedulerStopped";
  }
}

/** A task is over. The family of the ways in which it can be. */
export class TaskFinished extends SchedulerError {
  static {
    this.prototype.name = "TaskFinished";
  }
}

/** A task has come to its end. */
export class TaskDone extends TaskFinished {
  static {
    this.prototype.name = "TaskDone";
  }
}

/** A task was ended by an error, which is the `cause`. */
export class TaskFailed extends TaskFinished {
  static {
    this.prototype.name = "TaskFailed";
  }
}

/** A task was ended by `stop()`. */
export class TaskStopped extends TaskFinished {
  static {
    this.prototype.name = "TaskStopped";
  }
}

/** A task was to be resumed that is not paused. */
export class NotPaused extends SchedulerError {
  static {
    this.prototype.name = "NotPaused";
  }
}

/**
 * Thrown by the main function of `react`, or failed with, to choose the
 * program's exit status: Python's `SystemExit`.
 */
export class SystemExit extends Error {
  static {
    this.prototype.name = "SystemExit";
  }

  /** The exit status. */
  readonly code: number;

  /**
   * Makes the wish for an exit status.
   *
   * @param code 0, which means that all went well, to 255
   * @param options a `cause`, as for every `Error`
   * @throws {RangeError} if `code` is no exit status
   */
  constructor(code: number = 0, options?: ErrorOptions) {
    if (!Number.isInteger(code) || code < 0 || code > 255) {
      throw new RangeError(
        `An exit status must be an integer from 0 to 255: it is ${code}`,
      );
    }
    super(`The program is to end with exit status ${code}`, options);
    this.code = code;
  }
}

/** What a `doRead` or `doWrite` returns when its connection was closed cleanly. */
export const CONNECTION_DONE: ConnectionDone = new ConnectionDone();

/** What a `doRead` or `doWrite` returns when its connection has broken. */
export const CONNECTION_LOST: ConnectionLost = new ConnectionLost();
