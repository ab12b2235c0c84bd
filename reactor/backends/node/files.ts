import type * as fs from "node:fs";
import { reading } from "../errors.ts";
import type { PathFiles, PathStat } from "../unix/files.ts";
import { reasonOf, type SystemError } from "./errors.ts";
import { builtin, nodeProcess } from "./modules.ts";

function files(): typeof fs {
  return builtin("node:fs");
}

export function readTextFile(path: string): string {
  return reading(path, () => files().readFileSync(path, "utf8"), reasonOf);
}

export function listFolder(path: string): string[] {
  return reading(path, () => files().readdirSync(path).sort(), reasonOf);
}

/** For a server's answer, in seconds. */
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
  return {
    kind: kindOf(info),
    id: idOf(info),
    changed: info.mtimeMs / 1000,
  };
}

function kindOf(info: fs.Stats): PathStat["kind"] {
  if (info.isSocket()) return "socket";
  if (info.isFile()) return "file";
  if (info.isSymbolicLink()) return "link";
  return info.isDirectory() ? "folder" : "other";
}

/** With the time, since the system reuses inode numbers. */
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

export const nodeFiles: PathFiles = {
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
