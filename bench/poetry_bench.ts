/**
 * Poems: many short connections, as a client and as a server.
 *
 * @module
 */

import {
  contender,
  denoProgram,
  missingInPython,
  Program,
  pythonProgram,
  served,
} from "./program.ts";
import type { Contender, Scenario } from "./scenario.ts";

const NET = "--allow-net=127.0.0.1";
const READ = "--allow-read";

/** The server that all clients read. */
const server = new Program(denoProgram("programs/serve_deno.ts", NET, READ));

function client(label: string, file: string, ...args: string[]): Contender {
  const command = denoProgram(`programs/${file}`, NET, READ);
  return contender(label, command, () => [server.greeting, ...args]);
}

/** The client that reads all servers. */
const reader = new Program(pythonProgram("programs/read_poems.py"));

/** What the profiles of both clients say. */
const FETCHED =
  "Deno's own connect, close and read are 70 in 100 of the busy time. The library is 13, the collector 4: a connector with its time limit, a connection and a protocol for each poem.";

/** The scenarios about poems. */
export const poetryScenarios: Scenario[] = [
  {
    name: "10,000 poems fetched, 100 at a time",
    against: "a Deno.connect loop",
    unit: "poems/s",
    shared: [server],
    ours: client("getPoetry of client 4.0", "fetch_deferno.ts"),
    peer: client("Deno.connect", "fetch_deno.ts"),
    atLeast: 0.93,
    profile: FETCHED,
  },
  {
    name: "10,000 poems fetched and only counted",
    against: "a Deno.connect loop",
    unit: "poems/s",
    shared: [server],
    ours: client("Protocol", "fetch_deferno.ts", "count"),
    peer: client("Deno.connect", "fetch_deno.ts", "count"),
    atLeast: 0.92,
    profile: FETCHED,
  },
  {
    name: "10,000 poems fetched, 100 at a time",
    against: "a Twisted client",
    unit: "poems/s",
    shared: [server],
    ours: client("getPoetry of client 4.0", "fetch_deferno.ts"),
    peer: contender(
      "Twisted",
      pythonProgram("programs/fetch_twisted.py"),
      () => [server.greeting],
    ),
    atLeast: 1.3,
    unavailable: () => missingInPython("twisted"),
  },
  {
    name: "10,000 poems served, 100 at a time",
    against: "a Deno.listen loop",
    unit: "poems/s",
    shared: [reader],
    ours: served(
      reader,
      "listenTCP without a backlog given",
      denoProgram("programs/serve_deferno.ts", NET, READ),
    ),
    peer: served(
      reader,
      "Deno.listen",
      denoProgram("programs/serve_deno.ts", NET, READ),
    ),
    atLeast: 0.97,
    profile:
      "it waits for clients in 28 in 100 of the time. Of the rest Deno's accept and close are 66 in 100, the library 13, the collector 3.",
    // The reader is a Python program because a Deno one takes longer to read a
    // poem than either server to serve it.
    unavailable: () => missingInPython("socket"),
  },
];
