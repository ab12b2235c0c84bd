// The project's programs as processes of their own, run the way a user runs
// them.

/** The permissions that a user gives a client. */
export const CLIENT_PERMISSIONS = ["--allow-net"];

/** The permissions that a user gives a server. */
export const SERVER_PERMISSIONS = ["--allow-net", "--allow-read"];

/** The path of a file of the project: `projectPath("poetry/science.txt")`. */
export function projectPath(path: string): string {
  return decodeURIComponent(new URL(`../../${path}`, import.meta.url).pathname);
}

/** What a program printed, as it comes. */
export class Printed {
  /** All of it so far. */
  text = "";
  /** Settles when the program can print no more. */
  readonly ended: Promise<void>;
  #hasEnded = false;
  #changed = Promise.withResolvers<void>();
  readonly #closing = new AbortController();

  /** Begins to collect. */
  constructor(stream: ReadableStream<Uint8Array<ArrayBuffer>>) {
    this.ended = this.#collect(stream);
  }

  /** Reads nothing more: the program prints for nobody from now on. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.ended;
  }

  /** Waits until `pattern` can be found in it. Throws where it cannot be any more. */
  async waitFor(pattern: RegExp): Promise<RegExpExecArray> {
    while (true) {
      const match = pattern.exec(this.text);
      if (match !== null) return match;
      if (this.#hasEnded) {
        throw new Error(`Nothing like ${pattern} was printed: ${this.text}`);
      }
      await this.#changed.promise;
    }
  }

  async #collect(stream: ReadableStream<Uint8Array<ArrayBuffer>>) {
    const { signal } = this.#closing;
    const texts = stream.pipeThrough(new TextDecoderStream(), { signal });
    try {
      for await (const text of texts) {
        this.text += text;
        this.#change();
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    }
    this.#hasEnded = true;
    this.#change();
  }

  #change() {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers<void>();
  }
}

/** What is left of a program that has ended. */
export interface Outcome {
  /** Its exit status. */
  code: number;
  /** The signal that ended it, if one did. */
  signal: Deno.Signal | null;
  /** What it printed. */
  stdout: string;
  /** What it complained about. */
  stderr: string;
}

/** What a program may use of the system. */
export interface Limits {
  /** How many files and sockets it may have open. Needs a shell. */
  descriptors?: number;
}

/** The command that runs another one within limits. */
function limited(
  command: string[],
  { descriptors }: Limits,
): [command: string, ...args: string[]] {
  const [first = "", ...others] = command;
  if (descriptors === undefined) return [first, ...others];
  return [
    "sh",
    "-c",
    `ulimit -n ${descriptors} && exec "$@"`,
    "sh",
    ...command,
  ];
}

/** A running program. Disposing of it ends it. */
export class Program implements AsyncDisposable {
  /** What it has printed. */
  readonly stdout: Printed;
  /** What it has complained about. */
  readonly stderr: Printed;
  #child: Deno.ChildProcess;

  /** Starts `deno run`, with a file of the project. */
  constructor(
    file: string,
    args: string[],
    permissions: string[],
    limits: Limits = {},
  ) {
    const run = [Deno.execPath(), "run", ...permissions, projectPath(file)];
    const [command, ...rest] = limited([...run, ...args], limits);
    this.#child = new Deno.Command(command, {
      args: rest,
      cwd: projectPath(""),
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.stdout = new Printed(this.#child.stdout);
    this.stderr = new Printed(this.#child.stderr);
  }

  /** The number of its process. */
  get pid(): number {
    return this.#child.pid;
  }

  /** Sends it a signal: `SIGINT` is what Ctrl-C sends. */
  kill(signal: Deno.Signal): void {
    this.#child.kill(signal);
  }

  /** Waits until it has ended by itself. */
  async outcome(): Promise<Outcome> {
    const { code, signal } = await this.#child.status;
    await Promise.all([this.stdout.ended, this.stderr.ended]);
    return { code, signal, stdout: this.stdout.text, stderr: this.stderr.text };
  }

  /** Ends it. */
  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.#child.kill("SIGKILL");
    } catch {
      // It had ended before.
    }
    await this.outcome();
  }
}

/** Runs a client, given as `2.1` or `blocking`, until it ends. */
export async function runClient(
  version: string,
  args: string[],
  permissions: string[] = CLIENT_PERMISSIONS,
): Promise<Outcome> {
  await using client = startClient(version, args, permissions);
  return await client.outcome();
}

/** Starts a client, given as `2.1` or `blocking`. */
export function startClient(
  version: string,
  args: string[],
  permissions: string[] = CLIENT_PERMISSIONS,
): Program {
  return new Program(`clients/get-poetry-${version}.ts`, args, permissions);
}

/** A poetry server, as a program that has begun to listen. */
export class PoetryServer extends Program {
  /** The port it listens on. */
  port = 0;

  /** Where clients find it. */
  get address(): string {
    return `127.0.0.1:${this.port}`;
  }
}

/** What `deno run` is told for a server. */
export interface ServerOptions {
  /**
   * The options of the server.
   *
   * @default {[]}
   */
  options?: string[];
  /** @default {SERVER_PERMISSIONS} */
  permissions?: string[];
}

/** Starts a server of the project's, and waits until it listens. */
export async function startPoetryServer(
  file: string,
  poem: string,
  { options = [], permissions = SERVER_PERMISSIONS }: ServerOptions = {},
): Promise<PoetryServer> {
  const server = new PoetryServer(file, [...options, poem], permissions);
  try {
    const [, port] = await server.stdout.waitFor(
      /^Serving .* on (?:port (\d+)|\S+)(?: with \d+ workers)?\.$/m,
    );
    server.port = Number(port);
    return server;
  } catch (error) {
    const { stderr } = await server.outcome();
    throw new Error(`${file} did not start: ${stderr}`, { cause: error });
  }
}

/**
 * Starts a slow server and waits until it listens.
 *
 * ```ts ignore
 * await using server = await startSlowServer("poetry/science.txt", ["--num-bytes", "100"]);
 * ```
 */
export function startSlowServer(
  poem = "poetry/science.txt",
  options: string[] = ["--delay", "0", "--num-bytes", "100"],
): Promise<PoetryServer> {
  return startPoetryServer("server/slowpoetry.ts", poem, { options });
}
