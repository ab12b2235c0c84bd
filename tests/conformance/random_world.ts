// What both sides of a random program, and those who watch them, have in
// common.

import type { Reactor } from "../../mod.ts";
import type { Program } from "./random_program.ts";

/** What a program throws, and a promise of it is rejected with. */
export class Thrown extends Error {
  override name = "Thrown";
}

/** How much of the history a report shows. */
const MOST_SHOWN = 60;

/** A run of a program: what has happened in it so far, and went wrong. */
export class World {
  readonly program: Program;
  readonly reactor: Reactor;
  /** What went against the rules. */
  readonly faults: string[] = [];
  /** Grows with all that happens. */
  progress = 0;
  /** How much was put off and is still to come. */
  pending = 0;
  /** How often the program has thrown, or returned a rejected promise. */
  thrown = 0;
  /** How many of these errors were logged. */
  logged = 0;
  /** Whether the program has stopped the reactor. */
  stopped = false;
  /** Whether the program has had its time: nobody reacts any more. */
  finished = false;
  /** Whether `run()` has settled, after which nobody is called any more. */
  ended = false;
  readonly #history: string[] = [];

  constructor(program: Program, reactor: Reactor) {
    this.program = program;
    this.reactor = reactor;
  }

  /** Whether the connection begins with a handshake. */
  get isSecure(): boolean {
    return this.program.carrier.startsWith("TLS");
  }

  /** Writes down what has happened. */
  record(event: string): void {
    this.progress++;
    this.#history.push(event);
    if (this.ended) this.fault(`${event} after run() has settled`);
  }

  /** Writes down what went against the rules. */
  fault(text: string): void {
    this.#history.push(`!!! ${text}`);
    this.faults.push(text);
  }

  /** What has happened, one event a line. */
  history(): string {
    const left = this.#history.length - MOST_SHOWN;
    const shown = this.#history.slice(0, MOST_SHOWN);
    if (left > 0) shown.push(`… and ${left} events more`);
    return shown.map((event) => `  ${event}`).join("\n");
  }
}
