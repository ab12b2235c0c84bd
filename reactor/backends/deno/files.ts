/**
 * Deno's files, as far as UNIX sockets need them.
 *
 * @module
 */

import { reasonIn as usualReason } from "./errors.ts";
import type { PathFiles, Standing } from "../unix/files.ts";

/** The longest that an answer is waited for, in seconds. */
const PATIENCE = 5;

/** What a thread of its own is to do: connect, and tell whether it could. */
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

function answers(path: string): boolean {
  const answer = new Int32Array(new SharedArrayBuffer(4));
  const url = `data:text/javascript,${encodeURIComponent(PROBE)}`;
  const thread = new Worker(url, { type: "module" });
  thread.postMessage({ path, answer });
  Atomics.wait(answer, 0, 0, PATIENCE * 1000);
  thread.terminate();
  return answer[0] !== 2;
}

function look(path: string): Standing | undefined {
  try {
    const info = Deno.lstatSync(path);
    return {
      kind: kindOf(info),
      id: idOf(info),
      changed: changed(info) / 1000,
    };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

function kindOf(info: Deno.FileInfo): Standing["kind"] {
  if (info.isSocket) return "socket";
  if (info.isFile) return "file";
  if (info.isSymlink) return "link";
  return info.isDirectory ? "folder" : "other";
}

/** The number of a file alone may soon be another's. */
function idOf(info: Deno.FileInfo): string {
  return `${info.dev}:${info.ino}:${changed(info)}`;
}

function changed({ mtime }: Deno.FileInfo): number {
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

/** Deno asks for the three one after the other, and would name but the first. */
function reasonIn(error: unknown): string {
  if (!(error instanceof Deno.errors.NotCapable)) return usualReason(error);
  const [, what = "access"] = /^Requires (.*?), /.exec(error.message) ?? [];
  return `deno run needs --allow-read, --allow-write and --allow-net for it (there is no ${what})`;
}

/** The files, for which Deno needs permissions. */
export const denoFiles: PathFiles = {
  pid: Deno.pid,
  longestPath: ["linux", "android"].includes(Deno.build.os) ? 107 : 103,
  look,
  read: (path, kind) =>
    kind === "link" ? Deno.readLinkSync(path) : Deno.readTextFileSync(path),
  create,
  link: Deno.linkSync,
  rename: Deno.renameSync,
  remove: (path) => Deno.removeSync(path),
  chmod: Deno.chmodSync,
  answers,
  reasonIn,
};
