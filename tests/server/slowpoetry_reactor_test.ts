import { assert, assertEquals, assertRejects } from "@std/assert";
import { type Clock, IPv4Address } from "../../mod.ts";
import {
  type Pace,
  SlowPoetryFactory,
} from "../../server/slowpoetry-reactor.ts";
import {
  AccumulatingProtocol,
  StringTransport,
  StringTransportWithDisconnection,
} from "../../testing.ts";
import { startPoetryServer } from "../support/programs.ts";
import {
  bytes,
  linesWith,
  makeNotes,
  poemBytes,
  readFrom,
  readPoem,
  text,
} from "./poetry_readers.ts";

const FILE = "server/slowpoetry-reactor.ts";
const POEM = "poetry/science.txt";
const PEER = new IPv4Address("TCP", "192.168.1.1", 54321);

function makeServer(pace: Pace, poem = "Science!") {
  const { clock, logged, log } = makeNotes();
  const factory = new SlowPoetryFactory(clock, bytes(poem), { pace, log });
  return { clock, logged, factory };
}

/** A client that reads as soon as something comes, while time passes. */
function quickClient(server: { clock: Clock; factory: SlowPoetryFactory }) {
  const client = new AccumulatingProtocol();
  const pump = readFrom(client, server.factory.buildProtocol(PEER));
  return {
    client,
    /** What has come when so much time has passed. */
    after(seconds: number): string {
      pump.flush();
      server.clock.advance(seconds);
      pump.flush();
      return text(client.data);
    },
  };
}

Deno.test("the slow server sends a piece, rests, and sends the next", () => {
  const server = makeServer({ numBytes: 3, delay: 2 });
  const { client, after } = quickClient(server);
  assertEquals(after(0), "Sci");
  assertEquals(after(1.9), "Sci");
  assertEquals(after(0.1), "Scienc");
  assertEquals(client.closed, false);
  assertEquals(after(2), "Science!");
  assertEquals(client.closed, true, "the end comes behind the last piece");
  assertEquals(server.clock.getDelayedCalls(), []);
  assertEquals(server.logged, [
    "Somebody at ('192.168.1.1', 54321) wants poetry!",
    "Sending 3 bytes to ('192.168.1.1', 54321)",
    "Sending 3 bytes to ('192.168.1.1', 54321)",
    "Sending 2 bytes to ('192.168.1.1', 54321)",
  ]);
});

Deno.test("a piece can be the whole poem, and a rest none at all", () => {
  const whole = makeServer({ numBytes: 1000, delay: 2 });
  assertEquals(quickClient(whole).after(0), "Science!");
  const restless = makeServer({ numBytes: 4, delay: 0 });
  assertEquals(quickClient(restless).after(0), "Science!");
});

Deno.test("the send timeout is no limit for the server's own rests", () => {
  const { clock, logged, log } = makeNotes();
  const pace = { numBytes: 4, delay: 60 };
  const options = { pace, log, sendTimeout: 30 };
  const factory = new SlowPoetryFactory(clock, bytes("Science!"), options);
  const { client, after } = quickClient({ clock, factory });
  assertEquals([after(59), after(1), client.closed], [
    "Scie",
    "Science!",
    true,
  ]);
  assertEquals(logged.filter((line) => line.includes("has read nothing")), []);
});

Deno.test("every client has a pace of its own", () => {
  const server = makeServer({ numBytes: 4, delay: 2 });
  const one = quickClient(server);
  assertEquals(one.after(1), "Scie");
  const other = quickClient(server);
  assertEquals([other.after(1), one.after(0)], ["Scie", "Science!"]);
  assertEquals(other.after(1), "Science!");
});

Deno.test("of a client that does not read no more than one piece waits", () => {
  const { clock, factory } = makeServer({ numBytes: 2, delay: 1 });
  const transport = new StringTransport();
  // It never asks for more: it has not got rid of the first piece.
  factory.buildProtocol(PEER)?.makeConnection(transport);
  clock.pump([1, 1, 1, 1]);
  assertEquals(text(transport.value()), "Sc");
  assertEquals([transport.streaming, clock.getDelayedCalls()], [false, []]);
  transport.producer?.resumeProducing();
  clock.pump([1, 1, 1]);
  assertEquals(text(transport.value()), "Scie");
});

Deno.test("a slow reader gets its whole poem all the same", () => {
  const server = makeServer({ numBytes: 3, delay: 1 });
  const client = new AccumulatingProtocol();
  const pump = readFrom(client, server.factory.buildProtocol(PEER));
  for (let second = 0; second < 20; second++) {
    pump.pump(1);
    server.clock.advance(1);
  }
  pump.flush();
  assertEquals([text(client.data), client.closed], ["Science!", true]);
});

Deno.test("a client of the slow server that goes away ends only its own turn", async () => {
  const options = ["--delay", "0.01", "--num-bytes", "5"];
  await using server = await startPoetryServer(FILE, POEM, { options });
  const fickle = await Deno.connect(server);
  const reading = readPoem(server.port);
  await server.stdout.waitFor(linesWith("wants", 2));
  fickle.close();
  assertEquals(await reading, await poemBytes("science"));
  assertEquals(server.stderr.text, "");
});

Deno.test("a client that goes away leaves no timer behind", () => {
  const { clock, factory } = makeServer({ numBytes: 3, delay: 1 });
  const transport = new StringTransportWithDisconnection();
  const protocol = factory.buildProtocol(PEER);
  transport.protocol = protocol ?? undefined;
  protocol?.makeConnection(transport);
  transport.producer?.resumeProducing();
  assertEquals(clock.getDelayedCalls().length, 1);
  transport.loseConnection();
  assertEquals(clock.getDelayedCalls(), []);
  assertEquals(factory.connectionCount, 0);
});

Deno.test("the slow server serves all clients at the same time, byte for byte", async () => {
  const options = ["--delay", "0.02", "--num-bytes", "50"];
  await using server = await startPoetryServer(FILE, POEM, { options });
  const poem = await poemBytes("science");
  const clients = Array.from({ length: 100 }, () => readPoem(server.port));
  for (const read of await Promise.all(clients)) assertEquals(read, poem);
  const lines = server.stdout.text.trimEnd().split("\n");
  const firstEnd = lines.findIndex((line) => line.startsWith("Sending 48 "));
  const before = lines.slice(0, firstEnd);
  const served = new Set(before.map((line) => /\('.*/.exec(line)?.[0]));
  // Not exactly how many: they need not all have come before the first one left.
  assert(served.size > 10, before.join("\n"));
});

Deno.test("the slow server sends 10 bytes every 0.1 s unless told otherwise", async () => {
  await using server = await startPoetryServer(FILE, POEM);
  const start = performance.now();
  using _reader = await Deno.connect(server);
  await server.stdout.waitFor(
    /(Sending 10 bytes to \('127.0.0.1', \d+\)\n){3}/,
  );
  // How much longer than its two rests it takes is up to the machine.
  assert(performance.now() - start > 190);
});

Deno.test("a client one too many is turned away at once, and told of", async () => {
  const options = ["--max-clients", "2", "--delay", "3600"];
  await using server = await startPoetryServer(FILE, POEM, { options });
  using _one = await Deno.connect(server);
  using _other = await Deno.connect(server);
  await server.stdout.waitFor(linesWith("wants", 2));
  assertEquals(await readPoem(server.port), new Uint8Array(0));
  await server.stdout.waitFor(/ is one too many\.$/m);
});

Deno.test("Ctrl-C ends the reactor's slow server at once, and every connection", async () => {
  const options = ["--delay", "3600"];
  await using server = await startPoetryServer(FILE, POEM, { options });
  using connection = await Deno.connect(server);
  assertEquals(await connection.read(new Uint8Array(100)), 10);
  server.kill("SIGINT");
  assertEquals(await connection.read(new Uint8Array(100)), null);
  const { code, stderr } = await server.outcome();
  assertEquals({ code, stderr }, { code: 0, stderr: "" });
});

Deno.test("with --drain clients get their whole poems, and nobody else is let in", async () => {
  const options = ["--drain", "60", "--delay", "0.02", "--num-bytes", "10"];
  await using server = await startPoetryServer(FILE, POEM, { options });
  const reading = readPoem(server.port);
  await server.stdout.waitFor(/Sending 10 bytes/);
  server.kill("SIGTERM");
  await server.stdout.waitFor(/^Draining: 1 client, at most 60 s\.$/m);
  await assertRejects(() => Deno.connect(server));
  assertEquals(await reading, await poemBytes("science"));
  const { code, stderr } = await server.outcome();
  assertEquals({ code, stderr }, { code: 0, stderr: "" });
});

const WAYS_TO_END: [how: string, seconds: string, kill: boolean][] = [
  ["the time of --drain is over", "0.1", false],
  ["a second signal comes", "3600", true],
];

for (const [how, seconds, isKilled] of WAYS_TO_END) {
  Deno.test(`a server with slow clients ends when ${how}`, async () => {
    const options = ["--drain", seconds, "--delay", "3600"];
    await using server = await startPoetryServer(FILE, POEM, { options });
    using _waiting = await Deno.connect(server);
    await server.stdout.waitFor(/Sending 10 bytes/);
    server.kill("SIGTERM");
    await server.stdout.waitFor(/^Draining/m);
    if (isKilled) server.kill("SIGINT");
    const { code, stderr } = await server.outcome();
    assertEquals({ code, stderr }, { code: 0, stderr: "" });
  });
}
