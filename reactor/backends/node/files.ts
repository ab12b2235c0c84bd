/**
 * Node's files, as far as UNIX sockets need them.
 *
 * @module
 */

import * as fs from "node:fs";
import process from "node:process";
import { Worker } from "node:worker_threads";
import { reasonIn, type SystemError } from "./errors.ts";
import type { PathFiles, Standing } from "../unix/files.ts";

/** The longest that an answer is waited for, in seconds. */
const PATIENCE = 5;

/** What a thread of its own is to do: connect, and tell whether it could. */
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

function answers(path: string): boolean {
  const answer = new Int32Array(new SharedArrayBuffer(4));
  const workerData = { path, answer };
  const thread = new Worker(PROBE, { eval: true, workerData });
  Atomics.wait(answer, 0, 0, PATIENCE * 1000);
  thread.unref();
  void thread.terminate();
  return answer[0] !== 2;
}

function look(path: string): Standing | undefined {
  const info = fs.lstatSync(path, { throwIfNoEntry: false });
  if (info === undefined) return undefined;
  return {
    kind: kindOf(info),
    id: idOf(info),
    changed: info.mtimeMs / 1000,
  };
}

function kindOf(info: fs.Stats): Standing["kind"] {
  if (info.isSocket()) return "socket";
  if (info.isFile()) return "file";
  if (info.isSymbolicLink()) return "link";
  return info.isDirectory() ? "folder" : "other";
}

/** The number of a file alone may soon be another's. */
function idOf({ dev, ino, mtimeMs }: fs.Stats): string {
  return `${dev}:${ino}:${mtimeMs}`;
}

function create(path: string, text: string): string | undefined {
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

/** Node's files. */
export const nodeFiles: PathFiles = {
  pid: process.pid,
  longestPath: ["linux", "android"].includes(process.platform) ? 107 : 103,
  look,
  read: (path, kind) =>
    kind === "link" ? fs.readlinkSync(path) : fs.readFileSync(path, "utf8"),
  create,
  link: fs.linkSync,
  rename: fs.renameSync,
  remove: fs.unlinkSync,
  chmod: fs.chmodSync,
  answers,
  reasonIn: (error) => reasonIn(error as SystemError),
};
