/**
 * A worker, as its parent knows it.
 *
 * @module
 */

/** How a worker is started, and heard. */
export interface WorkerOptions {
  /** What is typed behind `deno`. */
  args: string[];
  /** Told the lines that it says, except for the first one, which is its port. */
  said: (lines: string[]) => void;
}

/** A running worker. */
export class WorkerProcess {
  /** Settles when it listens, with its port, or has ended without: there is none then. */
  readonly port: Promise<number | undefined>;
  /** Settles when it has ended. */
  readonly ended: Promise<Deno.CommandStatus>;
  readonly #child: Deno.ChildProcess;

  /** Starts it. */
  constructor({ args, said }: WorkerOptions) {
    this.#child = new Deno.Command(Deno.execPath(), {
      args,
      stdin: "piped",
      stdout: "piped",
    }).spawn();
    const { promise, resolve } = Promise.withResolvers<number | undefined>();
    this.port = promise;
    this.ended = this.#listen(resolve, said);
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

  async #listen(
    found: (port: number | undefined) => void,
    said: (lines: string[]) => void,
  ): Promise<Deno.CommandStatus> {
    let isFirst = true;
    for await (const lines of linesOf(this.#child.stdout)) {
      if (isFirst) found(Number(lines.shift()));
      isFirst = false;
      if (lines.length > 0) said(lines);
    }
    found(undefined);
    return await this.#child.status;
  }
}

/** The whole lines of a stream: as many at a time as have come. */
async function* linesOf(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
): AsyncGenerator<string[]> {
  let rest = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    if (lines.length > 0) yield lines;
  }
}
