/**
 * The programs of examples/later/ as processes of their own.
 *
 * @module
 */

import {
  CLIENT_PERMISSIONS,
  type Outcome,
  PoetryServer,
  projectPath,
  SERVER_PERMISSIONS,
} from "../../support/programs.ts";
import { runExample } from "../run_example.ts";

/** Runs a client of examples/later/, given without its `.ts`. */
export function runLater(
  name: string,
  args: string[],
  permissions = CLIENT_PERMISSIONS,
): Promise<Outcome> {
  return runExample(`later/${name}`, args, { permissions });
}

/** Starts a server of examples/later/, and waits until it listens. */
export async function startLater(
  name: string,
  args: string[],
): Promise<PoetryServer> {
  const file = `examples/later/${name}.ts`;
  const server = new PoetryServer(file, args, SERVER_PERMISSIONS);
  try {
    const [, port] = await server.stdout.waitFor(
      /Serving .* on port (\d+)\.$/m,
    );
    server.port = Number(port);
    return server;
  } catch (error) {
    const { stderr } = await server.outcome();
    throw new Error(`${file} did not start: ${stderr}`, { cause: error });
  }
}

/** Stops a server with Ctrl-C. Returns the lines that it printed after the first. */
export async function printedBy(server: PoetryServer): Promise<string[]> {
  server.kill("SIGINT");
  const { stdout } = await server.outcome();
  return stdout.trimEnd().split("\n").slice(1);
}

/** Sends some bytes, piece by piece, and returns all that comes back until the end. */
export async function ask(port: number, ...pieces: string[]): Promise<string> {
  using connection = await Deno.connect({ hostname: "127.0.0.1", port });
  const writer = connection.writable.getWriter();
  for (const piece of pieces) {
    await writer.write(new TextEncoder().encode(piece));
  }
  let answer = "";
  for await (
    const text of connection.readable.pipeThrough(new TextDecoderStream())
  ) {
    answer += text;
  }
  return answer;
}

/** The text of a poem. */
export function poem(name: string): string {
  return Deno.readTextFileSync(projectPath(`poetry/${name}.txt`));
}
