/**
 * Part 2, exercise 1: how long the blocking and the asynchronous client take, with servers
 * of different number and slowness. One of them takes the sum of its servers' times, the
 * other the longest of them.
 *
 *     deno run --allow-run examples/exercises/part-2-1.ts
 *     deno run --allow-run examples/exercises/part-2-1.ts --delay 0.02
 *
 * @module
 */

import {
  helpText,
  parseCommandLine,
  programName,
} from "../../cli/command_line.ts";
import {
  exitOnUsageError,
  outputStatus,
  UsageError,
  watchOutput,
} from "../../cli/exit.ts";
import { delay } from "../../cli/options.ts";

const ABOUT = `
Starts servers, has both clients read them, and prints a table of the times.
`;

const ROOT = new URL("../../", import.meta.url);
const POEM = "poetry/science.txt";

/** How many bytes the servers send at a time, in each experiment. */
const EXPERIMENTS: [name: string, numBytes: number[]][] = [
  ["one server", [100]],
  ["two alike", [100, 100]],
  ["three alike", [100, 100, 100]],
  ["one slow, two quick", [50, 200, 200]],
  ["three quick", [300, 300, 300]],
];

const CLIENTS = ["blocking", "async"];

/** Servers and clients that run now: Ctrl-C is to leave none behind. */
const running = new Set<Deno.ChildProcess>();

function start(args: string[]): Deno.ChildProcess {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--allow-net", ...args],
    cwd: ROOT,
    stdin: "null",
    stdout: "piped",
  }).spawn();
  running.add(child);
  return child;
}

async function end(child: Deno.ChildProcess) {
  running.delete(child);
  try {
    child.kill("SIGKILL");
  } catch {
    // It has ended by itself.
  }
  await child.status;
}

/** A server that listens. */
interface Server {
  child: Deno.ChildProcess;
  port: string;
}

async function startServer(numBytes: number, delay: number): Promise<Server> {
  const options = [`--num-bytes=${numBytes}`, `--delay=${delay}`];
  const server = "server/slowpoetry.ts";
  const child = start([`--allow-read=${POEM}`, server, ...options, POEM]);
  const port = Promise.withResolvers<string>();
  readText(child, (text) => {
    const [, found] = /^Serving .* on port (\d+)\.$/m.exec(text) ?? [];
    if (found !== undefined) port.resolve(found);
  }).then(() => port.reject(new Error("A server ended before its time")));
  return { child, port: await port.promise };
}

/** Runs a client, and gives the time that it says it took, in seconds. */
async function time(client: string, ports: string[]): Promise<string> {
  const child = start([`clients/get-poetry-${client}.ts`, ...ports]);
  const text = await readText(child);
  await end(child);
  const [, poems, minutes, seconds] =
    /^Got (\d+) poems in 0:(\d\d):(\d\d\.\d+)$/m.exec(text) ?? [];
  if (Number(poems) !== ports.length) {
    throw new Error(`The ${client} client did not get its poems:\n${text}`);
  }
  return `${(Number(minutes) * 60 + Number(seconds)).toFixed(2)} s`;
}

/** All that a program prints; `look` is shown what there is so far. */
async function readText(
  child: Deno.ChildProcess,
  look: (text: string) => void = () => {},
): Promise<string> {
  let text = "";
  for await (const piece of child.stdout.pipeThrough(new TextDecoderStream())) {
    text += piece;
    look(text);
  }
  return text;
}

/** Runs both clients against one set of servers, and gives a row of the table. */
async function experiment(
  name: string,
  numBytes: number[],
  delay: number,
): Promise<string> {
  const servers = await Promise.all(
    numBytes.map((count) => startServer(count, delay)),
  );
  const ports = servers.map(({ port }) => port);
  const times: string[] = [];
  for (const client of CLIENTS) times.push(await time(client, ports));
  await Promise.all(servers.map(({ child }) => end(child)));
  return row(name, times);
}

function row(name: string, cells: string[]): string {
  return name.padEnd(20) + cells.map((cell) => cell.padStart(10)).join("");
}

function readDelay(): number {
  const usage = `Usage: ${programName()} [--delay SECONDS]`;
  return exitOnUsageError(() => {
    const { help, values, operands } = parseCommandLine(Deno.args, { delay });
    if (help) {
      console.log(helpText(usage, ABOUT, { delay }));
      Deno.exit(0);
    }
    if (operands.length > 0) {
      throw new UsageError(`No argument is needed: this is ${operands[0]}.`);
    }
    const { state } = Deno.permissions.querySync({
      name: "run",
      command: Deno.execPath(),
    });
    if (state !== "granted") {
      throw new UsageError(
        "No permission to run deno: deno run needs --allow-run.",
      );
    }
    return values.delay;
  }, usage);
}

/** Leaves no child behind. */
function exit(status: number): never {
  for (const child of running) child.kill("SIGKILL");
  Deno.exit(status);
}

async function main() {
  watchOutput((error) => exit(outputStatus(error)));
  const delay = readDelay();
  Deno.addSignalListener("SIGINT", () => exit(130));
  console.log(row("", CLIENTS));
  for (const [name, numBytes] of EXPERIMENTS) {
    console.log(await experiment(name, numBytes, delay));
  }
  // The listener for Ctrl-C would keep the program alive.
  Deno.exit();
}

await main();
