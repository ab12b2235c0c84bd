// What becomes of ports, connections and attempts when the reactor stops, or
// crashes.

import { assert, assertEquals, assertInstanceOf } from "@std/assert";
import { ConnectError, ConnectionLost, Deferred } from "../../mod.ts";
import type { Suite } from "./conformance.ts";
import { bytes, fail, type Hooks, HOST, Network, Oops } from "./network.ts";

/** Defines the tests. */
export function shutdownSuite(suite: Suite): void {
  order(suite);
  closingPorts(suite);
  attempts(suite);
  data(suite);
  stoppingAnywhere(suite);
  errors(suite);
  afterwards(suite);
  crashing(suite);
}

function order({ test }: Suite): void {
  test("shutdown: the ports close first, then the connections in the order they were made", async (net) => {
    let made = 0;
    // Which of the two ends hears of a connection first is open.
    const count = () => {
      if (++made === 6) net.reactor.stop();
    };
    const { port } = net.listen({ connectionMade: count });
    const names = ["first", "second", "third"];
    const connect = (at: number) => {
      const name = names[at];
      if (name === undefined) return;
      const client = net.side(name, {
        connectionMade() {
          count();
          connect(at + 1);
        },
      });
      net.reactor.connectTCP(HOST, port.getHost().port, client);
    };
    connect(0);
    const start = new Promise<number>((resolve) => {
      net.reactor.addSystemEventTrigger("before", "shutdown", () => {
        resolve(net.events.length);
      });
    });
    await net.runUntilStopped();
    const ends = net.events.slice(await start);
    assertEquals(ends.slice(0, 1), ["server doStop"]);
    const clients = ends.filter((event) =>
      / clientConnectionLost /.test(event)
    );
    assertEquals(
      clients,
      names.map((name) => `${name} clientConnectionLost ConnectionLost`),
    );
    const lost = ends.filter((event) => /server connectionLost/.test(event));
    assertEquals(lost, Array(3).fill("server connectionLost ConnectionLost"));
  });

  test("shutdown: connections are open before the shutdown, and gone during it", async (net) => {
    const open: string[] = [];
    const { client } = net.pair({
      client: { connectionMade: () => net.reactor.stop() },
    });
    for (const phase of ["before", "during", "after"] as const) {
      net.reactor.addSystemEventTrigger(phase, "shutdown", () => {
        open.push(`${phase} ${client.protocolBuilt.transport.connected}`);
      });
    }
    await net.runUntilStopped();
    assertEquals(open, ["before true", "during false", "after false"]);
  });

  test("shutdown: connections work on while something holds the shutdown up", async (net) => {
    const finished = new Deferred<void>();
    const { server } = net.pair({
      server: { dataReceived: () => finished.callback() },
      client: { connectionMade: () => net.reactor.stop() },
    });
    net.reactor.addSystemEventTrigger("before", "shutdown", () => {
      net.sides("client")[0]?.protocolBuilt.write("goodbye");
      return finished;
    });
    await net.runUntilStopped();
    assertEquals(server.protocolBuilt.received, "goodbye");
    assertEquals(server.events.includes("connectionLost ConnectionLost"), true);
  });
}

function closingPorts({ test }: Suite): void {
  for (const first of ["stopListening", "stop"] as const) {
    test(`shutdown: a port that is told to stop in the turn of the reactor's stop, ${first} first, has stopped`, async (net) => {
      const { port, server } = net.listen();
      let stopped = 0;
      const stopListening = () =>
        port.stopListening().addCallback(() => void stopped++);
      net.reactor.callWhenRunning(() => {
        if (first === "stopListening") stopListening();
        net.reactor.stop();
        if (first === "stop") stopListening();
      });
      await net.runUntilStopped();
      assertEquals(stopped, 1);
      assertEquals(server.events.slice(2), ["doStop", "stopFactory"]);
    });
  }
}

function attempts({ test }: Suite): void {
  test("shutdown: an attempt that is under way fails with a ConnectError", async (net) => {
    const reasons: Error[] = [];
    const { port } = net.listen();
    const { client } = net.connect(port, {
      clientConnectionFailed: (_connector, reason) =>
        reasons.push(reason.value as Error),
    });
    net.reactor.callFromThread(() => net.reactor.stop());
    await net.runUntilStopped();
    assertEquals(client.events.slice(3), [
      "clientConnectionFailed ConnectError",
      "doStop",
      "stopFactory",
    ]);
    const [reason] = reasons;
    assertInstanceOf(reason, ConnectError);
    assertInstanceOf(reason?.cause, ConnectionLost);
  });

  test("shutdown: an attempt that is stopped when its connection is made leaves nothing open", async (net) => {
    const { port } = net.listen();
    const told = Promise.withResolvers<void>();
    const backend = Object.create(net.backend, {
      connect: {
        value: (...[options, done]: Parameters<typeof net.backend.connect>) =>
          net.backend.connect(options, (outcome) => {
            done(outcome);
            told.resolve();
          }),
      },
    });
    const other = new Network(backend);
    const { client, connector } = other.connect(port);
    // Nobody runs the loop when the backend tells the connector.
    other.reactor.callFromThread(() => other.reactor.crash());
    await other.runUntilCrashed();
    await told.promise;
    connector.stopConnecting();
    assertEquals(client.events.slice(3), [
      "clientConnectionFailed UserError",
      "doStop",
      "stopFactory",
    ]);
    await net.runUntil("server connectionLost ConnectionDone");
  });
}

function data({ test }: Suite): void {
  test("shutdown: what has not been sent is dropped", async (net) => {
    const size = 64 * 1024 * 1024;
    let received = 0;
    net.pair({
      server: {
        connectionMade({ transport }) {
          transport.write(new Uint8Array(size));
          transport.loseConnection();
        },
      },
      client: {
        dataReceived(_protocol, data) {
          if (received === 0) net.reactor.stop();
          received += data.length;
        },
      },
    });
    await net.runUntilStopped();
    assert(received > 0 && received < size);
    assert(net.events.includes("server connectionLost ConnectionLost"));
  });
}

type Place = keyof Hooks;

const SERVER_PLACES: Place[] = [
  "buildProtocol",
  "connectionMade",
  "dataReceived",
  "connectionLost",
];
const CLIENT_PLACES: Place[] = [
  ...SERVER_PLACES,
  "clientConnectionLost",
  "stopFactory",
];

/** Hooks that talk to each other, and stop the reactor in one place. */
function stoppingIn(place: Place | undefined, net: Network): Hooks {
  const stopIn = (here: Place) => {
    if (here === place) net.reactor.stop();
  };
  return {
    buildProtocol(protocol) {
      stopIn("buildProtocol");
      return protocol;
    },
    connectionMade(protocol) {
      stopIn("connectionMade");
      protocol.write("hello");
    },
    dataReceived(protocol) {
      stopIn("dataReceived");
      protocol.transport.loseConnection();
    },
    connectionLost: () => stopIn("connectionLost"),
    clientConnectionLost: () => stopIn("clientConnectionLost"),
    stopFactory: () => stopIn("stopFactory"),
  };
}

/** Of what each side must have heard in the end, and once only. */
function checkWhole(events: string[]): void {
  const count = (start: string) =>
    events.filter((event) => event.startsWith(start)).length;
  assertEquals(count("connectionLost"), count("connectionMade"));
  assertEquals([count("doStart"), count("doStop")], [1, 1]);
  assertEquals([count("startFactory"), count("stopFactory")], [1, 1]);
}

function stoppingAnywhere({ test }: Suite): void {
  for (const place of SERVER_PLACES) {
    test(`shutdown: the reactor can be stopped in ${place} of a server`, async (net) => {
      const { server, client } = net.pair({
        server: stoppingIn(place, net),
        client: stoppingIn(undefined, net),
      });
      await net.runUntilStopped();
      checkWhole(server.events);
      checkWhole(client.events);
      assertEquals(net.errors, []);
    });
  }
  for (const place of CLIENT_PLACES) {
    test(`shutdown: the reactor can be stopped in ${place} of a client`, async (net) => {
      const { server, client } = net.pair({
        server: stoppingIn(undefined, net),
        client: stoppingIn(place, net),
      });
      await net.runUntilStopped();
      checkWhole(server.events);
      checkWhole(client.events);
      assertEquals(net.errors, []);
    });
  }

  test("shutdown: the reactor can be stopped in clientConnectionFailed", async (net) => {
    const client = net.side("client", {
      clientConnectionFailed: () => net.reactor.stop(),
    });
    net.reactor.connectTCP(HOST, await net.refusingPort(), client);
    await net.runUntilStopped();
    checkWhole(client.events);
  });

  test("shutdown: the reactor can be stopped in the moment in which a port closes", async (net) => {
    const { port, server, client } = net.pair({
      client: {
        connectionMade: () => {
          port.stopListening();
          net.reactor.stop();
        },
      },
    });
    await net.runUntilStopped();
    checkWhole(server.events);
    checkWhole(client.events);
    assertEquals(net.errors, []);
  });

  test("shutdown: the reactor can be stopped by a timer that closes a port", async (net) => {
    const { port, server, client } = net.pair({
      client: {
        connectionMade: () =>
          net.reactor.callFromThread(() => net.clock.advance(1)),
      },
    });
    net.reactor.callLater(1, () => {
      port.stopListening();
      net.reactor.stop();
    });
    await net.runUntilStopped();
    checkWhole(server.events);
    checkWhole(client.events);
    assertEquals(net.errors, []);
  });

  test("shutdown: the reactor can be stopped in the moment of an abort", async (net) => {
    const { server, client } = net.pair({
      client: {
        connectionMade({ transport }) {
          transport.abortConnection();
          net.reactor.stop();
        },
      },
    });
    await net.runUntilStopped();
    checkWhole(server.events);
    checkWhole(client.events);
    assertEquals(net.errors, []);
  });
}

function errors({ test }: Suite): void {
  test("shutdown: errors in the last callbacks keep nothing from being closed", async (net) => {
    const failing = () => fail(new Oops("no"));
    const { client, server } = net.pair({
      server: { connectionLost: failing, stopFactory: failing },
      client: {
        connectionMade: () => net.reactor.stop(),
        connectionLost: failing,
        clientConnectionLost: failing,
        stopFactory: failing,
      },
    });
    await net.runUntilStopped();
    checkWhole(client.events);
    checkWhole(server.events);
    const names = net.errors.map((error) => /in (\w+)/.exec(error)?.[1]);
    const expected = [
      "doStop",
      "connectionLost",
      "clientConnectionLost",
      "doStop",
    ];
    if (server.protocols.length > 0) expected.push("connectionLost");
    assertEquals(names.sort(), expected.sort());
  });
}

function afterwards({ test }: Suite): void {
  test("shutdown: what is opened while the reactor stops is never heard of", async (net) => {
    const late: Network["events"] = [];
    const { port } = net.listen();
    const { client } = net.connect(port, {
      connectionMade: () => net.reactor.stop(),
      connectionLost() {
        const again = net.side("late");
        net.reactor.connectTCP(HOST, port.getHost().port, again);
      },
    });
    await net.runUntilStopped().catch((error) => late.push(String(error)));
    assertEquals(client.events.at(-1), "stopFactory");
    const heard = net.events.filter((event) => event.startsWith("late"));
    assertEquals(heard, [
      "late doStart",
      "late startFactory",
      "late startedConnecting",
    ]);
  });
}

function crashing({ test }: Suite): void {
  test("shutdown: a crash closes nothing, and the connections live on in the next run", async (net) => {
    const { server, client } = net.pair({
      client: { connectionMade: () => net.reactor.crash() },
    });
    await net.runUntilCrashed();
    const { transport } = client.protocolBuilt;
    assertEquals(transport.connected, true);
    assertEquals(client.events.at(-1), "connectionMade");
    transport.write(bytes("after the crash"));
    transport.loseConnection();
    await net.runUntil("server connectionLost", "client stopFactory");
    assertEquals(server.protocolBuilt.received, "after the crash");
  });

  test("shutdown: connections that come between two runs are accepted in the second", async (net) => {
    const { port } = net.listen();
    net.reactor.callWhenRunning(() => net.reactor.crash());
    await net.runUntilCrashed();
    const socket = await net.socket(port);
    assertEquals(net.events, ["server doStart", "server startFactory"]);
    await net.runUntil("server connectionMade");
    socket.close();
  });
}
