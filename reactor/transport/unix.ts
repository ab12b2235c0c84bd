/**
 * UNIX sockets: how a connector and a port are opened over them.
 *
 * @module
 */

import { UNIXAddress } from "../addresses.ts";
import type { Backend, Listener } from "../backend.ts";
import type { Dialer } from "./connector.ts";
import { DEFAULT_BACKLOG } from "../tcp/ports.ts";

/** How to connect to a UNIX socket. */
export interface ConnectUNIXOptions {
  /**
   * How long to try, in seconds; `null` to let the system decide.
   *
   * @default {30}
   */
  timeout?: number | null | undefined;
  /**
   * Whether the server must have locked its socket, as `wantPID` does: a socket
   * that is not locked is a `BadFileError`.
   *
   * @default {false}
   */
  checkPID?: boolean | undefined;
}

/** How to listen on a UNIX socket. */
export interface ListenUNIXOptions {
  /**
   * How many connections may wait to be accepted. Deno chooses that by itself.
   *
   * @default {511}
   */
  backlog?: number | undefined;
  /**
   * Who may connect, as the permissions of the socket's file. On Deno the
   * system's umask says so until they are set, a moment after the socket is
   * open.
   *
   * @default {0o666}
   */
  mode?: number | undefined;
  /**
   * Whether to lock the socket with a file beside it, `PATH.lock`, that holds the
   * number of this process. Only a socket that was locked can be taken over when
   * its server has died without removing it: then nobody listens on it, which is
   * found out by connecting to it. That takes a thread, and a moment in which the
   * program waits.
   *
   * @default {false}
   */
  wantPID?: boolean | undefined;
}

/** The most that permissions of a file can be. */
const ALL_PERMISSIONS = 0o777;

/**
 * Connecting over a UNIX socket.
 *
 * @throws {TypeError} if `path` is none
 * @throws {Error} if the backend has no UNIX sockets
 */
export function unixDialer(
  backend: Backend,
  path: string,
  { checkPID = false }: ConnectUNIXOptions,
): Dialer {
  checkPath(path);
  if (backend.connectPath === undefined) throw noSockets(backend);
  return {
    destination: new UNIXAddress(path),
    connect(backend, done) {
      if (backend.connectPath === undefined) throw noSockets(backend);
      return backend.connectPath({ path, mustBeLocked: checkPID }, done);
    },
  };
}

/**
 * Listening on a UNIX socket.
 *
 * @throws {TypeError} if `path` is none
 * @throws {RangeError} if `mode` is none
 */
export function unixListener(
  path: string,
  options: ListenUNIXOptions,
): (backend: Backend) => Listener<UNIXAddress> {
  const { backlog = DEFAULT_BACKLOG, mode = 0o666, wantPID = false } = options;
  checkPath(path);
  if (!Number.isInteger(mode) || mode < 0 || mode > ALL_PERMISSIONS) {
    throw new RangeError(
      `The mode of a UNIX socket is from 0 to 0o777: this is ${mode}`,
    );
  }
  return (backend) => {
    if (backend.listenPath === undefined) throw noSockets(backend);
    return backend.listenPath({ path, backlog, mode, lock: wantPID });
  };
}

/**
 * Checks the path of a socket.
 *
 * @throws {TypeError} if it is empty, or holds a zero, which no path can
 */
export function checkPath(path: string): void {
  if (path === "") {
    throw new TypeError("A UNIX socket needs a path: this one is empty");
  }
  if (!path.includes("\0")) return;
  throw new TypeError(
    `The path of a UNIX socket is that of a file, without zeros: this is ${
      JSON.stringify(path)
    }`,
  );
}

function noSockets({ name }: Backend): Error {
  return new Error(`The backend ${name} has no UNIX sockets`);
}
