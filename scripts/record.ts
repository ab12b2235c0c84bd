/**
 * Records a client, whose files know nothing of it:
 *
 *     POETRY_TRACE=trace.json deno run --allow-net --allow-env --allow-write --preload=scripts/record.ts clients/…
 *
 * A client under the reactor is recorded by a `TraceRecorder`. The others have no loop
 * that an instrument could look into: of them it records when they waited for which
 * connection, and what came.
 *
 * @module
 */

import { reactor, type TraceEvent, TraceRecorder } from "../mod.ts";
import { TRACE_VARIABLE } from "./demo_trace.ts";

/** The connections of a program, and its reads. */
class ReadRecorder {
  readonly events: TraceEvent[] = [];
  #start: number | undefined;
  #tracks = 0;

  connecting(): void {
    this.#start ??= performance.now();
  }

  /** Has a connection tell of its reads, on a track of its own. */
  watch(connection: Deno.Conn): void {
    const tid = ++this.#tracks;
    const { hostname, port } = connection.remoteAddr as Deno.NetAddr;
    const name = `${hostname}:${port}`;
    this.#add({ name: "thread_name", ph: "M", tid, args: { name } });
    const args = { sort_index: tid };
    this.#add({ name: "thread_sort_index", ph: "M", tid, args });
    this.#add({ name: "connection", ph: "B", tid });
    const read = connection.read.bind(connection);
    connection.read = async (bytes) => {
      this.#add({ name: "waits", ph: "B", tid });
      const count = await read(bytes).catch((error) => {
        this.#ended(tid);
        throw error;
      });
      if (count === null) this.#ended(tid);
      else this.#received(tid, count);
      return count;
    };
  }

  #received(tid: number, bytes: number): void {
    this.#add({ name: "waits", ph: "E", tid });
    this.#add({ name: "received", ph: "i", s: "t", tid, args: { bytes } });
  }

  #ended(tid: number): void {
    this.#add({ name: "waits", ph: "E", tid });
    this.#add({ name: "connection", ph: "E", tid });
  }

  #add(event: Omit<TraceEvent, "ts" | "pid">): void {
    const milliseconds = performance.now() - (this.#start ?? 0);
    this.events.push({ ...event, ts: Math.round(milliseconds * 1000), pid: 1 });
  }
}

/** Records from now on, and writes the file when the program ends. */
function record(path: string): void {
  const recorder = new TraceRecorder();
  reactor.addInstrument(recorder);
  const reads = new ReadRecorder();
  const { connect } = Deno;
  const watched = async (options: Deno.ConnectOptions) => {
    reads.connecting();
    const connection = await connect(options);
    reads.watch(connection);
    return connection;
  };
  Object.defineProperty(Deno, "connect", { value: watched });
  addEventListener("unload", () => {
    const { traceEvents } = recorder.toJSON();
    const hasLoop = traceEvents.some(({ name }) => name === "turn");
    const trace = { traceEvents: hasLoop ? traceEvents : reads.events };
    Deno.writeTextFileSync(path, JSON.stringify(trace));
  });
}

const path = Deno.env.get(TRACE_VARIABLE);
if (path !== undefined) record(path);
