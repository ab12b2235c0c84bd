import { assert, assertEquals } from "@std/assert";
import {
  ClientFactory,
  ConnectionLost,
  Deferred,
  Factory,
  Failure,
  Protocol,
  type Reactor,
  succeed,
  type TraceEvent,
  TraceRecorder,
} from "../../../mod.ts";
import { StringTransport } from "../../../testing.ts";
import { makeReactor, portOf, runReactor } from "../../support/reactors.ts";

/** Runs a reactor with a recorder, and gives what it has recorded. */
async function record(
  reactor: Reactor,
  start: () => void,
): Promise<readonly TraceEvent[]> {
  const recorder = new TraceRecorder();
  reactor.addInstrument(recorder);
  try {
    start();
    await runReactor(reactor);
  } finally {
    reactor.removeInstrument(recorder);
  }
  const { traceEvents } = JSON.parse(JSON.stringify(recorder));
  return traceEvents;
}

/** Connects a client to a server that says something, until the server is gone. */
function connect(reactor: Reactor): void {
  const server = new Factory();
  server.protocol = class extends Protocol {
    override connectionMade(): void {
      this.transport.write(new TextEncoder().encode("a poem"));
      this.transport.loseConnection();
    }
  };
  const client = new ClientFactory();
  client.protocol = Protocol;
  client.clientConnectionLost = () => reactor.stop();
  const port = reactor.listenTCP(0, server);
  reactor.connectTCP("127.0.0.1", portOf(port.getHost()), client);
}

Deno.test("TraceRecorder: every slice of a track ends in the order that viewers demand", async () => {
  const { reactor } = makeReactor();
  const events = await record(reactor, () => connect(reactor));
  const open = new Map<number, string[]>();
  for (const { ph, tid, name } of events) {
    const slices = open.get(tid) ?? [];
    open.set(tid, slices);
    if (ph === "B") slices.push(name);
    if (ph === "E") assertEquals(slices.pop(), name);
  }
  assertEquals([...open.values()].flat(), []);
});

Deno.test("TraceRecorder: times never go back, and each arrow that ends has begun before", async () => {
  const { reactor } = makeReactor();
  const events = await record(reactor, () => connect(reactor));
  let last = 0;
  const begun = new Set<number | undefined>();
  for (const { ph, ts, id } of events) {
    assert(ts >= last, `${ts} after ${last}`);
    last = ts;
    if (ph === "s") begun.add(id);
    if (ph === "f") assert(begun.delete(id), `arrow ${id} has no beginning`);
  }
});

Deno.test("TraceRecorder: each arrow begins and ends within a slice, as viewers demand", async () => {
  const { reactor } = makeReactor();
  const events = await record(reactor, () => {
    // What is asked for before the loop runs is asked for in no slice.
    connect(reactor);
    const d = new Deferred<void>();
    reactor.callLater(0, function fire() {
      reactor.callLater(0, function late() {});
      d.callback();
    });
    d.addCallback(function fired() {});
    succeed(1).addCallback(function early() {});
  });
  const open = new Map<number, number>();
  const arrows: string[] = [];
  for (const { ph, tid, name } of events) {
    const depth = open.get(tid) ?? 0;
    if (ph === "B") open.set(tid, depth + 1);
    if (ph === "E") open.set(tid, depth - 1);
    if (ph !== "s" && ph !== "f") continue;
    assert(depth > 0, `an arrow in no slice: ${name}`);
    arrows.push(`${ph} ${name}`);
  }
  assertEquals([...new Set(arrows)].toSorted(), [
    "f callLater",
    "f deferred",
    "f received",
    "s callLater",
    "s deferred",
    "s received",
  ]);
});

Deno.test("TraceRecorder: the loop's track is the first, and connections follow as they came", async () => {
  const { reactor } = makeReactor();
  const events = await record(reactor, () => connect(reactor));
  const named = events.filter(({ name }) => name === "thread_name");
  const sorted = events.filter(({ name }) => name === "thread_sort_index");
  assertEquals(named.map(({ tid }) => tid), [1, 2, 3]);
  assertEquals(sorted.map(({ tid, args }) => [tid, args?.sort_index]), [
    [1, 1],
    [2, 2],
    [3, 3],
  ]);
});

Deno.test("TraceRecorder: each connection has a track, with its bytes and its end", async () => {
  const { reactor } = makeReactor();
  const events = await record(reactor, () => connect(reactor));
  const received = events.find(({ name }) => name === "received");
  const track = events.filter(({ tid, ph }) =>
    tid === received?.tid && (ph === "B" || ph === "E" || ph === "i")
  );
  assertEquals(track.map(({ name, args }) => [name, args?.bytes]), [
    ["connection", undefined],
    ["received", 6],
    ["lost", undefined],
    ["connection", undefined],
  ]);
});

Deno.test("TraceRecorder: the stages of a deferred lie inside the call that has fired it", async () => {
  const { reactor } = makeReactor();
  const events = await record(reactor, () => {
    const d = new Deferred<string>();
    d.addCallback(function gotPoem() {
      reactor.stop();
    });
    reactor.callLater(0, function deliver() {
      d.callback("a poem");
    });
  });
  const slices = events.filter(({ ph }) => ph === "B" || ph === "E");
  assertEquals(slices.slice(1, -1).map(({ ph, name }) => `${ph} ${name}`), [
    "B delayed call: deliver",
    "B callback: gotPoem",
    "E callback: gotPoem",
    "E delayed call: deliver",
    "B trigger: during shutdown",
    "E trigger: during shutdown",
  ]);
});

Deno.test("TraceRecorder: a connection that is lost while it is paused ends both slices", () => {
  const transport = new StringTransport();
  const recorder = new TraceRecorder();
  recorder.connectionMade(transport);
  recorder.connectionPaused(transport);
  recorder.connectionLost(transport, new Failure(new ConnectionLost()));
  const slices = recorder.toJSON().traceEvents.filter(({ ph }) => ph !== "M");
  assertEquals(slices.map(({ ph, name }) => `${ph} ${name}`), [
    "B connection",
    "B paused",
    "E paused",
    "i lost",
    "E connection",
  ]);
});

Deno.test("TraceRecorder: one that comes late gives a connection a track when it hears of it", () => {
  const transport = new StringTransport();
  const recorder = new TraceRecorder();
  recorder.connectionResumed(transport);
  recorder.bytesSent(transport, 3);
  const { traceEvents } = recorder.toJSON();
  const [received] = traceEvents.filter(({ name }) => name === "sent");
  const [, track] = traceEvents.filter(({ name }) => name === "thread_name");
  assertEquals(track?.args, { name: "192.168.1.1:54321" });
  assertEquals(received?.tid, track?.tid);
  assertEquals(traceEvents.filter(({ ph }) => ph === "E"), []);
});
