/**
 * The lock of a UNIX socket.
 *
 * @module
 */

import { CannotListenError } from "../../errors.ts";
import { lockOf, type PathFiles, type Standing } from "./files.ts";

/**
 * How long a server is given between locking its socket and listening on it, in
 * seconds: so long nobody takes it for dead.
 */
const START_SECONDS = 1;

/**
 * A lock on the path of a socket: a file beside it that holds the number of the
 * server's process. Twisted's lock, a symbolic link that leads to the number, is
 * respected, and replaced when its server is dead; but a file is what Deno can
 * make with permissions for nothing but these paths.
 *
 * The number says whose the lock is, not whether that process lives: another may
 * have got the number since, after a restart or in another container. Nor can a
 * program ask for that on Deno without permission to run others. What tells is
 * the socket itself: on that of a dead server nobody listens, and the system
 * refuses connections. A server that is alive may be busy, and answers anyway.
 *
 * Whoever finds a dead server's lock puts a file of its own in its place, in one
 * step. Several may do so at the same moment, and one that was held up may come
 * back to a lock that is another's by now. So a lock counts only as long as the
 * file that stands there is the very one that was made: that is looked at before
 * a dead socket is removed, and once more when its successor listens. Of two
 * servers that start together one gets the lock, or in the worst case none; but
 * never both.
 */
export class PathLock {
  /** Whether a dead server had the lock before. */
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

  /**
   * Locks the path of a socket.
   *
   * @throws {CannotListenError} if a server has locked it that may be alive
   */
  static take(path: string, files: PathFiles): PathLock {
    const lock = lockOf(path);
    const id = files.create(lock, `${files.pid}\n`);
    if (id !== undefined) {
      return new PathLock(path, files, { id, takenOver: false });
    }
    const found = files.look(lock);
    // Its server has removed it in between.
    if (found === undefined) return PathLock.take(path, files);
    checkIsDead(path, found, files);
    return new PathLock(path, files, {
      id: replace(path, found, files),
      takenOver: true,
    });
  }

  /** @throws {CannotListenError} if somebody else has taken it over meanwhile */
  check(): void {
    const lock = lockOf(this.#path);
    const found = this.#files.look(lock);
    if (found?.id === this.#id) return;
    throw new CannotListenError(
      { path: this.#path },
      `${ownerOf(lock, found, this.#files)} has taken ${lock} over meanwhile`,
    );
  }

  /** Removes the lock, unless it is somebody else's by now. */
  release(): void {
    const lock = lockOf(this.#path);
    if (this.#files.look(lock)?.id === this.#id) this.#files.remove(lock);
  }
}

function checkIsDead(path: string, found: Standing, files: PathFiles): void {
  const lock = lockOf(path);
  const owner = ownerOf(lock, found, files);
  if (isYoung(found)) {
    throw new CannotListenError(
      { path },
      `${owner} has just locked it with ${lock}`,
    );
  }
  if (files.answers(path)) {
    throw new CannotListenError(
      { path },
      `${owner} has locked it with ${lock}, and listens there`,
    );
  }
}

/** @returns the `id` of the lock that stands in place of the old one now */
function replace(path: string, old: Standing, files: PathFiles): string {
  const lock = lockOf(path);
  const next = `${lock}.next`;
  const left = files.look(next);
  // Somebody was ended in the middle of this.
  if (left !== undefined && !isYoung(left)) files.remove(next);
  const id = files.create(next, `${files.pid}\n`);
  if (id === undefined) {
    const owner = ownerOf(next, files.look(next), files);
    throw new CannotListenError(
      { path },
      `${owner} is taking it over just now`,
    );
  }
  const now = files.look(lock);
  if (now?.id !== old.id) {
    files.remove(next);
    const owner = ownerOf(lock, now, files);
    throw new CannotListenError(
      { path },
      `${owner} has been faster in taking it over`,
    );
  }
  files.rename(next, lock);
  return id;
}

/** The clock may have been set back since: a file of the future is not young. */
function isYoung({ changed }: Standing): boolean {
  return Math.abs(Date.now() / 1000 - changed) < START_SECONDS;
}

/** Whose a lock is, for a message. It may be gone, or have nothing in it yet. */
function ownerOf(
  lock: string,
  found: Standing | undefined,
  files: PathFiles,
): string {
  if (found?.kind !== "file" && found?.kind !== "link") return "a process";
  const [pid] = /^\d+/.exec(files.read(lock, found.kind)) ?? [];
  return pid === undefined ? "a process" : `process ${pid}`;
}
