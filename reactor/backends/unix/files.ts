import { BadFileError } from "../../errors.ts";
import type { Reason } from "../errors.ts";

/** By `lstat`: of a link itself, not its target. */
export interface PathStat {
  readonly kind: "socket" | "file" | "link" | "folder" | "other";
  /** Tells it from a later file of that path. */
  readonly id: string;
  /** When it was made or written to, in seconds since the epoch. */
  readonly changed: number;
}

/** All is synchronous, as `listenPath` is, and throws the runtime's own errors. */
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
   * `false` only if certainly no server accepts on a socket. Blocks until a worker has
   * tried to connect, which no runtime does synchronously.
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
