/**
 * What `deno task bench:node` measures.
 *
 * @module
 */

import { holder } from "./memory_bench.ts";
import {
  contender,
  missingInPython,
  Program,
  pythonProgram,
  served,
} from "./program.ts";
import type { Contender, Scenario } from "./scenario.ts";

const PLAIN = "bench/node_plain.ts";
const PROMISES = "bench/programs/defer_promise.ts";

/** The programs of this library: the same as on Deno. */
const JOBS = ["fetch", "serve", "send", "receive", "hold", "defer"];

function sourceOf(job: string): string {
  return `bench/programs/${job}_deferno.ts`;
}

/** All programs that are measured, from the project's folder. */
export const PROGRAMS: string[] = [PLAIN, ...JOBS.map(sourceOf), PROMISES];

/** The name of a program's file, without its extension. */
export function nameOf(source: string): string {
  return source.replace(/^.*\//, "").replace(/\.ts$/, "");
}

/** @param folder where the programs are, made into JavaScript */
export function nodeScenarios(folder: string): Scenario[] {
  const program = (source: string, ...args: string[]) => [
    "node",
    `${folder}/${nameOf(source)}.mjs`,
    ...args,
  ];
  const plain = (job: string) => program(PLAIN, job);
  const ours = (job: string) => program(sourceOf(job));
  const server = new Program(plain("serve"));
  const drain = new Program(plain("drain"));
  const flood = new Program(plain("flood"));
  const reader = new Program(pythonProgram("programs/read_poems.py"));
  return [
    {
      name: "10,000 poems fetched, 100 at a time",
      against: "node:net",
      unit: "poems/s",
      shared: [server],
      ours: against(server, "getPoetry of client 4.0", ours("fetch")),
      peer: against(server, "net.connect", plain("fetch")),
      atLeast: 0.95,
      profile:
        "the library is 17 in 100 of the busy time, the collector 8: a connector with its time limit, a connection, a protocol and a stream for each poem. Node's own connect and close are a third. The local address, asked for at once because it is known after the end as well, takes 2.",
    },
    {
      name: "10,000 poems served, 100 at a time",
      against: "node:net",
      unit: "poems/s",
      shared: [reader],
      ours: served(reader, "listenTCP", ours("serve")),
      peer: served(reader, "net.createServer", plain("serve")),
      atLeast: 0.95,
      profile:
        "Node's own sockets, write and close are 41 in 100 of the busy time, the library 12, the peer's address 4.",
      unavailable: () => missingInPython("socket"),
    },
    {
      name: "1 GiB sent over one connection",
      against: "node:net",
      unit: "MiB/s",
      shared: [drain],
      ours: against(drain, "transport.write", ours("send")),
      peer: against(drain, "socket.write", plain("send")),
      atLeast: 0.95,
      profile:
        "Node's write is 47 in 100 of the busy time, the library 13: a turn of the loop for each 64 KiB, where plain node:net writes again in the same one.",
    },
    {
      name: "1 GiB received over one connection",
      against: "node:net",
      unit: "MiB/s",
      shared: [flood],
      ours: against(flood, "dataReceived", ours("receive")),
      peer: against(flood, `on("data")`, plain("receive")),
      atLeast: 0.95,
      profile:
        "both sides wait in 80 in 100 of the time. Node is told to stop at each chunk, and to go on in its next turn: only then does it tell a connection that broke behind the chunk from one that ended.",
    },
    {
      name: "10,000 idle connections held",
      against: "node:net",
      unit: "MiB",
      ours: holder("listenTCP", ours("hold"), plain("connect")),
      peer: holder("net.createServer", plain("hold"), plain("connect")),
      atMost: 1.18,
      profile:
        "a connection, its stream, its registration with the loop and its protocol take 2 KiB.",
    },
    {
      name: "a Deferred, the same callback 3 times, fired",
      against: "a promise with 3 thens, settled",
      unit: "chains/s",
      ours: contender("Deferred", [...ours("defer"), "same"]),
      peer: contender("promise", program(PROMISES, "same")),
      atLeast: 8,
    },
  ];
}

/** A contender that does its job with the one who listens on another port. */
function against(peer: Program, label: string, command: string[]): Contender {
  return contender(label, command, () => [peer.greeting]);
}
