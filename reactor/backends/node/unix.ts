import type { Server } from "node:net";
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
import { reasonOf } from "./errors.ts";
import { nodeFiles } from "./files.ts";
import {
  bindNow,
  boundError,
  createServer,
  listenOnBun,
  type NodeHandle,
  NodeListener,
  startServer,
  systemError,
} from "./listener.ts";
import { builtin } from "./modules.ts";
import { SOCKET_OPTIONS, SOCKET_STREAM } from "./socket_stream.ts";
import { NodeStream } from "./stream.ts";

export function connectPath(
  options: ConnectPathOptions,
  done: (outcome: Stream | Error) => void,
): Attempt {
  return connectToPath(options, done, { dial, files: nodeFiles });
}

function dial(path: string, done: (outcome: Stream | Reason) => void): void {
  const socket = builtin("node:net").connect({ path, ...SOCKET_OPTIONS });
  // Before it is connected, or Node starts to read.
  socket.pause();
  const fail = (error: Error) => done(reasonOf(error));
  socket.on("error", fail);
  socket.on("connect", () => {
    socket.off("error", fail);
    const [local, remote] = [new UNIXAddress(), new UNIXAddress(path)];
    done(new NodeStream(socket, { local, remote, ...SOCKET_STREAM }));
  });
}

export function listenPath(options: ListenPathOptions): Listener<UNIXAddress> {
  return PathListener.open(options, {
    files: nodeFiles,
    bind: (path) => new NodePathListener(path, options.backlog),
    listen: (listener, backlog) => listener.listen(backlog),
  });
}

/** The file is there before anybody can connect; on Bun they can at once. */
class NodePathListener extends NodeListener<UNIXAddress> {
  readonly #handle: NodeHandle | undefined;
  readonly #server: Server;

  constructor(path: string, backlog: number) {
    const handle = bindPath(path);
    const server = createServer();
    const local = new UNIXAddress(path);
    super(server, local, (socket) => {
      const remote = new UNIXAddress();
      return new NodeStream(socket, { local, remote, ...SOCKET_STREAM });
    });
    this.#handle = handle;
    this.#server = server;
    if (handle === undefined) listenOnBun(server, { unix: path }, backlog);
  }

  listen(backlog: number): void {
    if (this.#handle === undefined) return;
    startServer(this.#server, this.#handle, backlog);
  }

  override close(): void {
    if (this.#server.listening) void super.close();
    else this.#handle?.close();
  }
}

function bindPath(path: string): NodeHandle | undefined {
  const bound = bindNow()?.(path, -1, -1);
  if (typeof bound !== "number") return bound;
  const error = boundError(bound);
  // libuv reports a missing folder as EACCES, like a forbidden one.
  const missing = error.code === "EACCES" &&
    !nodeFiles.lstat(builtin("node:path").dirname(path));
  throw missing ? systemError("bind", "ENOENT") : error;
}
