// Peers that are gone, and what was still sent to them: a clean end means that
// nothing was refused.

import { assertEquals } from "@std/assert";
import type { Transport } from "../../mod.ts";
import { type Carrier, overEach, type Pair } from "./carriers.ts";
import type { Suite } from "./conformance.ts";
import { bytes, type Hooks, Network, type PairHooks } from "./network.ts";

const PLAIN: readonly Carrier[] = ["TCP", "UNIX"];

/**
 * So often the runtime sees to its own events until a socket that was closed is, and
 * what was sent is refused.
 */
const SOME_PASSES = 200;

/** Defines the tests. */
export function gonePeerSuite(suite: Suite): void {
  for (const end of ["loseConnection", "loseWriteConnection"] as const) {
    for (const reading of ["ended", "paused"] as const) {
      refused(suite, reading, end);
      clean(suite, reading, end);
    }
  }
  unread(suite);
  checkedAgain(suite);
}

type Reading = "ended" | "paused";
type End = "loseConnection" | "loseWriteConnection";

/** A client that is not reading any more when its server is gone. */
function client(net: Network, reading: Reading): Hooks {
  if (reading === "paused") {
    return { connectionMade: ({ transport }) => transport.pauseProducing() };
  }
  return {
    buildProtocol: (protocol) =>
      Object.assign(protocol, {
        readConnectionLost: () => void net.record("client readConnectionLost"),
        writeConnectionLost() {},
      }),
  };
}

/** Runs until the server is gone, and the client knows what it will know of that. */
async function gone(
  net: Network,
  reading: Reading,
  pair: (hooks: PairHooks) => Pair,
  fn: (transport: Transport) => Promise<void>,
): Promise<void> {
  const sides = pair({
    server: { connectionMade: ({ transport }) => transport.loseConnection() },
    client: client(net, reading),
  });
  const seen = net.happened(
    "client connectionMade",
    "server connectionLost ConnectionDone",
    ...(reading === "ended" ? ["client readConnectionLost"] : []),
  );
  await net.runWith(async () => {
    await seen;
    await net.passes(SOME_PASSES);
    await fn(sides.client.protocolBuilt.transport);
  });
  assertEquals(net.errors, []);
}

function refused(suite: Suite, reading: Reading, end: End): void {
  overEach(
    suite,
    PLAIN,
    `gone peer: what a peer that is gone has refused makes ${end} a ConnectionLost where reading has ${reading}`,
    (net, pair) =>
      gone(net, reading, pair, async (transport) => {
        const lost = net.happened("client connectionLost ConnectionLost");
        transport.write(bytes("are you there?"));
        await net.passes(SOME_PASSES);
        transport[end]();
        await lost;
      }),
  );
}

function clean(suite: Suite, reading: Reading, end: End): void {
  overEach(
    suite,
    PLAIN,
    `gone peer: ${end} is a clean end where a peer that is gone has refused nothing, and reading has ${reading}`,
    (net, pair) =>
      gone(net, reading, pair, async (transport) => {
        const done = net.happened("client connectionLost ConnectionDone");
        transport[end]();
        await net.passes(SOME_PASSES);
        transport.resumeProducing();
        await done;
      }),
  );
}

/** A client that wrote something to a server which closes, and has not read it. */
async function unreadBy(
  net: Network,
  pair: (hooks: PairHooks) => Pair,
  reading: "open" | "paused",
): Promise<void> {
  const { server, client } = pair({
    server: { connectionMade: ({ transport }) => transport.pauseProducing() },
    client: {
      connectionMade(protocol) {
        if (reading === "paused") protocol.transport.pauseProducing();
        protocol.write("never read");
      },
    },
  });
  const made = net.happened("client connectionMade", "server connectionMade");
  await net.runWith(async () => {
    await made;
    await net.passes(SOME_PASSES);
    const lost = net.happened("client connectionLost ConnectionLost");
    server.protocolBuilt.transport.loseConnection();
    if (reading === "paused") {
      await net.passes(SOME_PASSES);
      client.protocolBuilt.transport.loseConnection();
    }
    await lost;
  });
  assertEquals(net.errors, []);
}

function checkedAgain({ test }: Suite): void {
  test("gone peer: what is written behind a check of what was sent is checked as well", async ({ backend }) => {
    let checks = 0;
    let checked = () => {};
    const net = new Network({
      ...backend,
      connect: (options, done) =>
        backend.connect(options, (outcome) => {
          if (!(outcome instanceof Error)) {
            const checkSent = outcome.checkSent?.bind(outcome);
            outcome.checkSent = () => {
              checks++;
              checkSent?.();
              checked();
            };
          }
          done(outcome);
        }),
    });
    const { server } = net.pair({
      client: {
        connectionMade({ transport }) {
          checked = () => {
            if (checks === 1) transport.write(bytes(" true daughter"));
          };
          transport.pauseProducing();
          transport.write(bytes("Science!"));
          transport.loseConnection();
        },
      },
    });
    await net.runUntil(
      "server connectionLost ConnectionDone",
      "client stopFactory",
    );
    assertEquals(server.protocolBuilt.received, "Science! true daughter");
    assertEquals(checks, 2);
  });
}

function unread(suite: Suite): void {
  const name =
    "gone peer: a peer that closes and has not read everything has lost the connection";
  // Deno's own peers end their half of a connection over TCP first, and then break it.
  suite.testPeer(
    `${name}, over TCP`,
    "client",
    (net) => unreadBy(net, (hooks) => net.pair(hooks), "open"),
  );
  suite.testPeer(
    `${name}, which is seen when that closes, if it is paused, over TCP`,
    "client",
    (net) => unreadBy(net, (hooks) => net.pair(hooks), "paused"),
  );
  overEach(
    suite,
    ["UNIX"],
    name,
    (net, pair) => unreadBy(net, pair, "open"),
  );
}
