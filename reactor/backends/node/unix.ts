import type * as fs from "node:fs";
import type { Server } from "node:net";
import { UNIXAddress } from "../../addresses.ts";
import type {
  Attempt,
  ConnectPathOptions,
  Listener,
  ListenPathOptions,
  Stream,
} from "../../backend.ts";
import { reading, type Reason } from "../errors.ts";
import { connectToPath, PathListener } from "../unix/sockets.ts";
import type { PathFiles, PathStat } from "../unix/lock.ts";
import { builtin, nodeProcess, reasonOf, type SystemError } from "./system.ts";
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
import { NodeStream, SOCKET_OPTIONS, SOCKET_STREAM } from "./stream.ts";

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

/** The file is there before anybody can connect, except on Bun. */
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
    const { listening } = this.#server;
    void super.close();
    if (!listening) this.#handle?.close();
  }
}

function bindPath(path: string): NodeHandle | undefined {
  const bound = bindNow()?.(path, -1, -1);
  if (typeof bound !== "number") return bound;
  const error = boundError(bound);
  // libuv reports a missing folder as EACCES.
  const missing = error.code === "EACCES" &&
    !nodeFiles.lstat(builtin("node:path").dirname(path));
  throw missing ? systemError("bind", "ENOENT") : error;
}

function files(): typeof fs {
  return builtin("node:fs");
}

export function readTextFile(path: string): string {
  return reading(path, () => files().readFileSync(path, "utf8"), reasonOf);
}

export function listFolder(path: string): string[] {
  return reading(path, () => files().readdirSync(path).sort(), reasonOf);
}

const PROBE_TIMEOUT_SECONDS = 5;

const PROBE = `const { workerData } = require("node:worker_threads");
const { path, answer } = workerData;
const tell = (what) => {
  Atomics.store(answer, 0, what);
  Atomics.notify(answer, 0);
  socket.destroy();
};
const socket = require("node:net").connect({ path });
socket.on("connect", () => tell(1));
socket.on("error", ({ code }) => {
  tell(code === "ECONNREFUSED" || code === "ENOENT" ? 2 : 1);
});`;

function isAccepting(path: string): boolean {
  const answer = new Int32Array(new SharedArrayBuffer(4));
  const workerData = { path, answer };
  const { Worker } = builtin("node:worker_threads");
  const worker = new Worker(PROBE, { eval: true, workerData });
  Atomics.wait(answer, 0, 0, PROBE_TIMEOUT_SECONDS * 1000);
  worker.unref();
  void worker.terminate();
  return answer[0] !== 2;
}

function lstat(path: string): PathStat | undefined {
  const info = files().lstatSync(path, { throwIfNoEntry: false });
  if (info === undefined) return undefined;
  return { kind: kindOf(info), id: idOf(info), changed: info.mtimeMs / 1000 };
}

function kindOf(info: fs.Stats): PathStat["kind"] {
  if (info.isSocket()) return "socket";
  if (info.isFile()) return "file";
  if (info.isSymbolicLink()) return "link";
  return info.isDirectory() ? "folder" : "other";
}

/** The system reuses inode numbers. */
function idOf({ dev, ino, mtimeMs }: fs.Stats): string {
  return `${dev}:${ino}:${mtimeMs}`;
}

function create(path: string, text: string): string | undefined {
  const fs = files();
  let file;
  try {
    file = fs.openSync(path, "wx");
  } catch (error) {
    if ((error as SystemError).code === "EEXIST") return undefined;
    throw error;
  }
  fs.writeSync(file, text);
  const id = idOf(fs.fstatSync(file));
  fs.closeSync(file);
  return id;
}

const nodeFiles: PathFiles = {
  get pid() {
    return nodeProcess().pid;
  },
  get maxPathBytes() {
    return ["linux", "android"].includes(nodeProcess().platform) ? 107 : 103;
  },
  lstat,
  read: (path, kind) =>
    kind === "link"
      ? files().readlinkSync(path)
      : files().readFileSync(path, "utf8"),
  create,
  link: (path, other) => files().linkSync(path, other),
  rename: (path, other) => files().renameSync(path, other),
  remove: (path) => files().unlinkSync(path),
  chmod: (path, mode) => files().chmodSync(path, mode),
  isAccepting,
  reasonOf,
};
