/**
 * One small message at a time over one connection, and the answer.
 *
 * @module
 */

import { contender, denoProgram, Program } from "./program.ts";
import type { Contender, Scenario } from "./scenario.ts";

const NET = "--allow-net=127.0.0.1";

type What = "pings" | "messages";
type Figure = "rate" | "median" | "p99";

const peers: Record<What, Program> = {
  pings: peer("pings"),
  messages: peer("messages"),
};

function peer(what: What): Program {
  return new Program(denoProgram("programs/answer_deno.ts", NET), () => [what]);
}

function side(
  label: string,
  file: string,
  what: What,
  figure: Figure,
): Contender {
  const args = () => [peers[what].greeting, what, figure];
  return contender(label, denoProgram(file, NET), args);
}

function sides(what: What, figure: Figure) {
  return {
    shared: [peers[what]],
    ours: side("Protocol", "programs/round_trips_deferno.ts", what, figure),
    peer: side("conn.read", "programs/round_trips_deno.ts", what, figure),
  };
}

/** The scenarios about round trips. */
export const roundTripScenarios: Scenario[] = [
  {
    name: "ping-pong of 16 bytes",
    against: "a Deno.Conn loop",
    unit: "/s",
    ...sides("pings", "rate"),
    atLeast: 0.95,
    profile:
      "Deno's write is 73 in 100 of the busy time, the library 9: a round trip of 23 µs has a turn of the loop, of two microtasks, that takes 1 to 2.",
  },
  {
    name: "ping-pong of 16 bytes: median round trip",
    against: "a Deno.Conn loop",
    unit: "µs",
    ...sides("pings", "median"),
    atMost: 1.08,
    profile:
      "Deno's write is 73 in 100 of the busy time, the library 9: a round trip of 23 µs has a turn of the loop, of two microtasks, that takes 1 to 2.",
  },
  {
    name: "ping-pong of 16 bytes: 99 in 100 round trips",
    against: "a Deno.Conn loop",
    unit: "µs",
    ...sides("pings", "p99"),
    atMost: 1.1,
  },
  {
    name: "header and body in two writes, and the answer",
    against: "a Deno.Conn loop, both in one write",
    unit: "µs",
    ...sides("messages", "median"),
    atMost: 1.2,
    profile:
      "the library is 18 in 100 of the busy time: two pieces are joined by a copy, and the loop takes a turn. Nobody waits for an acknowledgement, which would take 44,000 µs.",
  },
];
