// Attempts to connect that meet with a fault: at either end, and at any moment.

import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  type Connector,
  type DelayedCall,
  NotConnectingError,
  type Port,
  type Stream,
} from "../../mod.ts";
import { portOf } from "../support/reactors.ts";
import type { Suite } from "./conformance.ts";
import { type Hooks, HOST, Network, type Side } from "./network.ts";

/** Defines the tests. */
export function attemptSuite(suite: Suite): void {
  resets(suite);
  closingPorts(suite);
  stopping(suite);
  crowds(suite);
}

/** Connects past the reactor, which may not even run. */
function connectStream(net: Network, port: Port): Promise<Stream> {
  const to = { hostname: HOST, port: port.getHost().port };
  return new Promise((resolve, reject) => {
    net.backend.connect(to, (outcome) => {
      if (outcome instanceof Error) reject(outcome);
      else resolve(outcome);
    });
  });
}

/** What a client heard of the end of its attempt, or of its connection. */
function endOf({ events }: Side): string {
  const end = /^clientConnection(Failed|Lost) /;
  const ends = events.filter((event) => end.test(event));
  assertEquals(ends.length, 1, `one end among ${events}`);
  assertEquals(events.slice(-2), ["doStop", "stopFactory"]);
  return ends[0] ?? "";
}

function resets({ testPeer }: Suite): void {
  testPeer(
    "connection attempt: a port goes on at once where those who waited have reset their connections",
    "server",
    async (net) => {
      const { port, server } = net.listen({
        dataReceived: () => net.record("served"),
      });
      for (let i = 0; i < 5; i++) (await connectStream(net, port)).abort();
      await new Promise<void>((resolve) => net.backend.nextTurn(resolve));
      net.connect(port, {
        connectionMade: (protocol) => protocol.write("still there?"),
      });
      // No time passes: a port that rests would rest for ever.
      await net.runUntil("served", "client connectionMade");
      const served = server.protocols.filter(({ received }) => received !== "");
      const lost = server.events.filter((event) =>
        /^connectionLost/.test(event)
      );
      const others = server.protocols.length - served.length;
      assertEquals(served.length, 1);
      assertEquals(lost, Array(others).fill("connectionLost ConnectionLost"));
      assertEquals(net.errors, []);
    },
  );

  testPeer(
    "connection attempt: a connection that is reset as soon as it is made has failed, or is lost",
    "client",
    async (net) => {
      const { client } = net.pair({
        server: {
          connectionMade: ({ transport }) => transport.abortConnection(),
        },
      });
      await net.runUntil(
        "client stopFactory",
        "server connectionLost ConnectionAborted",
      );
      const failed = "clientConnectionFailed ConnectError";
      const end = endOf(client);
      assert([failed, "clientConnectionLost ConnectionLost"].includes(end));
      assertEquals(net.errors, []);
    },
  );
}

function closingPorts({ test }: Suite): void {
  test("connection attempt: a port that closes breaks the connections that nobody has accepted", async (net) => {
    const listener = net.backend.listen({
      hostname: HOST,
      port: 0,
      backlog: 5,
      reusePort: false,
    });
    const client = net.side("client");
    net.reactor.connectTCP(HOST, portOf(listener.address), client);
    const made = net.happened("client connectionMade");
    await net.runWith(async () => {
      await made;
      await net.turns(3);
      const over = net.happened("client stopFactory");
      await listener.close();
      await over;
    });
    assertEquals(endOf(client), "clientConnectionLost ConnectionLost");
    assertEquals(net.errors, []);
  });

  test("connection attempt: each of those who connect to a port that is closed meanwhile hears of an end", async (net) => {
    const count = 20;
    const { port } = net.listen();
    const ends: string[] = [];
    for (let i = 0; i < count; i++) {
      net.connect(port, {
        connectionMade: () => port.stopListening(),
        connectionLost: () => ends.push("lost"),
      });
    }
    await net.runWith(async () => {
      const over = net.happened(...Array(count).fill("client stopFactory"));
      await port.stopListening();
      // Those that were accepted before live on.
      for (
        const { protocols } of [...net.sides("server"), ...net.sides("client")]
      ) {
        for (const { transport } of protocols) transport?.abortConnection();
      }
      await over;
    });
    const kinds = new Set(net.sides("client").map(endOf));
    const possible = new Set([
      "clientConnectionFailed ConnectError",
      "clientConnectionFailed ConnectionRefusedError",
      "clientConnectionLost ConnectionAborted",
      "clientConnectionLost ConnectionDone",
      "clientConnectionLost ConnectionLost",
    ]);
    assertEquals([...kinds].filter((kind) => !possible.has(kind)), []);
    assertEquals(net.errors, []);
  });
}

/** How many turns an attempt in this process may take, at the most. */
const TURNS = 8;

function stopping({ test, exceptions }: Suite): void {
  for (const host of exceptions.noNames ? [HOST] : [HOST, "localhost"]) {
    test(`connection attempt: an attempt to connect to ${host} can be stopped in any turn`, async (net) => {
      for (let turn = 0; turn <= TURNS; turn++) {
        await stoppingInTurn(new Network(net.backend), host, turn);
      }
    });
  }

  test("connection attempt: where the attempt is over, stopConnecting is refused and changes nothing", async (net) => {
    const refused: string[] = [];
    const refuse = (place: string) => {
      const [connector] = connectors;
      assertThrows(() => connector?.stopConnecting(), NotConnectingError);
      refused.push(place);
    };
    const hooks = (name: string): Hooks => ({
      buildProtocol(protocol) {
        refuse(`${name} buildProtocol`);
        return protocol;
      },
      connectionMade(protocol) {
        refuse(`${name} connectionMade`);
        protocol.transport.loseConnection();
      },
      connectionLost: () => refuse(`${name} connectionLost`),
      clientConnectionLost: () => refuse(`${name} clientConnectionLost`),
      clientConnectionFailed: () => refuse(`${name} clientConnectionFailed`),
    });
    const connectors: Connector[] = [];
    const { port } = net.listen();
    const made = net.connect(port, hooks("made"));
    connectors.push(made.connector);
    await net.runWith(async () => {
      await net.happened("client stopFactory");
      const failing = net.side("failing", hooks("failing"));
      connectors[0] = net.reactor.connectTCP(
        HOST,
        await net.refusingPort(),
        failing,
      );
      await net.happened("failing stopFactory");
      assertEquals(
        endOf(failing),
        "clientConnectionFailed ConnectionRefusedError",
      );
    });
    assertEquals(endOf(made.client), "clientConnectionLost ConnectionDone");
    assertEquals(refused, [
      "made buildProtocol",
      "made connectionMade",
      "made connectionLost",
      "made clientConnectionLost",
      "failing clientConnectionFailed",
    ]);
    assertEquals(net.errors, []);
  });
}

async function stoppingInTurn(
  net: Network,
  host: string,
  turn: number,
): Promise<void> {
  const { port, server } = net.listen({
    dataReceived: () => net.record("late"),
  });
  const client = net.side("client");
  const to = port.getHost().port;
  const connector = net.reactor.connectTCP(host, to, client);
  let expected = "clientConnectionFailed UserError";
  await net.runWith(async () => {
    await net.turns(turn);
    if (connector.state === "connected") {
      expected = "clientConnectionLost ConnectionDone";
    }
    const over = net.happened("client stopFactory");
    connector.disconnect();
    await over;
    // Whatever the other end has seen, it goes on.
    const late = net.happened("late");
    net.connect(port, { connectionMade: (protocol) => protocol.write("late") });
    await late;
    // Nor is what was given up a connection of the other end's.
    while (openOf(server) > 1) await net.passes(1);
  });
  assertEquals(endOf(client), expected);
  assertEquals(net.errors, []);
}

/** How many of a side's connections are open. */
function openOf({ protocols }: Side): number {
  return protocols.filter(({ transport }) => transport.connected).length;
}

const CROWD = 1000;

/** How many of them are waited for, before the rest lose their patience. */
const FIRST_SERVED = 20;

const PATIENCE = 30;

function crowds({ test }: Suite): void {
  test("connection attempt: of 1,000 who connect at once to a short backlog each is served, or hears why not", async (net) => {
    const { port, server } = net.listen({
      dataReceived(protocol) {
        protocol.write("a poem");
        protocol.transport.loseConnection();
      },
    }, { backlog: 5 });
    for (let i = 0; i < CROWD; i++) net.connect(port, asking(net));
    const clients = net.sides("client");
    const served = net.happened(...Array(FIRST_SERVED).fill("served"));
    await net.runWith(async () => {
      await served;
      const left = clients.filter(({ numPorts }) => numPorts > 0).length;
      const over = net.happened(...Array(left).fill("client stopFactory"));
      net.clock.advance(PATIENCE);
      await over;
      const last = net.happened("served");
      net.connect(port, asking(net));
      await last;
    });
    const kinds = new Set(clients.map(endOf));
    const possible = new Set([
      "clientConnectionFailed ConnectTimeoutError",
      "clientConnectionLost ConnectionAborted",
      "clientConnectionLost ConnectionDone",
      "clientConnectionLost ConnectionLost",
    ]);
    assertEquals([...kinds].filter((kind) => !possible.has(kind)), []);
    assert(server.protocols.length <= CROWD + 1);
    assertEquals(net.errors, []);
  });
}

/** A client that asks for something, and does not wait for ever to get it. */
function asking(net: Network): Hooks {
  let timeout: DelayedCall | undefined;
  return {
    connectionMade(protocol) {
      protocol.write("please");
      timeout = net.reactor.callLater(
        PATIENCE,
        () => protocol.transport.abortConnection(),
      );
    },
    connectionLost({ received }) {
      if (timeout?.active()) timeout.cancel();
      if (received !== "") net.record("served");
    },
  };
}
