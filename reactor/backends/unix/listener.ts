/**
 * A UNIX socket that is listened on, and its file.
 *
 * @module
 */

import { UNIXAddress } from "../../addresses.ts";
import { CannotListenError } from "../../errors.ts";
import type {
  Listener,
  ListenPathOptions,
  ReadinessObserver,
  Stream,
} from "../../backend.ts";
import { type PathFiles, type Standing, tooLong } from "./files.ts";
import { PathLock } from "./lock.ts";

/** Opens the sockets of a runtime. */
export interface SocketMaker<L extends Listener<UNIXAddress>> {
  /** The files of the runtime. */
  readonly files: PathFiles;
  /** Makes a socket, and its file with it. Throws the runtime's own error. */
  bind(path: string): L;
  /** Listens, where that is not done by then, and can be done later. */
  listen?(listener: L, backlog: number): void;
}

/** How every system says that something stands at the path. */
const IN_USE = "address already in use";

/**
 * A socket that is listened on, and its file: made with the permissions that were
 * asked for, and removed at the end.
 */
export class PathListener<L extends Listener<UNIXAddress>>
  implements Listener<UNIXAddress> {
  readonly address: UNIXAddress;
  readonly #listener: L;
  readonly #path: string;
  readonly #files: PathFiles;
  readonly #lock: PathLock | undefined;
  /** Tells the file from one that somebody else may put in its place. */
  readonly #id: string | undefined;

  private constructor(
    listener: L,
    path: string,
    files: PathFiles,
    lock: PathLock | undefined,
  ) {
    this.address = new UNIXAddress(path);
    this.#listener = listener;
    this.#path = path;
    this.#files = files;
    this.#lock = lock;
    this.#id = files.look(path)?.id;
  }

  /**
   * Makes a socket and its file, and listens.
   *
   * @throws {CannotListenError} if that cannot be done; what stood at the path is
   *   left alone, unless it was locked by a server that is dead
   */
  static open<L extends Listener<UNIXAddress>>(
    options: ListenPathOptions,
    maker: SocketMaker<L>,
  ): PathListener<L> {
    const { path } = options;
    const { files } = maker;
    const length = tooLong(path, files);
    if (length !== undefined) throw new CannotListenError({ path }, length);
    let lock: PathLock | undefined;
    try {
      if (options.lock) lock = PathLock.take(path, files);
      if (lock?.takenOver) removeDead(path, lock, files);
      const opened = new PathListener(bind(options, maker), path, files, lock);
      opened.#start(options, maker);
      return opened;
    } catch (error) {
      lock?.release();
      if (error instanceof CannotListenError) throw error;
      const cause = { cause: error };
      throw new CannotListenError({ path }, files.reasonIn(error), cause);
    }
  }

  pollRead(observer: ReadinessObserver): void {
    this.#listener.pollRead(observer);
  }

  pollWrite(observer: ReadinessObserver): void {
    this.#listener.pollWrite(observer);
  }

  accept(): Stream | Error | undefined {
    return this.#listener.accept();
  }

  /**
   * Closes the socket, and removes its file and its lock.
   *
   * @returns settles when that is done
   */
  async close(): Promise<void> {
    const files = this.#files;
    const path = this.#path;
    const kept = this.#keepOthers();
    const closed = this.#listener.close();
    if (closed !== undefined) await closed;
    try {
      if (kept !== undefined) this.#giveBack(kept);
      else if (this.#isMine()) files.remove(path);
      this.#lock?.release();
    } catch {
      // What the program may not remove any more stays: the port is closed.
    }
  }

  /**
   * Where the socket is open from its beginning, as on Deno, whoever the system's
   * own mask for new files lets in may connect before this chooses the mode.
   */
  #start(
    { path, mode, backlog }: ListenPathOptions,
    maker: SocketMaker<L>,
  ): void {
    try {
      this.#files.chmod(path, mode);
      maker.listen?.(this.#listener, backlog);
      this.#lock?.check();
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /**
   * A runtime may remove the file when it closes the socket, or may not; and if
   * it does, it removes what stands there, be it another server's by now. So that
   * gets a second name until then.
   *
   * @returns that name, if there is need for one
   */
  #keepOthers(): string | undefined {
    const kept = `${this.#path}.${this.#files.pid}`;
    try {
      if (this.#files.look(this.#path) === undefined || this.#isMine()) return;
      this.#files.link(this.#path, kept);
      return kept;
    } catch {
      // Who may not make files there may not remove any either, mostly.
      return;
    }
  }

  /** Two names of one file stay as they are when one is to become the other. */
  #giveBack(kept: string): void {
    this.#files.rename(kept, this.#path);
    if (this.#files.look(kept) !== undefined) this.#files.remove(kept);
  }

  #isMine(): boolean {
    const found = this.#files.look(this.#path);
    return found !== undefined && found.id === this.#id;
  }
}

/** Nobody listens there: that was found out when the lock was taken over. */
function removeDead(path: string, lock: PathLock, files: PathFiles): void {
  lock.check();
  if (files.look(path)?.kind === "socket") files.remove(path);
}

function bind<L extends Listener<UNIXAddress>>(
  { path, lock }: ListenPathOptions,
  { files, bind }: SocketMaker<L>,
): L {
  try {
    return bind(path);
  } catch (error) {
    const reason = files.reasonIn(error);
    const found = reason === IN_USE ? files.look(path) : undefined;
    const why = found === undefined ? reason : whatStands(found, lock);
    throw new CannotListenError({ path }, why, { cause: error });
  }
}

function whatStands({ kind }: Standing, locked: boolean): string {
  if (kind !== "socket") {
    const what = kind === "other" ? "something" : `a ${kind}`;
    return `${what} stands there that is no socket, and is left alone`;
  }
  return locked
    ? `${IN_USE} by a server that has not locked it; if that is dead, remove the file`
    : `${IN_USE}; if its server is dead, remove the file: or take it over with wantPID, where that server had locked it`;
}
