// What is called in the life of a port and of a connection, and in which order.

import { assertEquals, assertThrows } from "@std/assert";
import { IPv4Address, type ListenOptions } from "../../mod.ts";
import type { Suite } from "./conformance.ts";
import { fail, HOST, Network, Oops } from "./network.ts";

/** Defines the tests. */
export function lifeCycleSuite(suite: Suite): void {
  starting(suite);
  servers(suite);
  clients(suite);
  connectingAgain(suite);
  startFactoryErrors(suite);
}

function starting({ test }: Suite): void {
  test("life cycle: listenTCP starts the factory before it returns", (net) => {
    const { port, server } = net.listen();
    assertEquals(server.events, ["doStart", "startFactory"]);
    port.stopListening();
    return net.runUntil("server stopFactory");
  });

  test("life cycle: connectTCP tells the factory before it returns, and connects later", (net) => {
    const { port } = net.listen();
    const { connector, client } = net.connect(port);
    assertEquals(client.events, [
      "doStart",
      "startFactory",
      "startedConnecting",
    ]);
    assertEquals(connector.state, "connecting");
    return net.runUntil("client connectionMade");
  });

  test("life cycle: nothing is delivered before the reactor runs", async (net) => {
    const { server, client } = net.pair();
    for (let turn = 0; turn < 5; turn++) {
      await new Promise<void>((resolve) => net.backend.nextTurn(resolve));
    }
    assertEquals(server.events.length, 2);
    assertEquals(client.events.length, 3);
    await net.runUntil("server connectionMade", "client connectionMade");
  });

  test("life cycle: connections that come before the reactor runs are waiting for it", async (net) => {
    const { port, server } = net.listen();
    const socket = await net.socket(port);
    assertEquals(server.events, ["doStart", "startFactory"]);
    await net.runUntil("server connectionMade");
    socket.close();
  });
}

function servers({ test }: Suite): void {
  test("life cycle: a server builds a protocol, then connects it, then hears of the end", async (net) => {
    const { server } = net.pair({
      client: {
        connectionMade: (protocol) => protocol.transport.loseConnection(),
      },
    });
    await net.runUntil("server connectionLost", "client stopFactory");
    assertEquals(server.events, [
      "doStart",
      "startFactory",
      "buildProtocol",
      "connectionMade",
      "connectionLost ConnectionDone",
    ]);
  });

  test("life cycle: a protocol is connected from connectionMade on, and keeps its transport", async (net) => {
    const seen: unknown[] = [];
    const { server } = net.pair({
      server: {
        buildProtocol(protocol) {
          seen.push(protocol.connected, protocol.transport);
          return protocol;
        },
        connectionMade(protocol) {
          seen.push(protocol.connected, protocol.transport.connected);
          protocol.transport.loseConnection();
        },
      },
    });
    await net.runUntil("server connectionLost", "client stopFactory");
    const { connected, transport } = server.protocolBuilt;
    assertEquals(seen, [false, undefined, true, true]);
    assertEquals([connected, transport.connected], [true, false]);
  });

  test("life cycle: a server that builds no protocol closes the connection at once", async (net) => {
    const { server, client } = net.pair({
      server: { buildProtocol: () => null },
    });
    await net.runUntil("client stopFactory");
    assertEquals(server.events.slice(2), ["buildProtocol"]);
    assertEquals(client.events.slice(3), [
      "buildProtocol",
      "connectionMade",
      "connectionLost ConnectionDone",
      "clientConnectionLost ConnectionDone",
      "doStop",
      "stopFactory",
    ]);
    assertEquals(net.errors, []);
  });

  test("life cycle: connections outlive the port that they came through", async (net) => {
    // Which of the two ends hears of the connection first is open.
    let awaited = 2;
    const write = () => {
      if (--awaited === 0) client.protocolBuilt.write("still here");
    };
    const { port, server, client } = net.pair({
      server: {
        connectionMade: () => port.stopListening(),
        dataReceived: (protocol) => protocol.transport.loseConnection(),
        stopFactory: write,
      },
      client: { connectionMade: write },
    });
    await net.runUntil("server connectionLost", "client stopFactory");
    assertEquals(server.events, [
      "doStart",
      "startFactory",
      "buildProtocol",
      "connectionMade",
      "doStop",
      "stopFactory",
      "connectionLost ConnectionDone",
    ]);
    assertEquals(server.protocolBuilt.received, "still here");
  });
}

function clients({ test }: Suite): void {
  test("life cycle: a client that connects has no timeout any more when it builds its protocol", async (net) => {
    const seen: unknown[] = [];
    const { port } = net.listen();
    const { connector, client } = net.connect(port, {
      buildProtocol(protocol, address) {
        seen.push(connector.state, net.clock.getDelayedCalls(), address);
        return protocol;
      },
    });
    assertEquals(net.clock.getDelayedCalls().length, 1);
    await net.runUntil("client connectionMade");
    const address = new IPv4Address("TCP", HOST, port.getHost().port);
    assertEquals(seen, ["connected", [], address]);
    assertEquals(client.events.slice(3), ["buildProtocol", "connectionMade"]);
  });

  test("life cycle: a client that loses its connection tells the protocol, then the factory", async (net) => {
    const states: string[] = [];
    const { connector, client } = net.pair({
      server: {
        connectionMade: (protocol) => protocol.transport.loseConnection(),
      },
      client: {
        connectionLost: () => states.push(connector.state),
        clientConnectionLost: (it) => states.push(it.state),
      },
    });
    await net.runUntil("client stopFactory");
    assertEquals(client.events.slice(5), [
      "connectionLost ConnectionDone",
      "clientConnectionLost ConnectionDone",
      "doStop",
      "stopFactory",
    ]);
    assertEquals(states, ["connected", "disconnected"]);
    assertEquals(connector.transport, undefined);
  });

  test("life cycle: a client that cannot connect is told so, and stops", async (net) => {
    const client = net.side("client", {
      clientConnectionFailed: (connector) => {
        assertEquals(connector.state, "disconnected");
      },
    });
    net.reactor.connectTCP(HOST, await net.refusingPort(), client);
    await net.runUntil("client stopFactory");
    assertEquals(client.events, [
      "doStart",
      "startFactory",
      "startedConnecting",
      "clientConnectionFailed ConnectionRefusedError",
      "doStop",
      "stopFactory",
    ]);
    assertEquals(net.errors, []);
  });

  test("life cycle: a client that builds no protocol has lost its connection, not failed", async (net) => {
    const { client } = net.pair({ client: { buildProtocol: () => undefined } });
    await net.runUntil(
      "client stopFactory",
      "server connectionLost ConnectionDone",
    );
    assertEquals(client.events.slice(3), [
      "buildProtocol",
      "clientConnectionLost ConnectionDone",
      "doStop",
      "stopFactory",
    ]);
  });

  test("life cycle: a factory of two connections starts once, and stops after the last", async (net) => {
    const { port } = net.listen({
      connectionMade: (protocol) => protocol.transport.loseConnection(),
    });
    const client = net.side("client");
    const to = port.getHost().port;
    net.reactor.connectTCP(HOST, to, client);
    net.reactor.connectTCP(HOST, to, client);
    await net.runUntil("client stopFactory");
    const counted = client.events.filter((event) => /Factory|doSt/.test(event));
    assertEquals(counted, [
      "doStart",
      "startFactory",
      "doStart",
      "doStop",
      "doStop",
      "stopFactory",
    ]);
  });
}

function connectingAgain({ test }: Suite): void {
  test("life cycle: a client that connects again from clientConnectionFailed stays started", async (net) => {
    let attempts = 0;
    const client = net.side("client", {
      clientConnectionFailed(connector) {
        if (++attempts < 3) connector.connect();
      },
    });
    net.reactor.connectTCP(HOST, await net.refusingPort(), client);
    await net.runUntil("client stopFactory");
    assertEquals(client.events, [
      "doStart",
      "startFactory",
      "startedConnecting",
      "clientConnectionFailed ConnectionRefusedError",
      "startedConnecting",
      "clientConnectionFailed ConnectionRefusedError",
      "startedConnecting",
      "clientConnectionFailed ConnectionRefusedError",
      "doStop",
      "stopFactory",
    ]);
  });

  test("life cycle: a client that connects again from clientConnectionLost stays started", async (net) => {
    let connections = 0;
    const { client } = net.pair({
      server: {
        connectionMade: (protocol) => protocol.transport.loseConnection(),
      },
      client: {
        clientConnectionLost(connector) {
          if (++connections < 2) connector.connect();
        },
      },
    });
    await net.runUntil("client stopFactory");
    const one = [
      "startedConnecting",
      "buildProtocol",
      "connectionMade",
      "connectionLost ConnectionDone",
      "clientConnectionLost ConnectionDone",
    ];
    assertEquals(client.events, [
      "doStart",
      "startFactory",
      ...one,
      ...one,
      "doStop",
      "stopFactory",
    ]);
  });

  test("life cycle: a client that connects again later is started again", async (net) => {
    let stops = 0;
    const { client, connector } = net.pair({
      server: {
        connectionMade: (protocol) => protocol.transport.loseConnection(),
      },
      client: {
        stopFactory() {
          if (++stops < 2) {
            net.reactor.callFromThread(() => connector.connect());
          }
        },
      },
    });
    await net.runUntil("client stopFactory", "client stopFactory");
    const one = [
      "doStart",
      "startFactory",
      "startedConnecting",
      "buildProtocol",
      "connectionMade",
      "connectionLost ConnectionDone",
      "clientConnectionLost ConnectionDone",
      "doStop",
      "stopFactory",
    ];
    assertEquals(client.events, [...one, ...one]);
  });
}

function startFactoryErrors({ test }: Suite): void {
  test("life cycle: what startFactory throws comes out of listenTCP, and nothing listens", async (net) => {
    let bound = 0;
    const backend = Object.create(net.backend, {
      listen: {
        value(options: ListenOptions) {
          const listener = net.backend.listen(options);
          bound = listener.address.port;
          return listener;
        },
      },
    });
    const spied = new Network(backend);
    const failing = { startFactory: () => fail(new Oops("no")) };
    assertThrows(() => spied.listen(failing), Oops);
    spied.reactor.connectTCP(HOST, bound, spied.side("client"));
    await spied.runUntil(
      "client clientConnectionFailed ConnectionRefusedError",
    );
    assertEquals(spied.events.slice(0, 2), [
      "server doStart",
      "server startFactory",
    ]);
  });

  test("life cycle: what startFactory throws comes out of connectTCP, and nothing connects", async (net) => {
    const { port, server } = net.listen();
    const client = net.side("client", {
      startFactory: () => fail(new Oops("no")),
    });
    const to = port.getHost().port;
    assertThrows(() => net.reactor.connectTCP(HOST, to, client), Oops);
    assertEquals(client.numPorts, 0);
    assertEquals(net.clock.getDelayedCalls(), []);
    net.connect(port, {
      connectionMade: (protocol) => protocol.transport.loseConnection(),
    });
    await net.runUntil("server connectionLost", "client stopFactory");
    assertEquals(client.events, ["doStart", "startFactory"]);
    assertEquals(server.protocols.length, 1);
  });
}
