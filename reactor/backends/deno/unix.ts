/**
 * Deno's UNIX sockets.
 *
 * @module
 */

import { UNIXAddress } from "../../addresses.ts";
import type {
  Attempt,
  ConnectPathOptions,
  Listener,
  ListenPathOptions,
  Stream,
} from "../../backend.ts";
import { denoFiles } from "./files.ts";
import { DenoListener } from "./listener.ts";
import { AddressedDenoStream } from "./stream.ts";
import { connectToPath, type NotConnected } from "../unix/connect.ts";
import { PathListener } from "../unix/listener.ts";

/** Starts to connect to a UNIX socket. */
export function connectPath(
  options: ConnectPathOptions,
  done: (outcome: Stream | Error) => void,
): Attempt {
  return connectToPath(options, done, { dial, files: denoFiles });
}

function dial(
  path: string,
  done: (outcome: Stream | NotConnected) => void,
): void {
  Deno.connect({ transport: "unix", path }).then(
    (conn) => {
      const [local, remote] = [new UNIXAddress(), new UNIXAddress(path)];
      done(new AddressedDenoStream(conn, { local, remote }));
    },
    (error) => done({ kind: kindOf(error), error }),
  );
}

function kindOf(error: unknown): NotConnected["kind"] {
  if (error instanceof Deno.errors.ConnectionRefused) return "refused";
  return error instanceof Deno.errors.WouldBlock ? "busy" : "other";
}

/**
 * Opens a UNIX socket. How many connections may wait to be accepted is Deno's
 * own choice.
 *
 * @throws {CannotListenError} if it cannot
 */
export function listenPath(options: ListenPathOptions): Listener<UNIXAddress> {
  return PathListener.open(options, { files: denoFiles, bind });
}

function bind(path: string): DenoListener<Deno.UnixConn, UNIXAddress> {
  const local = new UNIXAddress(path);
  return new DenoListener(
    Deno.listen({ transport: "unix", path }),
    local,
    (conn) => {
      const remote = new UNIXAddress();
      return new AddressedDenoStream(conn, { local, remote });
    },
  );
}
