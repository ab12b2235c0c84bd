/**
 * A worker process, as seen by its parent.
 *
 * @module
 */

import { linesOf } from "../../cli/lines.ts";

export class WorkerProcess {
  /** Resolves with its port when it listens, or with undefined if it has ended first. */
  readonly port: Promise<number | undefined>;
  readonly ended: Promise<Deno.CommandStatus>;
  readonly #child: Deno.ChildProcess;

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

  async end(): Promise<void> {
    // The system does the same when the parent is killed.
    await this.#child.stdin.close().catch(() => {});
    await this.ended;
  }

  kill(): void {
    try {
      this.#child.kill("SIGKILL");
    } catch {
      // It has ended.
    }
  }

  /** Reads the port from its stderr, and passes the other lines on. */
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
