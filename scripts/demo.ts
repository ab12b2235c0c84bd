/**
 * The demonstration, `deno task poetry`: it starts three slow poetry servers, and
 * the clients read them. On a terminal the poems are drawn as they come; anywhere else
 * it prints what the clients print.
 *
 * @module
 */

import {
  helpText,
  type Option,
  parseCommandLine,
} from "../cli/command_line.ts";
import {
  BROKEN_PIPE,
  endWithOutput,
  exitOnUsageError,
  outputStatus,
  UsageError,
  watchOutput,
} from "../cli/exit.ts";
import { delay } from "../cli/options.ts";
import { Children } from "./children.ts";
import { type Client, findClient, SHOWN } from "./demo_clients.ts";
import { drawFrame, paint, type Scene, seconds } from "./demo_frame.ts";
import { JobControl } from "./demo_job_control.ts";
import { Screen } from "./demo_screen.ts";
import { makeRace, ROOT, startServers } from "./demo_servers.ts";
import { drawTable, type Result } from "./demo_table.ts";
import { TraceFile } from "./demo_trace.ts";

const USAGE = "Usage: deno task poetry [options]";
const ABOUT = `
Starts three slow poetry servers, has the clients read them, and ends. It shows
the blocking client, the asynchronous one and 5.0, or the one you name. On a
terminal it draws the poems as they come; add "| cat" for what clients print.
`;

const STARTING = "Starting three slow poetry servers …";

/** Frames are so many milliseconds apart. */
const FRAME = 50;

/** How long the last frame of a client stays, in pieces of a poem. */
const PIECES_TO_LOOK = 30;

/** Servers that have sent nothing for so long have nobody who reads them. */
const PIECES_TO_BE_QUIET = 20;

const BY_CHANCE = " A transform has failed, which it does by chance.";

const OPTIONS = {
  client: {
    placeholder: "NAME",
    help: "The client to run: blocking, async, 1.0, … 5.1.",
    default: SHOWN,
    parse: (text) => [findClient(text)],
  } satisfies Option<Client[]>,
  delay: {
    ...delay,
    help: "The time between two pieces of a poem. Default: 0.06.",
    // A little faster than the servers are by themselves: the blocking client takes
    // eleven seconds with it.
    default: 0.06,
  } satisfies Option<number>,
  record: {
    placeholder: "FILE",
    help: "Write what the clients did, for Perfetto to open.",
    default: undefined,
    parse: (path) => new TraceFile(path),
  } satisfies Option<TraceFile | undefined>,
};

/** What ends the demonstration early, and the exit status that tells of it. */
const SIGNALS: [Deno.Signal, number][] = Deno.build.os === "windows"
  ? [["SIGINT", 130]]
  : [["SIGINT", 130], ["SIGTERM", 143], ["SIGHUP", 129]];

/** What the command line asks for. */
interface Settings {
  clients: Client[];
  delay: number;
  record: TraceFile | undefined;
}

function readArguments(): Settings {
  const { help, values, operands } = parseCommandLine(Deno.args, OPTIONS);
  if (help) {
    console.log(helpText(USAGE, ABOUT, OPTIONS));
    Deno.exit(0);
  }
  if (operands.length > 0) {
    throw new UsageError(`Clients are named with --client: ${operands[0]}.`);
  }
  const { client: clients, delay, record } = values;
  return { clients, delay, record };
}

/** A client on its way to its end. */
class ClientRun {
  readonly client: Client;
  /** What somebody can paste. */
  readonly command: string[];
  #args: string[];

  constructor(client: Client, ports: string[]) {
    const { file, prefix = "" } = client;
    this.client = client;
    this.#args = [file, ...ports.map((port) => prefix + port)];
    this.command = [...deno(), "run", "--allow-net", ...this.#args];
  }

  /**
   * Runs it, and gives its exit status.
   *
   * @param isShown whether it prints, or what it complains of is given
   */
  async run(
    children: Children,
    isShown: boolean,
    record: TraceFile | undefined,
  ): Promise<{ status: number; complaints: string }> {
    const recording = record?.recordingArgs ?? [];
    const child = children.spawn(
      ["run", "--quiet", "--allow-net", ...recording, ...this.#args],
      {
        cwd: ROOT,
        env: record?.environment ?? {},
        stdout: isShown ? "inherit" : "null",
        stderr: isShown ? "inherit" : "piped",
      },
    );
    const complaints = isShown ? "" : new Response(child.stderr).text();
    const status = await children.wait(child);
    record?.addPart(this.client.name);
    return { status, complaints: await complaints };
  }

  /** Whether a client has ended as it should; else says so. */
  judge(status: number, complaints = ""): boolean {
    const { name, mayFail } = this.client;
    if (status === 0 || (status === 1 && mayFail)) return true;
    console.error(`${complaints}Client ${name} ended with status ${status}.`);
    return false;
  }
}

/** How deno is called in a terminal: npm has it on the PATH of this program alone. */
function deno(): string[] {
  return Deno.env.get("npm_command")
    ? ["npx", "-y", `deno@${Deno.version.deno}`]
    : ["deno"];
}

/** What the demonstration runs with. */
interface Means {
  children: Children;
  screen: Screen;
  /** In seconds; stands still while the demonstration is stopped. */
  now: () => number;
}

/** Has the clients print, and gives the exit status of the whole. */
async function print(
  { children, now }: Means,
  { clients, delay, record }: Settings,
): Promise<number> {
  console.log(STARTING);
  const ports = await startServers(children, delay);
  const times: string[] = [];
  let failures = 0;
  for (const client of clients) {
    const run = new ClientRun(client, ports);
    console.log(
      `\n──── Client ${client.name} ────\n${client.about}\n\n$ ${
        run.command.join(" ")
      }`,
    );
    const started = now();
    const { status } = await run.run(children, true, record);
    times.push(`${client.name} ${seconds(now() - started)}`);
    if (status === BROKEN_PIPE) return status;
    if (!run.judge(status)) failures++;
  }
  console.log(`\nThree poems from three servers: ${times.join(", ")}.`);
  if (record) console.log(advice(record));
  return failures === 0 ? 0 : 1;
}

/** Draws the poems as they come, and gives the exit status of the whole. */
async function draw(
  { children, screen, now }: Means,
  { clients, delay, record }: Settings,
): Promise<number> {
  const results: Result[] = [];
  let scene: Scene | undefined;
  let complaint = () => true;
  let heard = 0;
  const drawScene = () =>
    screen.draw((size) =>
      scene ? drawFrame(scene, size, now(), paint) : [STARTING]
    );
  screen.enter();
  const frames = setInterval(drawScene, FRAME);
  try {
    for (const [i, client] of clients.entries()) {
      const race = await makeRace(delay);
      // Of its own, so that one from another terminal comes behind it, and not between.
      const ports = await startServers(
        children,
        delay,
        (server, line) => {
          heard = now();
          race.lanes[server]?.hear(line, heard);
        },
      );
      const run = new ClientRun(client, ports);
      const position = clients.length > 1
        ? ` (${i + 1} of ${clients.length})`
        : "";
      scene = { client, command: run.command, position, race, note: "" };
      const { status, complaints } = await run.run(children, false, record);
      race.end(now());
      results.push({ client, race });
      scene.note = `Three poems in ${seconds(race.elapsed())}.`;
      if (status === 1 && client.mayFail) scene.note += BY_CHANCE;
      complaint = () => run.judge(status, complaints);
      if (status !== 0 && !(status === 1 && client.mayFail)) break;
      await sleep(PIECES_TO_LOOK * delay);
    }
    // Whoever has pasted a command may not have all of its poems.
    const quiet = Math.min(1, PIECES_TO_BE_QUIET * delay);
    while (now() - heard < quiet) await sleep(quiet);
  } finally {
    clearInterval(frames);
  }
  drawScene();
  screen.leave();
  const { columns } = Deno.consoleSize();
  console.log(drawTable(results, columns, paint).join("\n"));
  if (record) console.log(advice(record));
  return complaint() ? 0 : 1;
}

function sleep(seconds: number): Promise<void> {
  return new Promise((done) => setTimeout(done, seconds * 1000));
}

function advice({ path }: TraceFile): string {
  return `\nWhat they did is in ${path}: open it at ui.perfetto.dev.`;
}

/**
 * Waits for a signal, or for the end of whoever reads what is printed, and gives the exit
 * status that belongs to it.
 */
function interruption(): Promise<number> {
  return new Promise((resolve) => {
    watchOutput((error) => resolve(outputStatus(error)));
    for (const [signal, status] of SIGNALS) {
      Deno.addSignalListener(signal, () => resolve(status));
    }
  });
}

async function main(): Promise<void> {
  endWithOutput();
  const settings = exitOnUsageError(readArguments, USAGE);
  // Before there is a child that a signal would leave behind.
  const interrupted = interruption();
  const children = new Children();
  const screen = new Screen();
  const jobControl = new JobControl(screen);
  const now = () => performance.now() / 1000 - jobControl.secondsStopped;
  const means = { children, screen, now };
  const hasPoems = !settings.clients.some(({ printsStack }) => printsStack);
  const shown = Screen.isAvailable() && hasPoems
    ? draw(means, settings)
    : print(means, settings);
  let status = 1;
  try {
    status = await Promise.race([interrupted, shown]);
  } catch (error) {
    screen.leave();
    if (!(error instanceof UsageError)) throw error;
    console.error(`error: ${error.message}`);
  } finally {
    jobControl.end();
    // First, since npm's runner is gone before the children are.
    screen.leave();
    await children.end();
  }
  // At its exit Deno sets the terminal's modes, for which the system would stop it here.
  if (screen.isSuspended) Deno.kill(Deno.pid, "SIGKILL");
  Deno.exit(status);
}

await main();
