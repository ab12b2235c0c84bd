// Files for tests, in memory, which change at the very moments that matter.

import type { PathFiles, PathStat } from "../../reactor/backends/unix/lock.ts";

/** What others do to the files just before a process goes on. */
export interface Interruptions {
  /** Before it reads a file. */
  read?(path: string): void;
  /** Before it removes one. */
  remove?(path: string): void;
  /** Before it gives a file another name. */
  rename?(): void;
  /** While it waits for an answer. */
  isAccepting?(): void;
  /** Before it chooses permissions. */
  chmod?(): void;
}

/** A folder of files that several processes see. */
export class Disk {
  /** What stands at each path, and what it holds. */
  readonly files = new Map<string, PathStat & { text: string }>();
  #made = 0;

  /** Makes a file, whatever stands there. */
  put(
    path: string,
    text: string,
    { kind = "file" as PathStat["kind"], changed = Date.now() / 1000 } = {},
  ): string {
    const id = `${++this.#made}`;
    this.files.set(path, { kind, id, changed, text });
    return id;
  }

  /** What is there, as `PATH: TEXT`. */
  list(): string[] {
    return [...this.files].map(([path, { text }]) => `${path}: ${text.trim()}`)
      .sort();
  }

  /**
   * A process that sees the files.
   *
   * @param pid its number
   * @param interruptions what others do just before it goes on
   */
  process(pid: number, interruptions: Interruptions = {}): PathFiles {
    const { files } = this;
    function fileAt(path: string): PathStat & { text: string } {
      const file = files.get(path);
      if (file === undefined) throw new Error(`there is no ${path}`);
      return file;
    }
    function move(path: string, other: string): void {
      files.set(other, fileAt(path));
    }
    return {
      pid,
      maxPathBytes: 107,
      lstat: (path) => files.get(path),
      read(path) {
        interruptions.read?.(path);
        return fileAt(path).text;
      },
      create: (path, text) => {
        return files.has(path) ? undefined : this.put(path, text);
      },
      link: move,
      rename(path, other) {
        interruptions.rename?.();
        move(path, other);
        files.delete(path);
      },
      remove(path) {
        interruptions.remove?.(path);
        fileAt(path);
        files.delete(path);
      },
      chmod: () => interruptions.chmod?.(),
      isAccepting() {
        interruptions.isAccepting?.();
        return false;
      },
      reasonOf: (error) => ({ kind: "other", text: `${error}`, error }),
    };
  }
}
