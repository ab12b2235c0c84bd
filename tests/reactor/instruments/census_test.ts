import { assertEquals } from "@std/assert";
import { Census, ClientFactory, Factory, Protocol } from "../../../mod.ts";
import {
  makeFrozenReactor,
  makeReactor,
  portOf,
  runReactor,
} from "../../support/reactors.ts";

class Greeter extends Protocol {
  override connectionMade(): void {
    this.transport.write(new TextEncoder().encode("hello"));
  }
}

Deno.test("Census: it counts what is open, and the bytes that went", async () => {
  const { reactor } = makeReactor();
  const census = new Census();
  reactor.addInstrument(census);
  const server = new Factory();
  server.protocol = Greeter;
  const port = reactor.listenTCP(0, server);
  const client = new ClientFactory();
  let during: number[] = [];
  let bytes: number[] = [];
  client.protocol = class extends Protocol {
    override dataReceived(): void {
      const { connections, attempts, ports, readers, timers, ...rest } = census
        .numbers();
      const { bytesReceived, bytesSent } = rest;
      during = [connections, attempts, ports, readers, timers];
      bytes = [bytesReceived, bytesSent];
      reactor.stop();
    }
  };
  reactor.connectTCP("127.0.0.1", portOf(port.getHost()), client, {
    timeout: null,
  });
  reactor.callLater(60, () => {});
  await runReactor(reactor);
  assertEquals(during, [2, 0, 1, 3, 1]);
  assertEquals(bytes, [5, 5]);
  const after = census.numbers();
  assertEquals(
    [after.connections, after.ports, after.readers, after.writers],
    [0, 0, 0, 0],
  );
});

Deno.test("Census: it tells how late delayed calls were made", async () => {
  const { reactor, time } = makeFrozenReactor();
  const census = new Census();
  reactor.addInstrument(census);
  reactor.callWhenRunning(() => {
    for (const seconds of [1, 2, 3]) reactor.callLater(seconds, () => {});
    reactor.callLater(4, () => reactor.stop());
    time.advance(4);
  });
  await runReactor(reactor);
  assertEquals(census.numbers().lateness, { minimum: 0, median: 2, p99: 3 });
});

Deno.test("Census: without a delayed call there is no lateness", () => {
  const { reactor } = makeReactor();
  const census = new Census();
  reactor.addInstrument(census);
  assertEquals(census.numbers().lateness, undefined);
});

Deno.test("Census: the turns a second are those since the numbers were taken last", async () => {
  const { reactor, time } = makeFrozenReactor();
  const census = new Census();
  reactor.addInstrument(census);
  reactor.callWhenRunning(() => {
    census.numbers();
    reactor.callFromThread(() => {
      time.advance(2);
      reactor.stop();
    });
  });
  await runReactor(reactor);
  assertEquals(census.numbers().turnsPerSecond, 0.5);
  assertEquals(census.numbers().turnsPerSecond, 0);
});

Deno.test("Census: as a text it is one line", async () => {
  const { reactor, time } = makeFrozenReactor();
  const census = new Census();
  reactor.addInstrument(census);
  reactor.callLater(1, () => {});
  assertEquals(
    `${census}`,
    "0 connections, 1 timer, 0 reading, 0 writing, 0 bytes in, 0 out, 0 turns/s",
  );
  reactor.callLater(2, () => reactor.stop());
  reactor.callWhenRunning(() => time.advance(2));
  await runReactor(reactor);
  assertEquals(
    `${census}`,
    "0 connections, 0 timers, 0 reading, 0 writing, 0 bytes in, 0 out, 1 turns/s, timers late by 0.0 to 1000.0 ms (median 1000.0)",
  );
});
