/**
 * Poetry servers with very many clients, and with more than one process.
 *
 * @module
 */

import { PoetryServer } from "./poetry_server.ts";
import {
  denoProgram,
  missingInPython,
  Program,
  pythonProgram,
} from "./program.ts";
import type { Contender, Scenario } from "./scenario.ts";

const NET = "--allow-net=127.0.0.1";
const READ = "--allow-read";

/** What each side of a connection needs of file descriptors, and then some. */
const DESCRIPTORS = 10_500;

/** How late a timer may be, in milliseconds, with 10,000 clients. */
const LATENESS = 20;

/** A server of slow poems, run anew each time: memory stays taken. */
function slowServer(label: string, file: string, order: string): Contender {
  return { label, run: () => serveSlowly(file, order) };
}

async function serveSlowly(file: string, order: string): Promise<number> {
  const server = new Program(
    denoProgram(`programs/${file}`, NET, READ, "--allow-write=/dev/null"),
  );
  const clients = new Program(
    denoProgram("programs/slow_poems_clients.ts", NET, READ),
    () => [server.greeting],
  );
  try {
    await server.start();
    await clients.start();
    const read = clients.ask();
    if (order === "lateness") await read;
    // Memory is known before the last poem is, and nobody waits for that.
    else read.catch(() => {});
    return await server.ask(order);
  } finally {
    await clients.end();
    await server.end();
  }
}

/** Says so, if a process may not have as many connections as there are clients. */
function missingDescriptors(): string | undefined {
  const { stdout } = new Deno.Command("sh", { args: ["-c", "ulimit -n"] })
    .outputSync();
  const limit = new TextDecoder().decode(stdout).trim();
  if (limit === "unlimited" || Number(limit) >= DESCRIPTORS) return undefined;
  return `ulimit -n is ${limit}: it takes ${DESCRIPTORS}`;
}

/** The client of the server with workers. */
const reader = new Program(pythonProgram("programs/read_poems.py"));

/**
 * A server that has more to do than its client, which takes many pieces at once: with
 * two cores, nothing would be left for a second worker otherwise.
 */
function serverOf(workers: number): Contender {
  const server = new PoetryServer("server/slowpoetry-reactor.ts", [
    "--delay=0",
    "--num-bytes=100",
    `--workers=${workers}`,
  ]);
  return {
    label: `--workers ${workers}`,
    start: () => server.start(),
    run: () => reader.ask(server.port),
    end: () => server.end(),
  };
}

/** The scenarios about servers. */
export const serverScenarios: Scenario[] = [
  {
    name: "10,000 slow poems at a time: lateness of 99 in 100 timers",
    against: "a limit",
    unit: "ms",
    ours: slowServer(
      "slowpoetry-reactor.ts",
      "slow_poems_deferno.ts",
      "lateness",
    ),
    peer: { label: "the limit", run: () => LATENESS },
    atMost: 1,
    unavailable: missingDescriptors,
  },
  {
    name: "10,000 slow poems at a time: memory of a connection",
    against: "a Deno.listen loop, with setTimeout",
    unit: "KiB",
    ours: slowServer(
      "slowpoetry-reactor.ts",
      "slow_poems_deferno.ts",
      "memory",
    ),
    peer: slowServer("Deno.listen", "slow_poems_deno.ts", "memory"),
    atMost: 1.1,
    unavailable: missingDescriptors,
  },
  {
    name: "10,000 poems in 31 pieces, 100 at a time, from --workers 2",
    against: "--workers 1",
    unit: "poems/s",
    shared: [reader],
    ours: serverOf(2),
    peer: serverOf(1),
    atLeast: 1.5,
    profile:
      "the client takes 50 µs of a processor for a poem and a worker 300: on two cores the limit is 1.7, and less where anything else runs. Whole poems (fastpoetry.ts) take 76 µs of a worker and 35 of the client: 1.4 at most.",
    unavailable: () => missingInPython("socket"),
  },
];
