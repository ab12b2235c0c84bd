/**
 * What UNIX sockets need of a runtime's files, and what is common to all who
 * work with their paths.
 *
 * @module
 */

/** What stands at a path: that itself, not where a link leads to. */
export interface Standing {
  /** What it is. */
  readonly kind: "socket" | "file" | "link" | "folder" | "other";
  /** Tells it from whatever may stand there later. */
  readonly id: string;
  /** When it was made, or written to, in seconds since the epoch. */
  readonly changed: number;
}

/**
 * The files of a runtime. Everything is done at once, since to listen either
 * succeeds or throws; what cannot be done throws the runtime's own error.
 */
export interface PathFiles {
  /** The number of this process. */
  readonly pid: number;
  /** How many bytes the path of a socket may have. */
  readonly longestPath: number;
  /** What stands at a path, if anything. */
  look(path: string): Standing | undefined;
  /** What a file holds, or where a link leads to. */
  read(path: string, kind: Standing["kind"]): string;
  /**
   * Makes a file.
   *
   * @returns its `id`; `undefined` if something stands there
   */
  create(path: string, text: string): string | undefined;
  /** Gives a file a second name, which nothing has. */
  link(path: string, other: string): void;
  /** Gives a file another name, and takes that from whatever has it. */
  rename(path: string, other: string): void;
  /** Removes a file. */
  remove(path: string): void;
  /** Chooses the permissions of a file. */
  chmod(path: string, mode: number): void;
  /**
   * Whether somebody listens on a socket, or might: `false` only if nobody does.
   *
   * It waits for the answer, which takes a thread of its own: to connect is
   * nothing that a runtime does at once.
   */
  answers(path: string): boolean;
  /** An error of the runtime's in few words: `permission denied`. */
  reasonIn(error: unknown): string;
}

/** The file that says whose a socket is, as Twisted names it. */
export function lockOf(path: string): string {
  return `${path}.lock`;
}

/** Why a path is too long for a socket, if it is: the system would cut it short. */
export function tooLong(
  path: string,
  { longestPath }: PathFiles,
): string | undefined {
  const { length } = new TextEncoder().encode(path);
  if (length <= longestPath) return undefined;
  return `the path of a UNIX socket has at most ${longestPath} bytes, and this one has ${length}`;
}
