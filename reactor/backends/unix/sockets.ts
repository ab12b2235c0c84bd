import { UNIXAddress } from "../../addresses.ts";
import type {
  Attempt,
  ConnectPathOptions,
  Listener,
  ListenPathOptions,
  ReadinessObserver,
  Stream,
} from "../../backend.ts";
import type { Reason } from "../errors.ts";
import {
  lockOf,
  notLocked,
  type PathFiles,
  PathLock,
  type PathStat,
  pathTooLong,
} from "./lock.ts";
import {
  BadFileError,
  CannotListenError,
  ConnectError,
  ConnectionRefusedError,
} from "../../errors.ts";

/** At a full backlog; over TCP the system tries again. */
const RETRY_SECONDS = 0.01;

/** Reports once, and later. */
export type DialPath = (
  path: string,
  done: (outcome: Stream | Reason) => void,
) => void;

export function connectToPath(
  options: ConnectPathOptions,
  done: (outcome: Stream | Error) => void,
  { dial, files }: { dial: DialPath; files: PathFiles },
): Attempt {
  const { path } = options;
  let cancelled = false;
  let retry: ReturnType<typeof setTimeout> | undefined;
  const refusal = refuse(options, files);
  if (refusal === undefined) attempt();
  else {
    queueMicrotask(() => {
      if (!cancelled) done(refusal);
    });
  }
  return {
    cancel() {
      cancelled = true;
      clearTimeout(retry);
    },
  };

  function attempt(): void {
    dial(path, (outcome) => {
      if (!("kind" in outcome)) {
        // Made just before it was cancelled.
        if (cancelled) outcome.close();
        else done(outcome);
      } else if (cancelled) return;
      else if (outcome.kind === "busy") {
        retry = setTimeout(attempt, RETRY_SECONDS * 1000);
      } else done(connectError(options, outcome));
    });
  }
}

function refuse(
  options: ConnectPathOptions,
  files: PathFiles,
): Error | undefined {
  const { path, mustBeLocked } = options;
  const length = pathTooLong(path, files);
  if (length !== undefined) {
    return new ConnectError(`Cannot connect to ${path}: ${length}`);
  }
  if (!mustBeLocked) return undefined;
  try {
    const isLocked = files.lstat(lockOf(path)) !== undefined;
    return isLocked ? undefined : notLocked(path);
  } catch (error) {
    return connectError(options, { ...files.reasonOf(error), kind: "other" });
  }
}

function connectError(
  { path, mustBeLocked }: ConnectPathOptions,
  { kind, text, error }: Reason,
): Error {
  const cause = { cause: error };
  const message = `Cannot connect to ${path}: ${text}`;
  if (kind !== "refused") return new ConnectError(message, cause);
  if (!mustBeLocked) return new ConnectionRefusedError(message, cause);
  return new BadFileError(
    `Cannot connect to ${path}: the server that has locked it is dead`,
    cause,
  );
}

export interface SocketMaker<L extends Listener<UNIXAddress>> {
  readonly files: PathFiles;
  bind(path: string): L;
  /** Where `bind` has not listened. */
  listen?(listener: L, backlog: number): void;
}

const IN_USE = "address already in use";

export class PathListener<L extends Listener<UNIXAddress>>
  implements Listener<UNIXAddress> {
  readonly address: UNIXAddress;
  readonly #listener: L;
  readonly #path: string;
  readonly #files: PathFiles;
  readonly #lock: PathLock | undefined;
  /** Another server may replace the file. */
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
    this.#id = files.lstat(path)?.id;
  }

  /**
   * @throws {CannotListenError} if it cannot; what was at the path stays, unless a stale
   *   socket with a lock
   */
  static open<L extends Listener<UNIXAddress>>(
    options: ListenPathOptions,
    maker: SocketMaker<L>,
  ): PathListener<L> {
    const { path } = options;
    const { files } = maker;
    const length = pathTooLong(path, files);
    if (length !== undefined) throw new CannotListenError({ path }, length);
    let lock: PathLock | undefined;
    try {
      if (options.lock) lock = PathLock.take(path, files);
      if (lock?.takenOver) removeStale(path, lock, files);
      const opened = new PathListener(bind(options, maker), path, files, lock);
      opened.#start(options, maker);
      return opened;
    } catch (error) {
      lock?.release();
      if (error instanceof CannotListenError) throw error;
      const { text } = files.reasonOf(error);
      throw new CannotListenError({ path }, text, { cause: error });
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
      // What may not be removed stays.
    }
  }

  /**
   * Where `bind` listens, as on Deno, whoever the umask lets in may connect before the
   * mode is set.
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
   * Some runtimes remove the path with the socket, even another server's file: that gets
   * a second name meanwhile, which is returned.
   */
  #keepOthers(): string | undefined {
    const kept = `${this.#path}.${this.#files.pid}`;
    try {
      if (this.#files.lstat(this.#path) === undefined || this.#isMine()) return;
      this.#files.link(this.#path, kept);
      return kept;
    } catch {
      // Who may not make files mostly cannot remove any.
    }
  }

  /** `rename` does nothing if both names are of one file. */
  #giveBack(kept: string): void {
    this.#files.rename(kept, this.#path);
    if (this.#files.lstat(kept) !== undefined) this.#files.remove(kept);
  }

  #isMine(): boolean {
    const found = this.#files.lstat(this.#path);
    return found !== undefined && found.id === this.#id;
  }
}

/** Nobody listens, which was checked with the lock. */
function removeStale(path: string, lock: PathLock, files: PathFiles): void {
  lock.check();
  if (files.lstat(path)?.kind === "socket") files.remove(path);
}

function bind<L extends Listener<UNIXAddress>>(
  { path, lock }: ListenPathOptions,
  { files, bind }: SocketMaker<L>,
): L {
  try {
    return bind(path);
  } catch (error) {
    const { text } = files.reasonOf(error);
    const found = text === IN_USE ? files.lstat(path) : undefined;
    const why = found === undefined ? text : whyInUse(found, lock);
    throw new CannotListenError({ path }, why, { cause: error });
  }
}

function whyInUse({ kind }: PathStat, locked: boolean): string {
  if (kind !== "socket") {
    const what = kind === "other" ? "something" : `a ${kind}`;
    return `${what} stands there that is no socket, and is left alone`;
  }
  return locked
    ? `${IN_USE} by a server that has not locked it; if that is dead, remove the file`
    : `${IN_USE}; if its server is dead, remove the file: or take it over with wantPID, where that server had locked it`;
}
