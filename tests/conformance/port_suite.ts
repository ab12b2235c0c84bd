// Listening ports: opening, closing, opening again.

import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import { CannotListenError, IPv4Address, IPv6Address } from "../../mod.ts";
import type { Suite } from "./conformance.ts";
import { fail, HOST, type Network, Oops } from "./network.ts";

/** Defines the tests. */
export function portSuite(suite: Suite): void {
  opening(suite);
  refusals(suite);
  closing(suite);
  reopening(suite);
}

function opening({ test }: Suite): void {
  test("port: a port that was left open to choice is known at once", async (net) => {
    const { port } = net.listen();
    const address = port.getHost();
    assertInstanceOf(address, IPv4Address);
    assertEquals(address.host, HOST);
    assert(address.port > 0);
    await net.runWith(() => Promise.resolve());
    assertEquals(port.getHost(), address);
  });

  test("port: a port listens on all of IPv4 unless told otherwise", async (net) => {
    const { port } = net.listen({}, { interface: "" });
    assertEquals(port.getHost().host, "0.0.0.0");
    net.connect(port);
    await net.runUntil("server connectionMade", "client connectionMade");
  });

  test("port: a port on an IPv6 interface has an IPv6 address", async (net) => {
    const { port } = net.listen({}, { interface: "::1" });
    const address = port.getHost();
    assertInstanceOf(address, IPv6Address);
    assertEquals(address.host, "::1");
    const client = net.side("client");
    net.reactor.connectTCP("::1", address.port, client);
    await net.runUntil("server connectionMade", "client connectionMade");
    assertInstanceOf(client.protocolBuilt.transport.getHost(), IPv6Address);
  });

  test("port: a factory of two ports starts once, and stops after both", async (net) => {
    const server = net.side("server");
    const options = { interface: HOST };
    const one = net.reactor.listenTCP(0, server, options);
    const other = net.reactor.listenTCP(0, server, options);
    await net.runWith(async () => {
      await one.stopListening();
      assertEquals(server.events.at(-1), "doStop");
      await other.stopListening();
    });
    assertEquals(server.events, [
      "doStart",
      "startFactory",
      "doStart",
      "doStop",
      "doStop",
      "stopFactory",
    ]);
  });
}

function refusals({ test, exceptions }: Suite): void {
  test("port: a port in use is a CannotListenError at once, and starts no factory", async (net) => {
    const { port } = net.listen();
    const taken = port.getHost().port;
    const other = net.side("other");
    const error = assertThrows(
      () => net.reactor.listenTCP(taken, other, { interface: HOST }),
      CannotListenError,
      `Cannot listen on ${HOST}:${taken}: address already in use`,
    );
    assertEquals([error.interface, error.port], [HOST, taken]);
    assertEquals(other.events, []);
    await net.runWith(() => Promise.resolve());
  });

  if (exceptions.noLocalAddresses === undefined) {
    test("port: an address that is not this machine's is a CannotListenError at once", (net) => {
      const server = net.side("server");
      assertThrows(
        () => net.reactor.listenTCP(0, server, { interface: "192.0.2.1" }),
        CannotListenError,
        "Cannot listen on 192.0.2.1:0: ",
      );
      assertEquals(server.events, []);
    });
  }

  test("port: an invalid number is refused before anything starts", (net) => {
    const server = net.side("server");
    for (const port of [-1, 65536, 1.5, NaN]) {
      assertThrows(() => net.reactor.listenTCP(port, server), RangeError);
    }
    assertEquals(server.events, []);
  });
}

function closing({ test }: Suite): void {
  test("port: stopListening stops the factory on a later turn, then fires", async (net) => {
    const { port, server } = net.listen();
    await net.runWith(async () => {
      const stopped = port.stopListening();
      assertEquals([stopped.called, server.events.length], [false, 2]);
      assertEquals(await stopped, undefined);
      assertEquals(server.events.slice(2), ["doStop", "stopFactory"]);
    });
  });

  test("port: stopListening gives the same deferred each time", async (net) => {
    const { port, server } = net.listen();
    await net.runWith(async () => {
      const stopped = port.stopListening();
      assertStrictEquals(port.stopListening(), stopped);
      await stopped;
      assertStrictEquals(port.stopListening(), stopped);
    });
    assertEquals(server.events.slice(2), ["doStop", "stopFactory"]);
  });

  test("port: stopListening before the reactor runs takes effect when it does", async (net) => {
    const { port, server } = net.listen();
    const stopped = port.stopListening();
    assertEquals([stopped.called, server.events.length], [false, 2]);
    await net.runUntil("server stopFactory");
    assert(stopped.called);
  });

  test("port: a port that is closed refuses connections", async (net) => {
    const { port } = net.listen();
    await net.runWith(async () => {
      await port.stopListening();
      const { client } = net.connect(port);
      await net.happened("client stopFactory");
      assertEquals(
        client.events[3],
        "clientConnectionFailed ConnectionRefusedError",
      );
    });
  });

  test("port: what stopFactory throws fails the deferred of stopListening", async (net) => {
    const { port } = net.listen({ stopFactory: () => fail(new Oops("no")) });
    await net.runWith(async () => {
      let outcome: unknown;
      await port.stopListening()
        .addErrback((failure) => outcome = failure.value);
      assertInstanceOf(outcome, Oops);
      assertEquals(net.errors, []);
    });
  });

  test("port: a port may be closed from within each callback of its own", async (net) => {
    const places = [
      "buildProtocol",
      "connectionMade",
      "connectionLost",
    ] as const;
    for (const place of places) await closingIn(net, place);
    assertEquals(net.errors, []);
  });
}

/** Has one of the server's callbacks close the port. */
async function closingIn(net: Network, place: string): Promise<void> {
  const other = new (net.constructor as typeof Network)(net.backend);
  const { port, server } = other.listen({
    buildProtocol(protocol) {
      if (place === "buildProtocol") port.stopListening();
      return protocol;
    },
    connectionMade() {
      if (place === "connectionMade") port.stopListening();
    },
    connectionLost() {
      if (place === "connectionLost") port.stopListening();
    },
  });
  other.connect(port, {
    connectionMade: ({ transport }) => transport.loseConnection(),
  });
  await other.runUntil(
    "server stopFactory",
    "server connectionLost",
    "client stopFactory",
  );
  assertEquals(server.numPorts, 0);
  assertEquals(other.errors, []);
}

function reopening({ test }: Suite): void {
  test("port: a port that was closed can be opened again", async (net) => {
    const { port, server } = net.listen();
    await net.runWith(async () => {
      const first = port.stopListening();
      await first;
      port.startListening();
      net.connect(port);
      await net.happened("server connectionMade", "client connectionMade");
      const second = port.stopListening();
      assert(first !== second);
      await second;
    });
    assertEquals(server.events, [
      "doStart",
      "startFactory",
      "doStop",
      "stopFactory",
      "doStart",
      "startFactory",
      "buildProtocol",
      "connectionMade",
      "doStop",
      "stopFactory",
    ]);
  });

  test("port: a port is free when the deferred of stopListening fires", async (net) => {
    const { port } = net.listen();
    const { port: number } = port.getHost();
    await net.runWith(async () => {
      // An accept is under way by now.
      await net.turns(2);
      await port.stopListening();
      const other = net.reactor.listenTCP(number, net.side("other"), {
        interface: HOST,
      });
      assertEquals(other.getHost(), port.getHost());
      await other.stopListening();
      other.startListening();
    });
  });

  test("port: a port is free when the reactor has stopped", async (net) => {
    const { port } = net.listen();
    await net.runWith(() => net.turns(2));
    const listener = net.backend.listen({
      hostname: HOST,
      port: port.getHost().port,
      backlog: 1,
      reusePort: false,
    });
    listener.close();
  });

  test("port: opening a port that is open is refused", async (net) => {
    const { port } = net.listen();
    assertThrows(() => port.startListening(), Error, "listening already");
    await net.runWith(() => Promise.resolve());
  });

  test("port: opening a port that is being closed is refused", async (net) => {
    const { port, server } = net.listen();
    await net.runWith(async () => {
      const stopped = port.stopListening();
      assertThrows(() => port.startListening(), Error, "being closed already");
      await stopped;
    });
    assertEquals(server.events.slice(2), ["doStop", "stopFactory"]);
  });
}
