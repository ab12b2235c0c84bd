// What UNIX sockets need of a runtime's files.

import { BadFileError } from "../../errors.ts";
import type { Reason } from "../errors.ts";

/** What `lstat` tells of a path: of a link itself, not of its target. */
export interface PathStat {
  readonly kind: "socket" | "file" | "link" | "folder" | "other";
  /** Tells it from whatever may have the path later. */
  readonly id: string;
  /** When it was made, or written to, in seconds since the epoch. */
  readonly changed: number;
}

/**
 * The files of a runtime. All is synchronous, since `listenPath` is, and throws the
 * runtime's own errors.
 */
export interface PathFiles {
  readonly pid: number;
  /** How many bytes the path of a socket may have: `sun_path`. */
  readonly maxPathBytes: number;
  lstat(path: string): PathStat | undefined;
  /** The text of a file, or the target of a link. */
  read(path: string, kind: PathStat["kind"]): string;
  /** Makes a file. Returns its `id`, or `undefined` if the path exists. */
  create(path: string, text: string): string | undefined;
  link(path: string, other: string): void;
  /** Replaces what has the new name. */
  rename(path: string, other: string): void;
  remove(path: string): void;
  chmod(path: string, mode: number): void;
  /**
   * Whether a server accepts connections on a socket, or may do so: `false` only if that
   * is certain not to be. Blocks until a worker has tried to connect, which no runtime
   * does synchronously.
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

/** What is wrong with a path that the system would cut short. */
export function pathTooLong(
  path: string,
  { maxPathBytes }: PathFiles,
): string | undefined {
  const { length } = new TextEncoder().encode(path);
  if (length <= maxPathBytes) return undefined;
  return `the path of a UNIX socket has at most ${maxPathBytes} bytes, and this one has ${length}`;
}
