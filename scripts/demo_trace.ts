/**
 * The traces of the clients, one beside the other in one file.
 *
 * @module
 */

import { reasonOf, UsageError } from "../cli/exit.ts";
import type { Trace, TraceEvent } from "../mod.ts";

/** Tells a client where its trace goes. */
export const TRACE_VARIABLE = "POETRY_TRACE";

/** A file in Chrome's trace-event format, in which every client is a process. */
export class TraceFile {
  readonly path: string;
  #partPath: string;
  #events: object[] = [];
  #processes = 0;
  #arrows = 0;

  /** @throws {UsageError} if the file cannot be written, before anything else happens */
  constructor(path: string) {
    this.path = path;
    this.#write();
    // The client may run in another folder.
    this.#partPath = `${Deno.realPathSync(path)}.part`;
  }

  /** What stands before a client in its command, so that it records itself. */
  get recordingArgs(): string[] {
    return [
      `--allow-write=${this.#partPath}`,
      `--allow-env=${TRACE_VARIABLE}`,
      "--preload=scripts/record.ts",
    ];
  }

  /** Tells a client where to leave its part, at its end. */
  get environment(): Record<string, string> {
    return { [TRACE_VARIABLE]: this.#partPath };
  }

  /**
   * Adds the part that a client has left.
   *
   * @throws {UsageError} if it has left none, because something killed it
   */
  addPart(name: string): void {
    let text: string;
    try {
      text = Deno.readTextFileSync(this.#partPath);
    } catch (error) {
      throw new UsageError(`Client ${name} left no trace: ${reasonOf(error)}.`);
    }
    Deno.removeSync(this.#partPath);
    this.#add(name, parseTrace(text));
  }

  #add(name: string, { traceEvents }: Trace): void {
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
      Deno.writeTextFileSync(this.path, text);
    } catch (error) {
      throw new UsageError(`Cannot write ${this.path}: ${reasonOf(error)}.`);
    }
  }
}

/** Parses a trace. */
export function parseTrace(text: string): Trace {
  const trace: { traceEvents: TraceEvent[] } = JSON.parse(text);
  return trace;
}
