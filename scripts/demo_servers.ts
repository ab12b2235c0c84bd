/**
 * The slow servers of the demonstration.
 *
 * @module
 */

import { UsageError } from "../cli/exit.ts";
import type { Children } from "./children.ts";
import { Lane, Race } from "./demo_lanes.ts";

export const ROOT = new URL("../", import.meta.url);

/** Quietly, since the first run of all has something to say about downloads. */
const RUN = ["run", "--quiet"];

/**
 * The poems, and the bytes that are sent at a time: each takes as long as the others, so
 * that the blocking client needs three times as long.
 */
const POEMS = [
  { name: "ecstasy", numBytes: 50 },
  { name: "fascination", numBytes: 10 },
  { name: "science", numBytes: 11 },
];

/** Who reads what a server prints. */
export type Listener = (server: number, line: string) => void;

/**
 * Starts the servers, and gives their ports once they listen.
 *
 * @param seconds between two pieces of a poem
 */
export function startServers(
  children: Children,
  seconds: number,
  listener: Listener = () => {},
): Promise<string[]> {
  const ports = POEMS.map(({ name, numBytes }, i) =>
    startServer(
      children,
      [`--delay=${seconds}`, `--num-bytes=${numBytes}`, fileOf(name)],
      (line) => listener(i, line),
    )
  );
  return Promise.all(ports);
}

/** Makes lanes for the servers, in their order. */
export async function makeRace(seconds: number): Promise<Race> {
  const lanes = [];
  let pieces = 0;
  for (const { name, numBytes } of POEMS) {
    const bytes = await Deno.readFile(new URL(fileOf(name), ROOT));
    lanes.push(new Lane(name, bytes));
    pieces += Math.ceil(bytes.length / numBytes);
  }
  return new Race(lanes, pieces * seconds);
}

function fileOf(poem: string): string {
  return `poetry/${poem}.txt`;
}

function startServer(
  children: Children,
  args: string[],
  listener: (line: string) => void,
): Promise<string> {
  const program = ["--allow-net", "--allow-read", "server/slowpoetry.ts"];
  const child = children.spawn([...RUN, ...program, ...args], {
    cwd: ROOT,
    stdout: "piped",
  });
  return new Promise((resolve, reject) => {
    const silent = new UsageError(`Cannot start a server of ${args.at(-1)}.`);
    eachLine(child.stdout, (line) => {
      const port = /^Serving .* on port (\d+)\.$/.exec(line)?.[1];
      if (port !== undefined) resolve(port);
      listener(line);
    })
      .then(() => children.wait(child))
      .then(() => reject(silent), reject);
  });
}

/** Reads all that a program says, so that it never waits for a reader. */
async function eachLine(
  stdout: ReadableStream<Uint8Array<ArrayBuffer>>,
  listener: (line: string) => void,
): Promise<void> {
  let rest = "";
  for await (const piece of stdout.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + piece).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) listener(line);
  }
}
