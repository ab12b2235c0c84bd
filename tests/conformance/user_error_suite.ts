/**
 * What happens when a callback throws, or when a promise that it returned is
 * rejected: one rule for all of them.
 *
 * The error is logged once, the connection is lost for that reason, and every
 * notification that would follow still comes.
 *
 * @module
 */

import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import type { Suite } from "./conformance.ts";
import { CLEAN_END, fail, type Hooks, HOST, Oops } from "./network.ts";

const WAYS: Record<string, () => unknown> = {
  throws: () => fail(new Oops("no")),
  "returns a promise that is rejected": () => Promise.reject(new Oops("no")),
};

/** What is no protocol, by what it is called. */
const NO_PROTOCOLS: Record<string, () => unknown> = {
  "a Promise": () => Promise.resolve(),
  "an Object": () => ({}),
  "5": () => 5,
};

const CLIENT_END = ["clientConnectionLost", "doStop", "stopFactory"];

export function userErrorSuite(suite: Suite): void {
  buildProtocol(suite);
  for (const [way, failing] of Object.entries(WAYS)) {
    connectionMade(suite, way, failing);
    dataReceived(suite, way, failing);
    connectionLost(suite, way, failing);
    clientFactories(suite, way, failing);
    factories(suite, way, failing);
  }
  unwritableErrors(suite);
}

/** Errors that throw when they are asked what they are. */
const UNWRITABLE: Record<string, () => unknown> = {
  "a revoked proxy": () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    return proxy;
  },
  "an error whose parts throw": () =>
    Object.defineProperties(
      new Oops("no"),
      Object.fromEntries(
        // The engine may write the stack when that is replaced: it comes first.
        ["stack", "name", "message", "cause"].map((part) => [part, {
          get: () => fail(new Error(`no ${part}`)),
        }]),
      ),
    ),
};

function unwritableErrors({ test }: Suite): void {
  for (const [what, make] of Object.entries(UNWRITABLE)) {
    const ways: Record<string, () => unknown> = {
      throws: () => {
        throw make();
      },
      "returns a promise that is rejected with": () => Promise.reject(make()),
    };
    for (const [way, failing] of Object.entries(ways)) {
      test(`user error: a server whose dataReceived ${way} ${what} loses that connection, and goes on`, async (net) => {
        let connections = 0;
        const { port, server } = net.listen({ dataReceived: failing });
        net.connect(port, {
          connectionMade: (protocol) => protocol.write("hello"),
          clientConnectionLost(connector) {
            if (++connections === 1) connector.connect();
          },
        });
        await net.runUntil(
          "server connectionLost",
          "server connectionLost",
          "client clientConnectionLost",
          "client clientConnectionLost",
        );
        assertEquals(
          server.events.filter((event) => event.startsWith("connectionLost"))
            .length,
          2,
        );
        assertEquals(net.errors.length, 2);
        for (const error of net.errors) {
          assertStringIncludes(error, "Unhandled error in dataReceived");
          assertStringIncludes(error, "cannot be written as text");
        }
      });
    }
  }
}

function names(events: string[]): string[] {
  return events.map((event) => event.replace(/ .*/, ""));
}

function buildProtocol({ test }: Suite): void {
  test("user error: a server whose buildProtocol throws drops that connection only", async (net) => {
    let connections = 0;
    const { port, server } = net.listen({
      buildProtocol: (protocol) =>
        ++connections === 1 ? fail(new Oops("no")) : protocol,
    });
    net.connect(port, {
      clientConnectionLost(connector) {
        if (connections === 1) connector.connect();
      },
    });
    await net.runUntil("client connectionLost", "server connectionMade");
    assertEquals(server.events.slice(2), [
      "buildProtocol",
      "buildProtocol",
      "connectionMade",
    ]);
    assertEquals(net.errors, [
      "Unhandled error in buildProtocol of Side: Oops: no",
    ]);
  });

  test("user error: a client whose buildProtocol throws has lost its connection", async (net) => {
    const { client } = net.pair({
      client: { buildProtocol: () => fail(new Oops("no")) },
    });
    await net.runUntil(...CLEAN_END);
    assertEquals(client.events.slice(3), [
      "buildProtocol",
      "clientConnectionLost Oops",
      "doStop",
      "stopFactory",
    ]);
    assertEquals(net.errors, [
      "Unhandled error in buildProtocol of Side: Oops: no",
    ]);
  });

  for (const [what, built] of Object.entries(NO_PROTOCOLS)) {
    const told =
      `Unhandled error in buildProtocol of Side: TypeError: What buildProtocol returns must be a protocol or nothing, got ${what}`;

    test(`user error: a server whose buildProtocol gives ${what} drops that connection, and says why`, async (net) => {
      net.pair({ server: { buildProtocol: () => built() as never } });
      await net.runUntil("client stopFactory");
      assertEquals(net.errors, [told]);
    });

    test(`user error: a client whose buildProtocol gives ${what} has lost its connection, and says why`, async (net) => {
      const { client } = net.pair({
        client: { buildProtocol: () => built() as never },
      });
      await net.runUntil(...CLEAN_END);
      assertEquals(client.events.slice(3), [
        "buildProtocol",
        "clientConnectionLost TypeError",
        "doStop",
        "stopFactory",
      ]);
      assertEquals(net.errors, [told]);
    });
  }
}

function connectionMade(
  { test }: Suite,
  way: string,
  failing: () => unknown,
): void {
  test(`user error: a server whose connectionMade ${way} loses the connection`, async (net) => {
    const { server } = net.pair({ server: { connectionMade: failing } });
    await net.runUntil("server connectionLost", "client stopFactory");
    assertEquals(server.events.slice(3), [
      "connectionMade",
      "connectionLost Oops",
    ]);
    assertEquals(net.errors, [
      "Unhandled error in connectionMade of Recorder: Oops: no",
    ]);
    assertEquals(
      net.events.includes("client connectionLost ConnectionDone"),
      true,
    );
  });

  test(`user error: a client whose connectionMade ${way} loses the connection`, async (net) => {
    const { client } = net.pair({ client: { connectionMade: failing } });
    await net.runUntil(...CLEAN_END);
    assertEquals(client.events.slice(4), [
      "connectionMade",
      "connectionLost Oops",
      "clientConnectionLost Oops",
      "doStop",
      "stopFactory",
    ]);
    assertEquals(net.errors, [
      "Unhandled error in connectionMade of Recorder: Oops: no",
    ]);
  });
}

function dataReceived(
  { test }: Suite,
  way: string,
  failing: () => unknown,
): void {
  const greeting: Hooks = {
    connectionMade: (protocol) => protocol.write("hello"),
  };

  test(`user error: a server whose dataReceived ${way} loses the connection`, async (net) => {
    const { server } = net.pair({
      server: { dataReceived: failing },
      client: greeting,
    });
    await net.runUntil(
      "server connectionLost",
      "client connectionLost ConnectionDone",
    );
    assertEquals(server.events.at(-1), "connectionLost Oops");
    assertEquals(net.errors, [
      "Unhandled error in dataReceived of Recorder: Oops: no",
    ]);
  });

  test(`user error: a client whose dataReceived ${way} loses the connection`, async (net) => {
    const { client } = net.pair({
      server: greeting,
      client: { dataReceived: failing },
    });
    await net.runUntil(...CLEAN_END);
    assertEquals(client.events.slice(5), [
      "connectionLost Oops",
      "clientConnectionLost Oops",
      "doStop",
      "stopFactory",
    ]);
    assertEquals(net.errors, [
      "Unhandled error in dataReceived of Recorder: Oops: no",
    ]);
  });
}

function connectionLost(
  { test }: Suite,
  way: string,
  failing: () => unknown,
): void {
  test(`user error: a client whose connectionLost ${way} gets the other notifications all the same`, async (net) => {
    const { client } = net.pair({
      server: {
        connectionMade: (protocol) => protocol.transport.loseConnection(),
      },
      client: { connectionLost: failing },
    });
    await net.runUntil("client stopFactory", "log Oops");
    assertEquals(names(client.events.slice(5)), [
      "connectionLost",
      ...CLIENT_END,
    ]);
    assertEquals(net.errors, [
      "Unhandled error in connectionLost of Recorder: Oops: no",
    ]);
  });

  test(`user error: a server whose connectionLost ${way} goes on with others`, async (net) => {
    let connections = 0;
    const { port, server } = net.listen({ connectionLost: failing });
    net.connect(port, {
      connectionMade: (protocol) => protocol.transport.loseConnection(),
      clientConnectionLost(connector) {
        if (++connections < 2) connector.connect();
      },
    });
    await net.runUntil(
      "server connectionLost",
      "server connectionLost",
      "client stopFactory",
      "log Oops",
      "log Oops",
    );
    assertEquals(server.events.slice(2).sort(), [
      "buildProtocol",
      "buildProtocol",
      "connectionLost ConnectionDone",
      "connectionLost ConnectionDone",
      "connectionMade",
      "connectionMade",
    ]);
  });
}

function clientFactories(
  { test }: Suite,
  way: string,
  failing: () => unknown,
): void {
  test(`user error: a factory whose clientConnectionLost ${way} is stopped all the same`, async (net) => {
    const { client } = net.pair({
      server: {
        connectionMade: (protocol) => protocol.transport.loseConnection(),
      },
      client: { clientConnectionLost: failing },
    });
    await net.runUntil("client stopFactory", "log Oops");
    assertEquals(names(client.events.slice(6)), CLIENT_END);
    assertEquals(net.errors, [
      "Unhandled error in clientConnectionLost of Side: Oops: no",
    ]);
  });

  test(`user error: a factory whose clientConnectionFailed ${way} is stopped all the same`, async (net) => {
    const client = net.side("client", { clientConnectionFailed: failing });
    net.reactor.connectTCP(HOST, await net.refusingPort(), client);
    await net.runUntil("client stopFactory", "log Oops");
    assertEquals(names(client.events.slice(3)), [
      "clientConnectionFailed",
      "doStop",
      "stopFactory",
    ]);
    assertEquals(net.errors, [
      "Unhandled error in clientConnectionFailed of Side: Oops: no",
    ]);
  });
}

function factories(
  { test }: Suite,
  way: string,
  failing: () => unknown,
): void {
  const isSync = way === "throws";

  test(`user error: a startedConnecting that ${way} does not end the attempt`, async (net) => {
    const { port } = net.listen();
    const connect = () => net.connect(port, { startedConnecting: failing });
    if (isSync) assertThrows(connect, Oops);
    else connect();
    await net.runUntil(
      "client connectionMade",
      ...(isSync ? [] : ["log Oops"]),
    );
    assertEquals(net.errors.length, isSync ? 0 : 1);
  });

  test(`user error: a client whose stopFactory ${way} has that logged`, async (net) => {
    const { client } = net.pair({
      server: {
        connectionMade: (protocol) => protocol.transport.loseConnection(),
      },
      client: { stopFactory: failing },
    });
    await net.runUntil("client stopFactory", "log Oops");
    assertEquals(names(client.events.slice(6)), CLIENT_END);
    assertEquals(net.errors.length, 1);
  });
}
