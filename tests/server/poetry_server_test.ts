import { assert, assertEquals } from "@std/assert";
import { IPv4Address, IPv6Address, UNIXAddress } from "../../mod.ts";
import {
  nameOf,
  PoetryServerFactory,
  PoetryServerProtocol,
} from "../../server/shared/poetry_server.ts";
import {
  AccumulatingProtocol,
  StringTransportWithDisconnection,
} from "../../testing.ts";
import { bytes, makeNotes, PatientReader, readFrom } from "./poetry_readers.ts";

const PEER = new IPv4Address("TCP", "192.168.1.1", 54321);

class Greeter extends PoetryServerProtocol {
  override connectionMade(): void {
    this.transport.write(this.factory.poem);
    this.endOfPoem();
  }
}

function makeFactory(maxClients?: number) {
  const { clock, logged, log } = makeNotes();
  const options = { maxClients, log };
  const factory = PoetryServerFactory.forProtocol(
    Greeter,
    clock,
    bytes("A poem."),
    options,
  );
  return { clock, logged, factory };
}

Deno.test("a poetry server says who wants poetry", () => {
  const { logged, factory } = makeFactory();
  factory.buildProtocol(PEER);
  assertEquals(logged, ["Somebody at ('192.168.1.1', 54321) wants poetry!"]);
});

Deno.test("a client one too many is not let in, until another has left", () => {
  const { logged, factory } = makeFactory(1);
  const { server, client, flush } = pumped(factory, new PatientReader());
  assertEquals(factory.buildProtocol(PEER), null);
  assertEquals(
    logged.at(-1),
    "Somebody at ('192.168.1.1', 54321) is one too many.",
  );
  client.transport.loseConnection();
  flush();
  assertEquals(server.connected, false);
  assert(factory.buildProtocol(PEER));
});

Deno.test("whenEmpty fires at once without clients, or when the last has left", () => {
  const { factory } = makeFactory();
  const fired: string[] = [];
  factory.whenEmpty().addCallback(() => fired.push("before"));
  assertEquals(fired, ["before"]);
  const clients = [
    pumped(factory, new PatientReader()),
    pumped(factory, new PatientReader()),
  ];
  factory.whenEmpty().addCallback(() => fired.push("after"));
  for (const { client, flush } of clients) {
    assertEquals(fired, ["before"]);
    client.transport.loseConnection();
    flush();
  }
  assertEquals(fired, ["before", "after"]);
});

Deno.test("a client sees the end of the poem, and closes the connection itself", () => {
  const { clock, factory } = makeFactory();
  const client = new AccumulatingProtocol();
  const { server, flush } = pumped(factory, client);
  flush();
  assertEquals(client.data, bytes("A poem."));
  assertEquals([client.closed, server.connected], [true, false]);
  assertEquals(clock.getDelayedCalls(), []);
});

Deno.test("a client that talks, and is not listened to, gets its whole poem", () => {
  const { factory } = makeFactory();
  const client = new AccumulatingProtocol();
  const { flush } = pumped(factory, client);
  client.transport.write(bytes("Hello? Is this where the poems are?"));
  flush(1);
  assertEquals(client.data, bytes("A poem."));
});

Deno.test("a client that closes its own half at once gets its whole poem", () => {
  const { factory } = makeFactory();
  const { client, server, flush } = pumped(factory, new PatientReader());
  client.transport.loseWriteConnection();
  flush(1);
  assertEquals(client.data, bytes("A poem."));
  assert(client.hasAll);
  assertEquals(server.connected, false);
});

Deno.test("a client that never closes the connection loses it after 10 seconds", () => {
  const { clock, factory } = makeFactory();
  const { client, server, flush } = pumped(factory, new PatientReader());
  flush();
  assert(client.hasAll);
  clock.advance(9.9);
  flush();
  assertEquals(server.connected, true);
  clock.advance(0.1);
  flush();
  assertEquals(server.connected, false);
  assertEquals(factory.connectionCount, 0);
});

Deno.test("the time to close the connection begins when everything is sent", () => {
  const { clock, factory } = makeFactory();
  const { server, pump, flush } = pumped(factory, new PatientReader());
  pump(1);
  clock.advance(3600);
  assertEquals(server.connected, true, "a slow client has time to read");
  flush();
  assertEquals(clock.getDelayedCalls().length, 1);
});

Deno.test("a connection that is lost early leaves no timer", () => {
  const { clock, factory } = makeFactory();
  const transport = new StringTransportWithDisconnection();
  const protocol = factory.buildProtocol(PEER);
  if (!protocol) throw new Error("Nobody was let in");
  transport.protocol = protocol;
  protocol.makeConnection(transport);
  protocol.writeConnectionLost?.();
  assertEquals(clock.getDelayedCalls().length, 1);
  transport.abortConnection();
  assertEquals(clock.getDelayedCalls(), []);
});

/** A server of a poem that goes out in pieces, to a client that may be slow. */
function makeLarge(sendTimeout: number) {
  const { clock, logged, log } = makeNotes();
  const poem = new Uint8Array(300_000).map((_, i) => i % 251);
  class Sender extends Greeter {
    override connectionMade(): void {
      this.send(this.factory.poem);
      this.endOfPoem();
    }
  }
  const factory = PoetryServerFactory.forProtocol(Sender, clock, poem, {
    sendTimeout,
    log,
  });
  return { clock, logged, poem, factory };
}

Deno.test("a client that reads nothing loses the connection after the send timeout", () => {
  const { clock, logged, factory } = makeLarge(30);
  const { server, pump } = pumped(factory, new PatientReader());
  clock.advance(29.9);
  assertEquals([server.connected, factory.connectionCount], [true, 1]);
  clock.advance(0.1);
  pump(1);
  assertEquals(
    logged.at(-1)?.replace(/at .* has/, "at A has"),
    "Somebody at A has read nothing for 30 seconds: disconnecting.",
  );
  assertEquals(factory.connectionCount, 0);
  assertEquals(clock.getDelayedCalls(), []);
});

Deno.test("a client that reads slowly has its time anew for each piece", () => {
  const { clock, poem, factory } = makeLarge(30);
  const { client, pump, flush } = pumped(factory, new PatientReader());
  for (let step = 0; step < 10; step++) {
    clock.advance(14);
    pump(40_000);
  }
  flush();
  assertEquals([client.data, client.hasAll], [poem, true]);
});

Deno.test("a client that has read all but the end of the poem is not waited for", () => {
  const { clock, factory } = makeLarge(30);
  const { server, client, pump } = pumped(factory, new PatientReader());
  for (let step = 0; step < 299; step++) pump(1000);
  assertEquals([client.hasAll, server.connected], [false, true]);
  clock.advance(30);
  pump(1);
  assertEquals(server.connected, false);
});

Deno.test("addresses are named as in Python, sockets without one as what they are", () => {
  assertEquals(nameOf(PEER), "('192.168.1.1', 54321)");
  assertEquals(nameOf(new IPv6Address("TCP", "::1", 5)), "('::1', 5)");
  assertEquals(nameOf(new UNIXAddress()), "a UNIX socket");
});

function pumped<C extends AccumulatingProtocol>(
  factory: PoetryServerFactory,
  client: C,
) {
  const pump = readFrom(client, factory.buildProtocol(PEER));
  return {
    client,
    server: pump.server,
    pump: (size: number) => pump.pump(size),
    flush: (size?: number) => pump.flush(size),
  };
}
