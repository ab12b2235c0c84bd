import { UNIXAddress } from "../../addresses.ts";
import type {
  Attempt,
  ConnectPathOptions,
  Listener,
  ListenPathOptions,
  Stream,
} from "../../backend.ts";
import type { Reason } from "../errors.ts";
import { connectToPath } from "../unix/connect.ts";
import { PathListener } from "../unix/listener.ts";
import { denoFiles } from "./files.ts";
import { DenoListener } from "./listener.ts";
import { DenoUNIXStream } from "./stream.ts";

export function connectPath(
  options: ConnectPathOptions,
  done: (outcome: Stream | Error) => void,
): Attempt {
  return connectToPath(options, done, { dial, files: denoFiles });
}

function dial(path: string, done: (outcome: Stream | Reason) => void): void {
  Deno.connect({ transport: "unix", path }).then(
    (conn) => {
      const [local, remote] = [new UNIXAddress(), new UNIXAddress(path)];
      done(new DenoUNIXStream(conn, { local, remote }));
    },
    (error) => done(denoFiles.reasonOf(error)),
  );
}

/** Deno chooses the backlog itself. */
export function listenPath(options: ListenPathOptions): Listener<UNIXAddress> {
  return PathListener.open(options, { files: denoFiles, bind });
}

function bind(path: string): DenoListener<Deno.UnixConn, UNIXAddress> {
  const local = new UNIXAddress(path);
  return new DenoListener(
    Deno.listen({ transport: "unix", path }),
    local,
    (conn) => new DenoUNIXStream(conn, { local, remote: new UNIXAddress() }),
  );
}
