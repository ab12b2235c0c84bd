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
} from "./program.ts";
import type { Contender, Scenario } from "./scenario.ts";

const NET = "--allow-net=127.0.0.1";
const READ = "--allow-read";

/** The server that all clients read. */
const server = new Program(denoProgram("programs/serve_deno.ts", NET, READ));

function client(label: string, command: string[]): Contender {
  return contender(label, command, () => [server.greeting]);
}

/** The client that reads all servers. */
const reader = new Program(pythonProgram("programs/read_poems.py"));

/** A server, measured by how fast it can be read. */
function served(label: string, file: string): Contender {
  const program = new Program(denoProgram(file, NET, READ));
  return {
    label,
    start: () => program.start(),
    run: () => reader.ask(program.greeting),
    end: () => program.end(),
  };
}

/** The scenarios about poems. */
export const poetryScenarios: Scenario[] = [
  {
    name: "10,000 poems fetched, 100 at a time",
    against: "a Deno.connect loop",
    unit: "poems/s",
    shared: [server],
    ours: client(
      "getPoetry of client 4.0",
      denoProgram("programs/fetch_deferno.ts", NET, READ),
    ),
    peer: client(
      "Deno.connect",
      denoProgram("programs/fetch_deno.ts", NET, READ),
    ),
    atLeast: 0.9,
  },
  {
    name: "10,000 poems fetched, 100 at a time",
    against: "a Twisted client",
    unit: "poems/s",
    shared: [server],
    ours: client(
      "getPoetry of client 4.0",
      denoProgram("programs/fetch_deferno.ts", NET, READ),
    ),
    peer: client("Twisted", pythonProgram("programs/fetch_twisted.py")),
    atLeast: 1.3,
    unavailable: () => missingInPython("twisted"),
  },
  {
    name: "10,000 poems served, 100 at a time",
    against: "a Deno.listen loop",
    unit: "poems/s",
    shared: [reader],
    ours: served("listenTCP", "programs/serve_deferno.ts"),
    peer: served("Deno.listen", "programs/serve_deno.ts"),
    atLeast: 0.9,
    // The reader is a Python program because a Deno one takes longer to read a
    // poem than either server to serve it.
    unavailable: () => missingInPython("socket"),
  },
];
