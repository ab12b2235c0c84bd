/**
 * The fast poetry server as its users start it.
 *
 * @module
 */

import { kill, spawn } from "./program.ts";
import type { Resource } from "./scenario.ts";

const FLAGS = ["--allow-net", "--allow-read", "--allow-run", "--unstable-net"];

function pathOf(file: string): string {
  return new URL(`../${file}`, import.meta.url).pathname;
}

/** `server/fastpoetry.ts`, with so many processes. What it says is read by nobody. */
export class FastServer implements Resource {
  /** The port that it listens on, once it does. */
  port = 0;
  readonly #workers: number;
  #child: Deno.ChildProcess | undefined;

  constructor(workers: number) {
    this.#workers = workers;
  }

  async start(): Promise<void> {
    this.#child = spawn(Deno.execPath(), {
      args: [
        "run",
        "--no-check",
        ...FLAGS,
        pathOf("server/fastpoetry.ts"),
        `--workers=${this.#workers}`,
        pathOf("poetry/ecstasy.txt"),
      ],
      stdout: "piped",
    });
    const found = Promise.withResolvers<number>();
    this.#read(this.#child.stdout, found.resolve).finally(() =>
      found.reject(new Error("fastpoetry.ts has ended"))
    );
    this.port = await found.promise;
  }

  async end(): Promise<void> {
    if (this.#child === undefined) return;
    // Its workers see it end, and do so too.
    kill(this.#child);
    await this.#child.status;
  }

  async #read(
    stdout: ReadableStream<Uint8Array<ArrayBuffer>>,
    found: (port: number) => void,
  ): Promise<void> {
    let said = "";
    for await (const text of stdout.pipeThrough(new TextDecoderStream())) {
      if (this.port > 0) continue;
      said += text;
      const [, port] = /^Serving .* on port (\d+)/m.exec(said) ?? [];
      if (port !== undefined) found(Number(port));
    }
  }
}
