/**
 * Messages over one connection: lines, netstrings, and strings behind a length.
 *
 * @module
 */

import { contender, denoProgram, Program } from "./program.ts";
import { LENGTH, MESSAGES } from "./programs/messages.ts";
import type { Contender, Scenario } from "./scenario.ts";

const NET = "--allow-net=127.0.0.1";

function sender(form: string): Program {
  const command = denoProgram("programs/flood_messages_deno.ts", NET);
  return new Program(command, () => [form]);
}

const lines = sender("lines");
const netstrings = sender("netstrings");
const int32 = sender("int32");

function protocol(from: Program, name: string): Contender {
  const command = denoProgram("programs/messages_deferno.ts", NET);
  return contender(name, command, () => [from.greeting, name]);
}

/** The least code that does the same. */
function plain(from: Program, form: string): Contender {
  const command = denoProgram("programs/strings_deno.ts", NET);
  return contender("conn.read", command, () => [from.greeting, form]);
}

function textLineStream(): Contender {
  const command = denoProgram("programs/lines_std.ts", NET);
  return contender("TextLineStream", command, () => [lines.greeting]);
}

function readline(): Contender {
  const { pathname } = new URL("programs/lines_readline.mjs", import.meta.url);
  const args = () => [lines.greeting, MESSAGES, LENGTH];
  return contender("readline", ["node", pathname], args);
}

function missingNode(): string | undefined {
  try {
    new Deno.Command("node", { args: ["--version"], stdout: "null" })
      .outputSync();
  } catch {
    return "there is no node";
  }
}

/** The scenarios about messages. */
export const protocolScenarios: Scenario[] = [
  {
    name: "100-byte lines received",
    against: "TextLineStream",
    unit: "lines/s",
    shared: [lines],
    ours: protocol(lines, "LineReceiver"),
    peer: textLineStream(),
    atLeast: 2.3,
    profile:
      "Deno's read is 60 in 100 of the busy time, the search for the delimiter and the view of a line 19, the collector 7.",
  },
  {
    name: "100-byte lines received as strings",
    against: "TextLineStream",
    unit: "lines/s",
    shared: [lines],
    ours: protocol(lines, "Protocol"),
    peer: textLineStream(),
    atLeast: 2.5,
    profile:
      "Deno's read is 35 in 100 of the busy time, splitting the text and counting 27, decoding 12, the collector 8, the library 2.",
  },
  {
    name: "100-byte lines received",
    against: "readline on a socket, on Node",
    unit: "lines/s",
    shared: [lines],
    ours: protocol(lines, "LineReceiver"),
    peer: readline(),
    atLeast: 2,
    unavailable: missingNode,
  },
  {
    name: "100-byte netstrings received",
    against: "a Deno.Conn loop",
    unit: "strings/s",
    shared: [netstrings],
    ours: protocol(netstrings, "NetstringReceiver"),
    peer: plain(netstrings, "netstrings"),
    atLeast: 1,
  },
  {
    name: "100-byte Int32 strings received",
    against: "a Deno.Conn loop",
    unit: "strings/s",
    shared: [int32],
    ours: protocol(int32, "Int32StringReceiver"),
    peer: plain(int32, "int32"),
    atLeast: 1,
  },
];
