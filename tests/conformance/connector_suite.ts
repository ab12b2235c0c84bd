// The connector: its states, and everything that can end an attempt.

import { assertEquals, assertInstanceOf, assertThrows } from "@std/assert";
import {
  ConnectError,
  type Connector,
  DNSLookupError,
  type Failure,
  IPv4Address,
  IPv6Address,
  NotConnectingError,
  UserError,
} from "../../mod.ts";
import type { Suite } from "./conformance.ts";
import { type Hooks, HOST } from "./network.ts";

/** Defines the tests. */
export function connectorSuite(suite: Suite): void {
  misuse(suite);
  stopping(suite);
  disconnecting(suite);
  timeouts(suite);
  failures(suite);
}

/** Keeps the reasons for failed attempts. */
function collecting(reasons: Error[]): Hooks {
  return {
    clientConnectionFailed: (_connector, reason) =>
      reasons.push(reason.value as Error),
  };
}

function misuse({ test }: Suite): void {
  test("connector: a connector refuses to connect while it connects or is connected", async (net) => {
    const refused: string[] = [];
    const attempt = (connector: Connector) => {
      const { state } = connector;
      const error = assertThrows(() => connector.connect(), Error);
      refused.push(`${state}: ${error.message.endsWith(`${state} already`)}`);
    };
    const { connector } = net.pair({
      client: {
        startedConnecting: attempt,
        connectionMade: () => attempt(connector),
        connectionLost: () => attempt(connector),
      },
    });
    attempt(connector);
    net.reactor.callWhenRunning(() => attempt(connector));
    await net.runUntil("client connectionMade");
    assertEquals(
      new Set(refused),
      new Set(["connecting: true", "connected: true"]),
    );
  });

  test("connector: stopConnecting is refused where there is no attempt", async (net) => {
    const states: string[] = [];
    const refuses = (connector: Connector) => {
      assertThrows(() => connector.stopConnecting(), NotConnectingError);
      states.push(connector.state);
    };
    const { connector } = net.pair({
      client: {
        connectionMade: (protocol) => {
          refuses(connector);
          protocol.transport.loseConnection();
        },
        clientConnectionLost: refuses,
      },
    });
    await net.runUntil("client stopFactory");
    assertEquals(states, ["connected", "disconnected"]);
  });

  test("connector: a connector knows its destination as it was given", async (net) => {
    const { port, connector } = net.pair();
    const to = port.getHost().port;
    const named = net.reactor.connectTCP("localhost", to, net.side("named"));
    const six = net.reactor.connectTCP("::1", to, net.side("six"));
    const destinations = [connector, named, six].map((it) =>
      it.getDestination()
    );
    assertEquals(destinations, [
      new IPv4Address("TCP", HOST, to),
      new IPv4Address("TCP", "localhost", to),
      new IPv6Address("TCP", "::1", to),
    ]);
    named.stopConnecting();
    six.stopConnecting();
    await net.runUntil("client connectionMade");
  });
}

const STOPPED = [
  "doStart",
  "startFactory",
  "startedConnecting",
  "clientConnectionFailed UserError",
  "doStop",
  "stopFactory",
];

function stopping({ test }: Suite): void {
  test("connector: stopConnecting tells the factory before it returns", async (net) => {
    const { connector, client, server } = net.pair();
    connector.stopConnecting();
    assertEquals(client.events, STOPPED);
    assertEquals(connector.state, "disconnected");
    net.connect(net.listen().port, {
      connectionMade: (protocol) => protocol.transport.loseConnection(),
    });
    await net.runUntil("client stopFactory");
    assertEquals(client.events, STOPPED);
    assertEquals(server.protocols, []);
  });

  test("connector: stopConnecting works inside startedConnecting", async (net) => {
    const { client, connector } = net.pair({
      client: { startedConnecting: (it) => it.stopConnecting() },
    });
    assertEquals(client.events, STOPPED);
    assertEquals(connector.state, "disconnected");
    await net.runWith(() => Promise.resolve());
    assertEquals(client.events, STOPPED);
  });

  test("connector: stopConnecting ends an attempt that is under way, and its connection", async (net) => {
    const { client, connector } = net.pair();
    // The attempt begins in the first turn, before this.
    net.reactor.callFromThread(() => connector.stopConnecting());
    net.reactor.callFromThread(() => net.connect(net.listen().port));
    await net.runUntil("client connectionMade");
    assertEquals(client.events, STOPPED);
  });

  test("connector: an attempt that was stopped can be begun again at once", async (net) => {
    let failures = 0;
    const { client, server, connector } = net.pair({
      client: {
        clientConnectionFailed(it) {
          if (++failures < 3) it.connect();
        },
      },
    });
    connector.stopConnecting();
    connector.stopConnecting();
    assertEquals(client.numPorts, 1);
    await net.runUntil("client connectionMade", "server connectionMade");
    assertEquals(client.events, [
      "doStart",
      "startFactory",
      "startedConnecting",
      "clientConnectionFailed UserError",
      "startedConnecting",
      "clientConnectionFailed UserError",
      "startedConnecting",
      "buildProtocol",
      "connectionMade",
    ]);
    assertEquals(server.protocols.length, 1);
  });

  test("connector: the reason for stopConnecting is a UserError, which is a ConnectError", async (net) => {
    const reasons: Error[] = [];
    const { connector } = net.pair({ client: collecting(reasons) });
    connector.stopConnecting();
    assertInstanceOf(reasons[0], UserError);
    assertInstanceOf(reasons[0], ConnectError);
    await net.runWith(() => Promise.resolve());
  });
}

function disconnecting({ test }: Suite): void {
  test("connector: disconnect ends the attempt of a connector that connects", async (net) => {
    const { client, connector } = net.pair();
    connector.disconnect();
    assertEquals(client.events, STOPPED);
    connector.disconnect();
    await net.runWith(() => Promise.resolve());
    assertEquals(client.events, STOPPED);
  });

  test("connector: disconnect loses the connection of one that is connected, later", async (net) => {
    const { client, connector } = net.pair({
      client: {
        connectionMade() {
          connector.disconnect();
          assertEquals(connector.state, "connected");
          assertEquals(connector.transport?.disconnecting, true);
        },
      },
    });
    await net.runUntil(
      "client stopFactory",
      "server connectionLost ConnectionDone",
    );
    assertEquals(client.events.slice(4), [
      "connectionMade",
      "connectionLost ConnectionDone",
      "clientConnectionLost ConnectionDone",
      "doStop",
      "stopFactory",
    ]);
  });
}

function timeouts({ test }: Suite): void {
  const timedOut = (events: string[]) => {
    assertEquals(events.slice(3), [
      "clientConnectionFailed ConnectTimeoutError",
      "doStop",
      "stopFactory",
    ]);
  };

  test("connector: an attempt fails after 30 seconds unless told otherwise", async (net) => {
    const { client } = net.pair();
    net.clock.advance(29.9);
    assertEquals(client.events.length, 3);
    net.clock.advance(0.1);
    timedOut(client.events);
    await net.runWith(() => Promise.resolve());
  });

  test("connector: an attempt that is under way fails when its timeout has passed", async (net) => {
    const { port, server } = net.listen();
    const { client } = net.connect(port, {}, { timeout: 2 });
    net.reactor.callFromThread(() => net.clock.advance(2));
    net.reactor.callFromThread(() => net.connect(net.listen().port));
    await net.runUntil("client connectionMade");
    timedOut(client.events);
    // What the network had done by then is undone: at most the server saw a
    // connection that was closed again.
    assertEquals(server.protocols.filter((it) => it.received !== ""), []);
  });

  test("connector: a timeout of 0 fails as soon as the loop turns", async (net) => {
    const { port } = net.listen();
    const { client } = net.connect(port, {}, { timeout: 0 });
    assertEquals(client.events.length, 3);
    net.clock.advance(0);
    timedOut(client.events);
    await net.runWith(() => Promise.resolve());
  });

  test("connector: a timeout of null means no timeout", async (net) => {
    const { port } = net.listen();
    net.connect(port, {}, { timeout: null });
    assertEquals(net.clock.getDelayedCalls(), []);
    await net.runUntil("client connectionMade");
  });

  test("connector: an invalid timeout is refused before anything starts", async (net) => {
    const { port } = net.listen();
    const client = net.side("client");
    const to = port.getHost().port;
    for (const timeout of [-1, NaN]) {
      assertThrows(
        () => net.reactor.connectTCP(HOST, to, client, { timeout }),
        RangeError,
      );
    }
    assertEquals(client.events, []);
    await net.runWith(() => Promise.resolve());
  });
}

function failures({ test, exceptions }: Suite): void {
  test("connector: a refused connection says who refused it", async (net) => {
    const reasons: Error[] = [];
    const refusing = await net.refusingPort();
    net.reactor.connectTCP(
      HOST,
      refusing,
      net.side("client", collecting(reasons)),
    );
    await net.runUntil("client stopFactory");
    const [reason] = reasons;
    assertInstanceOf(reason, ConnectError);
    assertEquals(
      reason?.message,
      `Cannot connect to ${HOST}:${refusing}: connection refused`,
    );
  });

  test("connector: an invalid port is refused before anything starts", async (net) => {
    const client = net.side("client");
    for (const port of [0, -1, 65536, 1.5, NaN]) {
      assertThrows(
        () => net.reactor.connectTCP(HOST, port, client),
        RangeError,
      );
    }
    assertEquals(client.events, []);
    await net.runWith(() => Promise.resolve());
  });

  if (exceptions.noNames === undefined) {
    test("connector: a host that does not exist is a DNSLookupError, which is no ConnectError", async (net) => {
      const reasons: Error[] = [];
      const client = net.side("client", collecting(reasons));
      net.reactor.connectTCP("no-such-host.invalid", 80, client);
      await net.runUntil("client stopFactory");
      const [reason] = reasons;
      assertInstanceOf(reason, DNSLookupError);
      assertEquals(reason instanceof ConnectError, false);
      assertEquals(client.events[2], "startedConnecting");
    });
  }

  test(
    exceptions.noBindAddress === undefined
      ? "connector: a local address that is not this machine's is a ConnectBindError"
      : "connector: choosing the local address is a ConnectBindError, since it cannot be done",
    async (net) => {
      const { port } = net.listen();
      const reasons: Failure[] = [];
      const { client } = net.connect(port, {
        clientConnectionFailed: (_connector, reason) => reasons.push(reason),
      }, { bindAddress: ["192.0.2.1", 0] });
      assertEquals(client.events.length, 3);
      await net.runUntil("client stopFactory");
      assertEquals(client.events[3], "clientConnectionFailed ConnectBindError");
      assertEquals(reasons[0]?.getErrorMessage().includes("192.0.2.1"), true);
    },
  );
}
