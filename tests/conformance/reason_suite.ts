// Why a connection is over: what each side is told.

import {
  assertEquals,
  assertInstanceOf,
  assertNotStrictEquals,
  assertStrictEquals,
} from "@std/assert";
import {
  ConnectionAborted,
  ConnectionClosed,
  ConnectionDone,
  ConnectionLost,
  type Failure,
  type ProtocolLike,
} from "../../mod.ts";
import type { Suite } from "./conformance.ts";
import { fail, Oops } from "./network.ts";

/** Defines the tests. */
export function reasonSuite({ test, exceptions }: Suite): void {
  const peerOfAnAbort = exceptions.noReset === undefined
    ? "ConnectionLost"
    : "ConnectionDone";

  test("reason: loseConnection of a client is a clean end on both sides", async (net) => {
    net.pair({
      client: { connectionMade: ({ transport }) => transport.loseConnection() },
    });
    await net.runUntil(
      "client connectionLost ConnectionDone",
      "server connectionLost ConnectionDone",
    );
  });

  test("reason: loseConnection of a server is a clean end on both sides", async (net) => {
    net.pair({
      server: { connectionMade: ({ transport }) => transport.loseConnection() },
    });
    await net.runUntil(
      "client connectionLost ConnectionDone",
      "server connectionLost ConnectionDone",
    );
  });

  test(`reason: abortConnection is a ConnectionAborted, and a ${peerOfAnAbort} for the peer`, async (net) => {
    const { port } = net.listen();
    net.connect(port, {
      connectionMade: ({ transport }) => transport.abortConnection(),
    });
    await net.runUntil(
      "client connectionLost ConnectionAborted",
      "client clientConnectionLost ConnectionAborted",
      `server connectionLost ${peerOfAnAbort}`,
    );
  });

  test("reason: an error in a callback is the reason itself, and a clean end for the peer", async (net) => {
    const oops = new Oops("no");
    const reasons: Failure[] = [];
    net.pair({
      server: { connectionMade: (protocol) => protocol.write("hello") },
      client: {
        dataReceived: () => fail(oops),
        connectionLost: (_protocol, reason) => reasons.push(reason),
        clientConnectionLost: (_connector, reason) => reasons.push(reason),
      },
    });
    await net.runUntil(
      "client stopFactory",
      "server connectionLost ConnectionDone",
    );
    assertStrictEquals(reasons[0]?.value, oops);
    assertStrictEquals(reasons[1], reasons[0]);
  });

  test("reason: a stopping reactor is a ConnectionLost", async (net) => {
    const { client, server } = net.pair({
      server: { connectionMade: (protocol) => protocol.write("hello") },
      client: { dataReceived: () => net.reactor.stop() },
    });
    await net.runUntilStopped();
    assertEquals(client.events[5], "connectionLost ConnectionLost");
    assertEquals(client.events[6], "clientConnectionLost ConnectionLost");
    assertEquals(server.events.at(-1), "connectionLost ConnectionLost");
  });

  test(`reason: a peer that aborts in the middle of a large write is a ${peerOfAnAbort}`, async (net) => {
    net.pair({
      server: {
        connectionMade: ({ transport }) => {
          transport.write(new Uint8Array(64 * 1024 * 1024));
        },
      },
      client: { dataReceived: ({ transport }) => transport.abortConnection() },
    });
    await net.runUntil(
      `server connectionLost ${peerOfAnAbort}`,
      "client stopFactory",
    );
  });

  test("reason: the reasons of the connections are of one family", () => {
    for (const reason of [new ConnectionDone(), new ConnectionLost()]) {
      assertInstanceOf(reason, ConnectionClosed);
    }
    assertInstanceOf(new ConnectionAborted(), ConnectionLost);
    assertEquals(new ConnectionDone() instanceof ConnectionLost, false);
  });

  test("reason: each side has a protocol of its own", async (net) => {
    const protocols: ProtocolLike[] = [];
    net.pair({
      server: { connectionMade: (it) => protocols.push(it) },
      client: { connectionMade: (it) => protocols.push(it) },
    });
    await net.runUntil("client connectionMade", "server connectionMade");
    assertNotStrictEquals(protocols[0], protocols[1]);
  });
}
