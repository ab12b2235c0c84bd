/**
 * What a page knows of a program that can be run in it.
 *
 * @module
 */

/** A slow poetry server, as a command of the page starts it. */
export interface SlowServerDescription {
  readonly port: number;
  /** The path of its poem: `poetry/ecstasy.txt`. */
  readonly file: string;
  readonly numBytes: number;
  /** In seconds. */
  readonly delay: number;
}

/** Another program that runs at the same time: a server, in a terminal of its own. */
export interface PeerDescription {
  readonly port: number;
  readonly path: string;
  readonly args: readonly string[];
}

/** A file that a command of the page makes: a word behind many spaces. */
export interface MadeFile {
  readonly path: string;
  readonly word: string;
  /** In characters. */
  readonly width: number;
}

/** A command of a page. */
export interface ProgramDescription {
  readonly path: string;
  readonly args: readonly string[];
  readonly stdin: string;
  readonly servers: readonly SlowServerDescription[];
  readonly peers: readonly PeerDescription[];
  /** Files of the checkout that one of them reads. */
  readonly files: readonly string[];
  readonly made: readonly MadeFile[];
  /** Where it listens, if it is a server. */
  readonly port?: number | undefined;
  /** Whether it takes `--timeout SECONDS`. */
  readonly takesTimeout: boolean;
  /** Whether it measures threads, which know of no clock but the machine's. */
  readonly hasThreads: boolean;
  /** Whether the page ends it with Ctrl-C. */
  readonly isInterrupted: boolean;
}
