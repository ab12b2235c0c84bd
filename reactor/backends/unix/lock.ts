import { BadFileError, CannotListenError } from "../../errors.ts";
import type { Reason } from "../errors.ts";

/** Of a link itself, not its target. */
export interface PathStat {
  readonly kind: "socket" | "file" | "link" | "folder" | "other";
  /** Unlike that of a later file there. */
  readonly id: string;
  /** In seconds since the epoch. */
  readonly changed: number;
}

/** Synchronous, as `listenPath` is; throws the runtime's errors. */
export interface PathFiles {
  readonly pid: number;
  /** Of `sun_path`. */
  readonly maxPathBytes: number;
  lstat(path: string): PathStat | undefined;
  /** A file's text, or a link's target. */
  read(path: string, kind: PathStat["kind"]): string;
  /** Returns the `id`, or `undefined` if the path exists. */
  create(path: string, text: string): string | undefined;
  link(path: string, other: string): void;
  /** Replaces `other`. */
  rename(path: string, other: string): void;
  remove(path: string): void;
  chmod(path: string, mode: number): void;
  /**
   * `false` only if certainly no server accepts. Blocks until a worker has tried, as no
   * runtime connects synchronously.
   */
  isAccepting(path: string): boolean;
  reasonOf(error: unknown): Reason;
}

export function lockOf(path: string): string {
  return `${path}.lock`;
}

export function notLocked(path: string): BadFileError {
  return new BadFileError(
    `Cannot connect to ${path}: no server has locked it with ${lockOf(path)}`,
  );
}

/** The system would cut such a path short. */
export function pathTooLong(
  path: string,
  { maxPathBytes }: PathFiles,
): string | undefined {
  const { length } = new TextEncoder().encode(path);
  if (length <= maxPathBytes) return undefined;
  return `the path of a UNIX socket has at most ${maxPathBytes} bytes, and this one has ${length}`;
}

/** From the lock until the server listens. */
const START_SECONDS = 1;

/**
 * A file beside a socket's, with its server's process id. Twisted's, a symbolic link to
 * the id, is respected, and replaced when stale; Deno cannot make links with permissions
 * for these paths alone.
 *
 * The id does not tell whether the process lives: ids are reused, after a restart or in
 * another container, and on Deno checking takes permission to run others. But the system
 * refuses connections to a stale socket, and accepts them for a busy server.
 *
 * A stale lock is replaced by a rename, atomically. Several may do so at once, and one
 * that was suspended may resume when the lock is another's: it is held only while the
 * file is the one that was made, which is checked before the stale socket is removed, and
 * when its successor listens. Of two servers that start together at most one gets it.
 */
export class PathLock {
  readonly takenOver: boolean;
  readonly #path: string;
  readonly #files: PathFiles;
  readonly #id: string;

  private constructor(
    path: string,
    files: PathFiles,
    made: { id: string; takenOver: boolean },
  ) {
    this.#path = path;
    this.#files = files;
    this.#id = made.id;
    this.takenOver = made.takenOver;
  }

  /** @throws {CannotListenError} if its server may be alive */
  static take(path: string, files: PathFiles): PathLock {
    const lock = lockOf(path);
    const id = files.create(lock, `${files.pid}\n`);
    if (id !== undefined) {
      return new PathLock(path, files, { id, takenOver: false });
    }
    const found = files.lstat(lock);
    if (found === undefined) return PathLock.take(path, files);
    checkIsStale(path, found, files);
    const next = replace(path, found, files);
    return new PathLock(path, files, { id: next, takenOver: true });
  }

  /** @throws {CannotListenError} if another process has it */
  check(): void {
    const lock = lockOf(this.#path);
    const found = this.#files.lstat(lock);
    if (found?.id === this.#id) return;
    const owner = ownerOf(lock, found, this.#files);
    const why = `${owner} has taken ${lock} over meanwhile`;
    throw new CannotListenError({ path: this.#path }, why);
  }

  /** Unless it is another's. */
  release(): void {
    const lock = lockOf(this.#path);
    if (this.#files.lstat(lock)?.id === this.#id) this.#files.remove(lock);
  }
}

function checkIsStale(path: string, found: PathStat, files: PathFiles): void {
  const lock = lockOf(path);
  const owner = ownerOf(lock, found, files);
  if (isFresh(found)) {
    const why = `${owner} has just locked it with ${lock}`;
    throw new CannotListenError({ path }, why);
  }
  if (files.isAccepting(path)) {
    const why = `${owner} has locked it with ${lock}, and listens there`;
    throw new CannotListenError({ path }, why);
  }
}

function replace(path: string, old: PathStat, files: PathFiles): string {
  const lock = lockOf(path);
  const next = `${lock}.next`;
  const left = files.lstat(next);
  // Left by a process that was killed here.
  if (left !== undefined && !isFresh(left)) removeIfThere(next, files);
  const id = files.create(next, `${files.pid}\n`);
  if (id === undefined) {
    const owner = ownerOf(next, files.lstat(next), files);
    const why = `${owner} is taking it over just now`;
    throw new CannotListenError({ path }, why);
  }
  const now = files.lstat(lock);
  if (now?.id !== old.id) {
    removeIfThere(next, files);
    const owner = ownerOf(lock, now, files);
    const why = `${owner} has been faster in taking it over`;
    throw new CannotListenError({ path }, why);
  }
  files.rename(next, lock);
  return id;
}

/** A file of the future, after the clock was set back, is not. */
function isFresh({ changed }: PathStat): boolean {
  return Math.abs(Date.now() / 1000 - changed) < START_SECONDS;
}

/** Another process may do the same. */
function removeIfThere(path: string, files: PathFiles): void {
  try {
    files.remove(path);
  } catch (error) {
    if (files.lstat(path) !== undefined) throw error;
  }
}

/** The file may be gone, also by now, or still empty. */
function ownerOf(
  lock: string,
  found: PathStat | undefined,
  files: PathFiles,
): string {
  const unknown = "a process";
  if (found?.kind !== "file" && found?.kind !== "link") return unknown;
  try {
    const [pid] = /^\d+/.exec(files.read(lock, found.kind)) ?? [];
    return pid === undefined ? unknown : `process ${pid}`;
  } catch (error) {
    if (files.lstat(lock)?.id === found.id) throw error;
    return unknown;
  }
}
