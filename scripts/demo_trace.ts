/**
 * The traces of the clients, one beside the other in one file.
 *
 * @module
 */

import { reasonOf, UsageError } from "../cli/usage_error.ts";
import type { Trace, TraceEvent } from "../mod.ts";

const TRACE_VARIABLE = "POETRY_TRACE";

/** A file in Chrome's trace-event format, in which every client is a process. */
export class TraceFile {
  #path: string;
  #events: object[] = [];
  #processes = 0;
  #arrows = 0;

  /** @throws {UsageError} if the file cannot be written, before anything else happens */
  constructor(path: string) {
    this.#path = path;
    this.#write();
  }

  get path(): string {
    return this.#path;
  }

  /** What has to stand before a client in its command, and in its environment. */
  static recording(
    to: string,
  ): { args: string[]; env: Record<string, string> } {
    return {
      args: [
        `--allow-write=${to}`,
        `--allow-env=${TRACE_VARIABLE}`,
        "--preload=scripts/record.ts",
      ],
      env: { [TRACE_VARIABLE]: to },
    };
  }

  /** Adds what a client has recorded. */
  add(name: string, { traceEvents }: Trace): void {
    const pid = ++this.#processes;
    const args = { name: `client ${name}` };
    const start = { pid, tid: 1, ts: 0, ph: "M" };
    this.#events.push(
      { ...start, name: "process_name", args },
      { ...start, name: "process_sort_index", args: { sort_index: pid } },
    );
    // Arrows are told apart by number in all of the file.
    const arrows = this.#arrows;
    for (const event of traceEvents) {
      const { id } = event;
      this.#events.push(
        id === undefined
          ? { ...event, pid }
          : { ...event, pid, id: id + arrows },
      );
      if (id !== undefined) this.#arrows = Math.max(this.#arrows, id + arrows);
    }
    this.#write();
  }

  #write(): void {
    const lines = this.#events.map((event) => JSON.stringify(event));
    const text = `{"traceEvents":[\n${lines.join(",\n")}\n]}\n`;
    try {
      Deno.writeTextFileSync(this.#path, text);
    } catch (error) {
      throw new UsageError(`Cannot write ${this.#path}: ${reasonOf(error)}.`);
    }
  }
}

/** Parses a trace. */
export function parseTrace(text: string): Trace {
  const trace: { traceEvents: TraceEvent[] } = JSON.parse(text);
  return trace;
}
