import { UNIXAddress } from "../addresses.ts";
import type { Backend, Listener } from "../backend.ts";
import {
  checkBacklog,
  checkMode,
  checkPath,
  DEFAULT_BACKLOG,
} from "../checks.ts";
import type { Dialer } from "./dialer.ts";

/**
 * How to connect to a UNIX socket.
 * @category Transports
 */
export interface ConnectUNIXOptions {
  /**
   * In seconds; `null` to let the system decide.
   * @default {30}
   */
  timeout?: number | null | undefined;
  /**
   * Whether the server must have locked its socket (`wantPID`), else it is a
   * `BadFileError`.
   * @default {false}
   */
  checkPID?: boolean | undefined;
}

/**
 * How to listen on a UNIX socket.
 * @category Transports
 */
export interface ListenUNIXOptions {
  /**
   * The most that wait to be accepted. Deno chooses that itself.
   * @default {511}
   */
  backlog?: number | undefined;
  /**
   * Of the socket's file. On Deno the umask decides until they are set, a moment after
   * the socket is open.
   * @default {0o666}
   */
  mode?: number | undefined;
  /**
   * Whether to lock the socket with a file beside it, `PATH.lock`, that holds this
   * process's number. Only a locked one can be taken over when its server has died
   * without removing it; to find that out by connecting takes a thread, and blocks the
   * program for a moment.
   * @default {false}
   */
  wantPID?: boolean | undefined;
}

export function unixDialer(
  backend: Backend,
  path: string,
  { checkPID = false }: ConnectUNIXOptions,
): Dialer {
  checkPath(path);
  if (backend.connectPath === undefined) throw noSockets(backend);
  const connect = backend.connectPath.bind(backend);
  return {
    destination: new UNIXAddress(path),
    connect: (done) => connect({ path, mustBeLocked: checkPID }, done),
  };
}

export function unixListener(
  backend: Backend,
  path: string,
  options: ListenUNIXOptions,
): () => Listener<UNIXAddress> {
  const { backlog = DEFAULT_BACKLOG, mode = 0o666, wantPID = false } = options;
  checkPath(path);
  checkMode(mode);
  checkBacklog(backlog);
  return () => {
    if (backend.listenPath === undefined) throw noSockets(backend);
    return backend.listenPath({ path, backlog, mode, lock: wantPID });
  };
}

function noSockets({ name }: Backend): Error {
  return new Error(
    `Cannot use UNIX sockets: the backend ${name} has none. connectTCP and listenTCP do without`,
  );
}
