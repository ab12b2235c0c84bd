/**
 * The demonstration, `deno task poetry`: it starts three slow poetry servers, and
 * the clients read them.
 *
 * @module
 */

import {
  helpText,
  type Option,
  parseCommandLine,
} from "../cli/command_line.ts";
import { exitOnUsageError, UsageError } from "../cli/usage_error.ts";
import { delay } from "../cli/options.ts";
import {
  BROKEN_PIPE,
  endWithOutput,
  outputStatus,
  watchOutput,
} from "../cli/output.ts";
import { Children } from "./children.ts";
import { type Client, findClient, SHOWN } from "./demo_clients.ts";

const USAGE = "Usage: deno task poetry [options]";
const ABOUT = `
Starts three slow poetry servers, has the clients read them, and ends. It shows
the blocking client, the asynchronous one and 5.0, or the one you name.
`;

const ROOT = new URL("../", import.meta.url);

/** Quietly, since the first run of all has something to say about downloads. */
const RUN = ["run", "--quiet"];

/** The long poem goes in larger pieces, so that it isn't all one waits for. */
const SERVERS = [
  ["--num-bytes=30", "poetry/ecstasy.txt"],
  ["poetry/fascination.txt"],
  ["poetry/science.txt"],
];

const OPTIONS = {
  client: {
    placeholder: "NAME",
    help: "The client to run: blocking, async, 1.0, … 5.1.",
    default: SHOWN,
    parse: (text) => [findClient(text)],
  } satisfies Option<Client[]>,
  delay: {
    ...delay,
    help: "The time between two pieces of a poem. Default: 0.08.",
    // A little faster than the servers are by themselves: three clients in a row
    // take half a minute with it.
    default: 0.08,
  } satisfies Option<number>,
};

/** What ends the demonstration early, and the exit status that tells of it. */
const SIGNALS: [Deno.Signal, number][] = Deno.build.os === "windows"
  ? [["SIGINT", 130]]
  : [["SIGINT", 130], ["SIGTERM", 143], ["SIGHUP", 129]];

function readArguments(): { clients: Client[]; delay: number } {
  const { help, values, operands } = parseCommandLine(Deno.args, OPTIONS);
  if (help) {
    console.log(helpText(USAGE, ABOUT, OPTIONS));
    Deno.exit(0);
  }
  if (operands.length > 0) {
    throw new UsageError(`Clients are named with --client: ${operands[0]}.`);
  }
  return { clients: values.client, delay: values.delay };
}

/** Starts a server, and gives its port once it listens. */
function startServer(children: Children, args: string[]): Promise<string> {
  const program = ["--allow-net", "--allow-read", "server/slowpoetry.ts"];
  const child = children.spawn([...RUN, ...program, ...args], {
    cwd: ROOT,
    stdout: "piped",
  });
  return new Promise((resolve, reject) => {
    const silent = new UsageError(`Cannot start a server of ${args.at(-1)}.`);
    listenTo(child.stdout, resolve)
      .then(() => children.wait(child))
      .then(() => reject(silent), reject);
  });
}

/** Reads all that a server says, so that it never waits for a reader. */
async function listenTo(
  stdout: ReadableStream<Uint8Array<ArrayBuffer>>,
  found: (port: string) => void,
): Promise<void> {
  let said: string | undefined = "";
  for await (const piece of stdout.pipeThrough(new TextDecoderStream())) {
    if (said === undefined) continue;
    said += piece;
    const port = /^Serving .* on port (\d+)\.$/m.exec(said)?.[1];
    if (port === undefined) continue;
    found(port);
    said = undefined;
  }
}

/** Runs a client to its end, and gives its exit status. */
async function runClient(
  children: Children,
  { name, file, about, prefix = "" }: Client,
  ports: string[],
): Promise<number> {
  const servers = ports.map((port) => prefix + port);
  const args = ["run", "--allow-net", file, ...servers];
  console.log(
    `\n──── Client ${name} ────\n${about}\n\n$ deno ${args.join(" ")}`,
  );
  return await children.wait(children.spawn(args, { cwd: ROOT }));
}

/** Shows the clients, and gives the exit status of the whole. */
async function demonstrate(
  children: Children,
  clients: Client[],
  delay: number,
): Promise<number> {
  console.log("Starting three slow poetry servers …");
  const ports = await Promise.all(
    SERVERS.map((args) => startServer(children, [`--delay=${delay}`, ...args])),
  );
  const times: string[] = [];
  let failures = 0;
  for (const client of clients) {
    const started = performance.now();
    const status = await runClient(children, client, ports);
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    times.push(`${client.name} ${seconds} s`);
    if (status === BROKEN_PIPE) return status;
    if (status === 0 || (status === 1 && client.mayFail)) continue;
    console.error(`Client ${client.name} ended with status ${status}.`);
    failures++;
  }
  console.log(`\nThree poems from three servers: ${times.join(", ")}.`);
  return failures === 0 ? 0 : 1;
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
  const { clients, delay } = exitOnUsageError(readArguments, USAGE);
  // Before there is a child that a signal would leave behind.
  const interrupted = interruption();
  const children = new Children();
  const shown = demonstrate(children, clients, delay);
  let status = 1;
  try {
    status = await Promise.race([interrupted, shown]);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(`error: ${error.message}`);
  } finally {
    await children.end();
  }
  Deno.exit(status);
}

await main();
