/**
 * A poetry server as its users start it.
 *
 * @module
 */

import { kill, spawn } from "./program.ts";
import type { Resource } from "./scenario.ts";

const FLAGS = [
  "--allow-net",
  "--allow-read",
  "--allow-run",
  "--unstable-net",
];

/** Passes a program's first line on, and throws the others away: there are many. */
const FIRST_LINE = 'exec "$@" > >(head -n 1; exec cat > /dev/null)';

function pathOf(file: string): string {
  return new URL(`../${file}`, import.meta.url).pathname;
}

/** A server of `server/`. */
export class PoetryServer implements Resource {
  /** The port that it listens on, once it does. */
  port = 0;
  readonly #file: string;
  readonly #options: string[];
  #child: Deno.ChildProcess | undefined;

  /**
   * @param file the server's file
   * @param options its options
   */
  constructor(file: string, options: string[]) {
    this.#file = file;
    this.#options = options;
  }

  async start(): Promise<void> {
    const server = [
      ...[Deno.execPath(), "run", "--no-check", ...FLAGS, pathOf(this.#file)],
      ...[...this.#options, pathOf("poetry/ecstasy.txt")],
    ];
    this.#child = spawn("bash", {
      args: ["-c", FIRST_LINE, "bash", ...server],
      stdout: "piped",
    });
    const said = await new Response(this.#child.stdout).text();
    const [, port] = /^Serving .* on port (\d+)/.exec(said) ?? [];
    if (port === undefined) throw new Error(`${this.#file} has ended: ${said}`);
    this.port = Number(port);
  }

  async end(): Promise<void> {
    if (this.#child === undefined) return;
    // Its workers see it end, and do so too.
    kill(this.#child);
    await this.#child.status;
  }
}
