/**
 * Much data over one connection, in either direction.
 *
 * @module
 */

import { contender, denoProgram, Program } from "./program.ts";
import type { Contender, Scenario } from "./scenario.ts";

const NET = "--allow-net=127.0.0.1";

function flow(
  peer: Program,
  label: string,
  file: string,
  ...args: string[]
): Contender {
  const port = () => [peer.greeting, ...args];
  return contender(label, denoProgram(file, NET), port);
}

const drain = new Program(denoProgram("programs/drain_deno.ts", NET));
const flood = new Program(denoProgram("programs/flood_deno.ts", NET));

/** The scenarios about one connection. */
export const streamScenarios: Scenario[] = [
  {
    name: "1 GiB sent over one connection",
    against: "a Deno.Conn loop",
    unit: "MiB/s",
    shared: [drain],
    ours: flow(drain, "transport.write", "programs/send_deferno.ts"),
    peer: flow(drain, "conn.write", "programs/send_deno.ts"),
    atLeast: 0.9,
    profile:
      "Deno's write is 70 in 100 of the busy time, the library 8: a turn of the loop for each 64 KiB.",
  },
  {
    name: "1 GiB received over one connection",
    against: "a Deno.Conn loop",
    unit: "MiB/s",
    shared: [flood],
    ours: flow(flood, "releasesData", "programs/receive_deferno.ts"),
    peer: flow(flood, "conn.read", "programs/receive_deno.ts"),
    atLeast: 0.95,
    profile:
      "Deno's read is 78 in 100 of the busy time, the library 8: a turn of the loop for each 64 KiB.",
  },
  {
    // Neither reads into the same memory again, which costs a tenth to a third.
    name: "1 GiB received, by a protocol that may keep it",
    against: "a Deno.Conn loop, each read to keep",
    unit: "MiB/s",
    shared: [flood],
    ours: flow(flood, "dataReceived", "programs/receive_deferno.ts", "keep"),
    peer: flow(flood, "conn.read", "programs/receive_deno.ts", "anew"),
    atLeast: 0.9,
    profile:
      "on both sides new memory for each read is 37 in 100 of the busy time, and the collector 10; the library without that is 8.",
  },
];
