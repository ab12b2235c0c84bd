// Clients that read poems, and servers for them, for the tests of servers.

import { Clock, type Protocol } from "../../mod.ts";
import {
  AccumulatingProtocol,
  connectProtocols,
  type IOPump,
} from "../../testing.ts";
import { projectPath } from "../support/programs.ts";

/** A clock, and a log for the factories of tests. */
export function makeNotes(): { clock: Clock; logged: string[]; log: Log } {
  const logged: string[] = [];
  return { clock: new Clock(), logged, log: (line) => logged.push(line) };
}

type Log = (line: string) => void;

/** The bytes of a text. */
export function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** The text of bytes. */
export function text(data: Uint8Array): string {
  return new TextDecoder().decode(data);
}

/** A client that keeps its connection when the server has sent everything. */
export class PatientReader extends AccumulatingProtocol {
  /** Whether it has seen the end of the poem. */
  hasAll = false;

  readConnectionLost(): void {
    this.hasAll = true;
  }
}

/** Connects a client to a protocol that a factory has built. */
export function readFrom<C extends Protocol>(
  client: C,
  built: Protocol | null | undefined,
): IOPump<C, Protocol> {
  if (!built) throw new Error("The factory has built nothing");
  return connectProtocols(client, built);
}

/** Reads a poem from a server in a process of its own, to the end. */
export async function readPoem(
  port: number,
  hostname = "127.0.0.1",
): Promise<Uint8Array> {
  using connection = await Deno.connect({ hostname, port });
  return await new Response(connection.readable).bytes();
}

/** The bytes of a poem of the project's. */
export function poemBytes(name: string): Promise<Uint8Array> {
  return Deno.readFile(projectPath(`poetry/${name}.txt`));
}

/**
 * Finds so many lines with a word in them, be there others between or not. Each line is
 * one or the other, so that it takes no time to see that there are not so many yet.
 */
export function linesWith(word: string, count: number): RegExp {
  return RegExp(`(?:(?:(?!.*${word}).*\\n)*.*${word}.*\\n){${count}}`);
}
