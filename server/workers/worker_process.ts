/**
 * A worker, as its parent knows it.
 *
 * @module
 */

import { linesOf } from "../../cli/lines.ts";

/** A running worker. It has the stdout of its parent. */
export class WorkerProcess {
  /** Settles when it listens, with its port, or has ended without: there is none then. */
  readonly port: Promise<number | undefined>;
  /** Settles when it has ended. */
  readonly ended: Promise<Deno.CommandStatus>;
  readonly #child: Deno.ChildProcess;

  /** Starts it, with what is typed behind `deno`. */
  constructor(args: string[]) {
    this.#child = new Deno.Command(Deno.execPath(), {
      args,
      stdin: "piped",
      stderr: "piped",
    }).spawn();
    const { promise, resolve } = Promise.withResolvers<number | undefined>();
    this.port = promise;
    this.ended = this.#listen(resolve);
  }

  /** Tells it to end, and waits until it has. */
  async end(): Promise<void> {
    // This is also what it sees when its parent was killed.
    await this.#child.stdin.close().catch(() => {});
    await this.ended;
  }

  /** Ends it at once. */
  kill(): void {
    try {
      this.#child.kill("SIGKILL");
    } catch {
      // It had ended before.
    }
  }

  /** It tells its port on stderr, if it has one; what else comes there is passed on. */
  async #listen(
    found: (port: number | undefined) => void,
  ): Promise<Deno.CommandStatus> {
    for await (const line of linesOf(this.#child.stderr)) {
      if (/^\d+$/.test(line)) found(Number(line));
      else console.error(line);
    }
    found(undefined);
    return await this.#child.status;
  }
}
