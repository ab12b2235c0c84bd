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
import { DenoUNIXStream, reasonOf as usualReason } from "./stream.ts";
import { DenoListener } from "./listener.ts";

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
      done(new DenoUNIXStream(conn, local, remote));
    },
    (error) => done(denoFiles.reasonOf(error)),
  );
}

/** Deno chooses the backlog itself. */
export function listenPath(options: ListenPathOptions): Listener<UNIXAddress> {
  return PathListener.open(options, { files: denoFiles, bind });
}

function bind(path: string): DenoListener<Deno.UnixConn, UNIXAddress> {
  const opened = Deno.listen({ transport: "unix", path });
  const local = new UNIXAddress(path);
  const toStream = (conn: Deno.UnixConn) =>
    new DenoUNIXStream(conn, local, new UNIXAddress());
  return new DenoListener(opened, local, toStream);
}

export function readTextFile(path: string): string {
  return reading(path, () => Deno.readTextFileSync(path), usualReason);
}

export function listFolder(path: string): string[] {
  const list = () =>
    Array.from(Deno.readDirSync(path), ({ name }) => name).sort();
  return reading(path, list, usualReason);
}

const PROBE_TIMEOUT_SECONDS = 5;

const PROBE = `onmessage = async ({ data: { path, answer } }) => {
  let refused = false;
  try {
    (await Deno.connect({ transport: "unix", path })).close();
  } catch (error) {
    const { ConnectionRefused, NotFound } = Deno.errors;
    refused = error instanceof ConnectionRefused || error instanceof NotFound;
  }
  Atomics.store(answer, 0, refused ? 2 : 1);
  Atomics.notify(answer, 0);
};`;

function isAccepting(path: string): boolean {
  const answer = new Int32Array(new SharedArrayBuffer(4));
  const url = `data:text/javascript,${encodeURIComponent(PROBE)}`;
  const worker = new Worker(url, { type: "module" });
  worker.postMessage({ path, answer });
  Atomics.wait(answer, 0, 0, PROBE_TIMEOUT_SECONDS * 1000);
  worker.terminate();
  return answer[0] !== 2;
}

function lstat(path: string): PathStat | undefined {
  try {
    const info = Deno.lstatSync(path);
    return { kind: kindOf(info), id: idOf(info), changed: mtime(info) / 1000 };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

function kindOf(info: Deno.FileInfo): PathStat["kind"] {
  if (info.isSocket) return "socket";
  if (info.isFile) return "file";
  if (info.isSymlink) return "link";
  return info.isDirectory ? "folder" : "other";
}

/** The system reuses inode numbers. */
function idOf(info: Deno.FileInfo): string {
  return `${info.dev}:${info.ino}:${mtime(info)}`;
}

function mtime({ mtime }: Deno.FileInfo): number {
  return mtime?.getTime() ?? 0;
}

function create(path: string, text: string): string | undefined {
  let file;
  try {
    file = Deno.openSync(path, { write: true, createNew: true });
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) return undefined;
    throw error;
  }
  file.writeSync(new TextEncoder().encode(text));
  const id = idOf(file.statSync());
  file.close();
  return id;
}

/** Deno would name only the first permission. */
function reasonOf(error: unknown): Reason {
  const reason = usualReason(error);
  if (!(error instanceof Deno.errors.NotCapable)) return reason;
  const [, what = "access"] = /^Requires (.*?), /.exec(error.message) ?? [];
  const text =
    `deno run needs --allow-read, --allow-write and --allow-net for it (there is no ${what})`;
  return { ...reason, text };
}

const denoFiles: PathFiles = {
  get pid() {
    return Deno.pid;
  },
  get maxPathBytes() {
    return ["linux", "android"].includes(Deno.build.os) ? 107 : 103;
  },
  lstat,
  read: (path, kind) =>
    kind === "link" ? Deno.readLinkSync(path) : Deno.readTextFileSync(path),
  create,
  link: (path, other) => Deno.linkSync(path, other),
  rename: (path, other) => Deno.renameSync(path, other),
  remove: (path) => Deno.removeSync(path),
  chmod: (path, mode) => Deno.chmodSync(path, mode),
  isAccepting,
  reasonOf,
};
