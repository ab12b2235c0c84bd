// Half a connection: one side has sent all it had, and the other goes on.

import { assertEquals } from "@std/assert";
import type { Suite } from "./conformance.ts";
import {
  bytes,
  fail,
  type Hooks,
  type Network,
  Oops,
  type Recorder,
} from "./network.ts";

/** More than the buffers of any kernel between two sockets hold. */
const LARGE = 32 * 1024 * 1024;

/** How long to look on, where nothing should happen. */
const SOME_TURNS = 20;

/** Defines the tests. */
export function halfCloseSuite(suite: Suite): void {
  sending(suite);
  waiting(suite);
  receiving(suite);
  closing(suite);
  errors(suite);
}

/** What a test does when half of the connection of one side is closed. */
interface HalfHooks extends Hooks {
  readConnectionLost?(protocol: Recorder): unknown;
  writeConnectionLost?(protocol: Recorder): unknown;
}

/** The hooks of a side whose protocol goes on with half a connection. */
function half(net: Network, name: string, hooks: HalfHooks = {}): Hooks {
  return {
    ...hooks,
    buildProtocol: (protocol) =>
      Object.assign(protocol, {
        readConnectionLost() {
          net.record(`${name} readConnectionLost`);
          return hooks.readConnectionLost?.(protocol) as void;
        },
        writeConnectionLost() {
          net.record(`${name} writeConnectionLost`);
          return hooks.writeConnectionLost?.(protocol) as void;
        },
      }),
  };
}

/** All that a side was told of the end, in order. */
function endOf(net: Network, name: string): string[] {
  const start = new RegExp(`^${name} (?=(read|write)?connectionLost)`, "i");
  return net.events.filter((event) => start.test(event))
    .map((event) => event.replace(start, ""));
}

const CLEAN = ["client connectionLost", "server connectionLost"];

function sending({ test }: Suite): void {
  test("half-close: a side that has sent everything still receives", async (net) => {
    const { server, client } = net.pair({
      server: half(net, "server", {
        readConnectionLost(protocol) {
          protocol.write("I got it all");
          protocol.transport.loseConnection();
        },
      }),
      client: half(net, "client", {
        connectionMade(protocol) {
          protocol.transport.write(new Uint8Array(LARGE / 8));
          protocol.transport.loseWriteConnection();
          protocol.transport.loseWriteConnection();
          protocol.write("end");
        },
        writeConnectionLost: (protocol) => protocol.write("too late"),
      }),
    });
    await net.runUntil(...CLEAN);
    const { sizes, received } = server.protocolBuilt;
    const size = sizes.reduce((sum, size) => sum + size, 0);
    assertEquals([size, received.slice(-3)], [LARGE / 8 + 3, "end"]);
    assertEquals(client.protocolBuilt.received, "I got it all");
    assertEquals(endOf(net, "client"), [
      "writeConnectionLost",
      "readConnectionLost",
      "connectionLost ConnectionDone",
    ]);
    assertEquals(endOf(net, "server"), [
      "readConnectionLost",
      "connectionLost ConnectionDone",
    ]);
  });

  test("half-close: a protocol need not be told that it has sent everything", async (net) => {
    const { client } = net.pair({
      server: half(net, "server", {
        readConnectionLost(protocol) {
          protocol.write("answer");
          protocol.transport.loseConnection();
        },
      }),
      client: {
        connectionMade: ({ transport }) => transport.loseWriteConnection(),
      },
    });
    await net.runUntil(...CLEAN);
    assertEquals(client.protocolBuilt.received, "answer");
    assertEquals(endOf(net, "client"), ["connectionLost ConnectionDone"]);
  });

  test("half-close: a producer gives out all it has before half of the connection is closed", async (net) => {
    let left = 5;
    const { server } = net.pair({
      server: half(net, "server", {
        readConnectionLost: ({ transport }) => transport.loseConnection(),
      }),
      client: {
        connectionMade({ transport }) {
          transport.registerProducer({
            resumeProducing() {
              if (left-- > 0) transport.write(bytes("more "));
              else transport.unregisterProducer();
            },
            stopProducing() {},
          }, false);
          transport.loseWriteConnection();
        },
      },
    });
    await net.runUntil(...CLEAN);
    assertEquals(server.protocolBuilt.received, "more ".repeat(5));
  });
}

/** A producer that has nothing to give yet. */
const SILENT = {
  resumeProducing() {},
  pauseProducing() {},
  stopProducing() {},
};

function waiting({ test }: Suite): void {
  test("half-close: half of a connection is closed when a producer is unregistered later", async (net) => {
    const { client } = net.pair({
      server: half(net, "server", {
        readConnectionLost: ({ transport }) => transport.loseConnection(),
      }),
      client: half(net, "client", {
        connectionMade({ transport }) {
          transport.registerProducer(SILENT, false);
          transport.loseWriteConnection();
        },
      }),
    });
    const made = net.happened("client connectionMade", "server connectionMade");
    await net.runWith(async () => {
      await made;
      await net.turns(SOME_TURNS);
      assertEquals([endOf(net, "client"), endOf(net, "server")], [[], []]);
      const over = net.happened(...CLEAN);
      client.protocolBuilt.transport.unregisterProducer();
      await over;
    });
    assertEquals(endOf(net, "client"), [
      "writeConnectionLost",
      "readConnectionLost",
      "connectionLost ConnectionDone",
    ]);
  });

  test("half-close: half of a connection is closed once, however often that is asked for", async (net) => {
    net.pair({
      server: half(net, "server", {
        readConnectionLost(protocol) {
          protocol.write("answer");
          protocol.transport.loseConnection();
        },
      }),
      client: half(net, "client", {
        connectionMade: ({ transport }) => transport.loseWriteConnection(),
        writeConnectionLost: ({ transport }) => transport.loseWriteConnection(),
        dataReceived: ({ transport }) => transport.loseWriteConnection(),
        readConnectionLost({ transport }) {
          transport.resumeProducing();
          transport.loseWriteConnection();
        },
      }),
    });
    await net.runUntil(...CLEAN);
    assertEquals(endOf(net, "client"), [
      "writeConnectionLost",
      "readConnectionLost",
      "connectionLost ConnectionDone",
    ]);
    assertEquals(net.errors, []);
  });
}

function receiving({ test }: Suite): void {
  test("half-close: a peer that knows no halves closes the whole connection", async (net) => {
    net.pair({
      client: half(net, "client", {
        connectionMade: ({ transport }) => transport.loseWriteConnection(),
      }),
    });
    await net.runUntil(...CLEAN);
    assertEquals(endOf(net, "server"), ["connectionLost ConnectionDone"]);
    assertEquals(endOf(net, "client"), [
      "writeConnectionLost",
      "readConnectionLost",
      "connectionLost ConnectionDone",
    ]);
  });

  test("half-close: a peer that has closed everything looks the same", async (net) => {
    const { client } = net.pair({
      server: half(net, "server", {
        readConnectionLost: ({ transport }) => transport.loseConnection(),
      }),
      client: { connectionMade: ({ transport }) => transport.loseConnection() },
    });
    await net.runUntil(...CLEAN);
    assertEquals(client.protocolBuilt.received, "");
    assertEquals(endOf(net, "server"), [
      "readConnectionLost",
      "connectionLost ConnectionDone",
    ]);
  });

  test("half-close: the end is not seen while a transport is paused, and once afterwards", async (net) => {
    const { server } = net.pair({
      server: half(net, "server", {
        connectionMade: ({ transport }) => transport.pauseProducing(),
        readConnectionLost({ transport }) {
          transport.pauseProducing();
          transport.resumeProducing();
        },
      }),
      client: half(net, "client", {
        connectionMade: ({ transport }) => transport.loseWriteConnection(),
      }),
    });
    const ended = net.happened("client writeConnectionLost");
    await net.runWith(async () => {
      await ended;
      await net.turns(SOME_TURNS);
      assertEquals(endOf(net, "server"), []);
      const seen = net.happened("server readConnectionLost");
      server.protocolBuilt.transport.resumeProducing();
      await seen;
      await net.turns(SOME_TURNS);
      assertEquals(endOf(net, "server"), ["readConnectionLost"]);
      const over = net.happened(...CLEAN);
      server.protocolBuilt.transport.loseConnection();
      await over;
    });
  });
}

function closing({ test, exceptions }: Suite): void {
  test("half-close: when both halves are closed, the connection is over", async (net) => {
    net.pair({
      server: half(net, "server", {
        readConnectionLost: ({ transport }) => transport.loseWriteConnection(),
      }),
      client: half(net, "client", {
        connectionMade: ({ transport }) => transport.loseWriteConnection(),
      }),
    });
    await net.runUntil(...CLEAN);
    assertEquals(endOf(net, "server"), [
      "readConnectionLost",
      "writeConnectionLost",
      "connectionLost ConnectionDone",
    ]);
    assertEquals(endOf(net, "client"), [
      "writeConnectionLost",
      "readConnectionLost",
      "connectionLost ConnectionDone",
    ]);
  });

  test("half-close: loseConnection closes the half that is left, later", async (net) => {
    const seen: boolean[] = [];
    net.pair({
      server: half(net, "server", {
        readConnectionLost: ({ transport }) => transport.loseConnection(),
      }),
      client: half(net, "client", {
        connectionMade: ({ transport }) => transport.loseWriteConnection(),
        writeConnectionLost({ transport }) {
          transport.loseConnection();
          seen.push(transport.connected, transport.disconnecting);
        },
      }),
    });
    await net.runUntil(...CLEAN);
    assertEquals(seen, [true, true]);
    assertEquals(endOf(net, "client"), [
      "writeConnectionLost",
      "connectionLost ConnectionDone",
    ]);
  });

  for (const order of ["before", "after"]) {
    test(`half-close: loseConnection ${order} loseWriteConnection closes everything`, async (net) => {
      const { server } = net.pair({
        client: half(net, "client", {
          connectionMade(protocol) {
            const { transport } = protocol;
            protocol.write("hello");
            if (order === "before") transport.loseConnection();
            transport.loseWriteConnection();
            if (order === "after") transport.loseConnection();
          },
        }),
      });
      await net.runUntil(...CLEAN);
      assertEquals(server.protocolBuilt.received, "hello");
      assertEquals(endOf(net, "client"), ["connectionLost ConnectionDone"]);
    });
  }

  test("half-close: half a connection ends when the reactor stops", async (net) => {
    net.pair({
      server: half(net, "server"),
      client: half(net, "client", {
        connectionMade: ({ transport }) => transport.loseWriteConnection(),
      }),
    });
    const ended = net.happened(
      "client writeConnectionLost",
      "server readConnectionLost",
    );
    ended.then(() => net.reactor.stop());
    await net.runUntilStopped();
    assertEquals(endOf(net, "client").at(-1), "connectionLost ConnectionLost");
    assertEquals(endOf(net, "server").at(-1), "connectionLost ConnectionLost");
  });

  test("half-close: half a connection can be aborted", async (net) => {
    net.pair({
      server: half(net, "server"),
      client: half(net, "client", {
        connectionMade: ({ transport }) => transport.loseWriteConnection(),
        writeConnectionLost({ transport }) {
          transport.abortConnection();
          transport.loseConnection();
        },
      }),
    });
    const over = net.happened("client connectionLost");
    await net.runWith(async () => {
      await over;
    });
    assertEquals(endOf(net, "client"), [
      "writeConnectionLost",
      "connectionLost ConnectionAborted",
    ]);
  });

  for (const method of ["readConnectionLost", "writeConnectionLost"]) {
    test(`half-close: to abort in the ${method} that closes the second half is still an abort`, async (net) => {
      const isReading = method === "readConnectionLost";
      net.pair({
        server: half(net, "server", {
          // Its end comes first where the client is to find it there.
          connectionMade({ transport }) {
            if (!isReading) transport.loseWriteConnection();
          },
          readConnectionLost: ({ transport }) => transport.loseConnection(),
        }),
        client: half(net, "client", {
          connectionMade({ transport }) {
            if (isReading) transport.loseWriteConnection();
          },
          readConnectionLost({ transport }) {
            if (isReading) transport.abortConnection();
            else transport.loseWriteConnection();
          },
          writeConnectionLost({ transport }) {
            if (!isReading) transport.abortConnection();
          },
        }),
      });
      await net.runUntil(...CLEAN);
      assertEquals(
        endOf(net, "client").at(-1),
        "connectionLost ConnectionAborted",
      );
    });
  }

  test("half-close: a producer that aborts when it is told to go on closes no half before", async (net) => {
    net.pair({
      client: half(net, "client", {
        connectionMade({ transport }) {
          transport.loseWriteConnection();
          transport.registerProducer({
            pauseProducing() {},
            resumeProducing() {
              transport.abortConnection();
              transport.unregisterProducer();
            },
            stopProducing() {},
          }, true);
          // So much that it is told to wait.
          transport.write(new Uint8Array(LARGE / 8));
        },
      }),
    });
    await net.runUntil("client connectionLost");
    assertEquals(endOf(net, "client"), ["connectionLost ConnectionAborted"]);
  });

  test("half-close: a producer for the half that is closed is stopped at once", async (net) => {
    const calls: string[] = [];
    net.pair({
      server: half(net, "server", {
        readConnectionLost: ({ transport }) => transport.loseConnection(),
      }),
      client: half(net, "client", {
        connectionMade: ({ transport }) => transport.loseWriteConnection(),
        writeConnectionLost({ transport }) {
          transport.registerProducer({
            resumeProducing: () => calls.push("resume"),
            stopProducing: () => calls.push("stop"),
          }, false);
        },
      }),
    });
    await net.runUntil(...CLEAN);
    assertEquals(calls, ["stop"]);
  });

  test("half-close: a transport that is over has no halves", async (net) => {
    net.pair({
      client: half(net, "client", {
        connectionMade({ transport }) {
          transport.abortConnection();
          transport.loseWriteConnection();
        },
        connectionLost: ({ transport }) => transport.loseWriteConnection(),
      }),
    });
    await net.runUntil(...CLEAN);
    assertEquals(endOf(net, "client"), ["connectionLost ConnectionAborted"]);
  });

  if (exceptions.noReset !== undefined) return;
  test("half-close: a peer that aborts closes no half, but breaks the connection", async (net) => {
    net.pair({
      server: half(net, "server"),
      client: {
        connectionMade: ({ transport }) => transport.abortConnection(),
      },
    });
    await net.runUntil(...CLEAN);
    assertEquals(endOf(net, "server"), ["connectionLost ConnectionLost"]);
  });
}

function errors({ test }: Suite): void {
  for (const method of ["readConnectionLost", "writeConnectionLost"]) {
    test(`half-close: an error out of ${method} is logged, and ends the connection`, async (net) => {
      const reading = method === "readConnectionLost";
      const end: Hooks = {
        connectionMade: ({ transport }) => transport.loseWriteConnection(),
      };
      const oops = { [method]: () => fail(new Oops("no")) };
      net.pair({
        server: half(
          net,
          "server",
          reading ? oops : {
            readConnectionLost: ({ transport }) => transport.loseConnection(),
          },
        ),
        client: half(net, "client", reading ? end : { ...end, ...oops }),
      });
      await net.runUntil(...CLEAN);
      assertEquals(endOf(net, reading ? "server" : "client"), [
        method,
        "connectionLost Oops",
      ]);
      assertEquals(net.errors, [
        `Unhandled error in ${method} of Recorder: Oops: no`,
      ]);
    });
  }
}
