// Endpoints: what `connect` and `listen` fire with, and when.

import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertStrictEquals,
} from "@std/assert";
import {
  BadFileError,
  CannotListenError,
  clientFromString,
  ConnectError,
  ConnectingCancelledError,
  ConnectionRefusedError,
  connectProtocol,
  type Failure,
  HostnameEndpoint,
  IPv4Address,
  NoProtocol,
  Protocol,
  quoteStringArgument,
  serverFromString,
  TCP4ClientEndpoint,
  TCP4ServerEndpoint,
  UNIXAddress,
  UNIXClientEndpoint,
  UNIXServerEndpoint,
} from "../../mod.ts";
import { portOf } from "../support/reactors.ts";
import type { Suite } from "./conformance.ts";
import { bytes, fail, HOST, type Network, Oops } from "./network.ts";
import { withSockets } from "./sockets.ts";

/** Defines the tests. */
export function endpointSuite(suite: Suite): void {
  listening(suite);
  connecting(suite);
  withoutProtocol(suite);
  userErrors(suite);
  cancelling(suite);
  oneProtocol(suite);
  unixSockets(suite);
}

/** An endpoint for a port that is listened on. */
function endpointTo(net: Network, port: number): TCP4ClientEndpoint {
  return new TCP4ClientEndpoint(net.reactor, HOST, port);
}

/** Keeps what a deferred failed with, and tells the network of it. */
function failing(net: Network): {
  failures: Failure[];
  errback: (failure: Failure) => void;
} {
  const failures: Failure[] = [];
  const errback = (failure: Failure) => {
    failures.push(failure);
    net.record("failed");
  };
  return { failures, errback };
}

function addressIn(error: unknown): unknown {
  return error instanceof ConnectingCancelledError ? error.address : undefined;
}

function listening({ test }: Suite): void {
  test("endpoint: an endpoint that listens fires with the port", async (net) => {
    const server = net.side("server");
    const endpoint = serverFromString(net.reactor, `tcp:0:interface=${HOST}`);
    endpoint.listen(server).addCallback((port) => {
      const address = port.getHost();
      assertInstanceOf(address, IPv4Address);
      endpointTo(net, portOf(address)).connect(net.side("client"));
    });
    await net.runUntil("server connectionMade", "client connectionMade");
  });

  test("endpoint: a port that an endpoint cannot open is a failure of the deferred", async (net) => {
    const { port } = net.listen();
    const { failures, errback } = failing(net);
    const taken = port.getHost().port;
    new TCP4ServerEndpoint(net.reactor, taken, { interface: HOST })
      .listen(net.side("other")).addErrback(errback);
    await net.runWith(() => Promise.resolve());
    assertEquals(failures.map(({ type }) => type), [CannotListenError]);
  });
}

function connecting({ test }: Suite): void {
  test("endpoint: an endpoint fires with the protocol, between its connectionMade and the first data", async (net) => {
    const { port } = net.listen({
      connectionMade: (protocol) => protocol.write("hello"),
    });
    const client = net.side("client", {
      dataReceived: ({ transport }) => transport.loseConnection(),
    });
    endpointTo(net, port.getHost().port).connect(client)
      .addCallback((protocol) => {
        assertStrictEquals(protocol, client.protocolBuilt);
        net.record("client fired");
      });
    await net.runUntil("client doStop", "server connectionLost");
    assertEquals(client.protocolBuilt.received, "hello");
    const ours = net.events.filter((event) => event.startsWith("client"));
    assertEquals(ours, [
      "client doStart",
      "client startFactory",
      "client buildProtocol",
      "client connectionMade",
      "client fired",
      "client connectionLost ConnectionDone",
      "client doStop",
      "client stopFactory",
    ]);
  });

  test("endpoint: a protocol that an endpoint has connected has the transport itself", async (net) => {
    const { port, server } = net.listen();
    const client = net.side("client");
    endpointTo(net, port.getHost().port).connect(client)
      .addCallback(({ transport }) => {
        assertEquals(transport.getPeer(), port.getHost());
        transport.write(bytes("a poem"));
        transport.loseConnection();
      });
    await net.runUntil("server connectionLost", "client connectionLost");
    assertEquals(server.protocolBuilt.received, "a poem");
  });

  test("endpoint: a protocol behind an endpoint can go on when one half is closed", async (net) => {
    class HalfCloseable extends Protocol {
      readConnectionLost(): void {
        net.record("half closed");
        this.transport.write(bytes("still here"));
        this.transport.loseConnection();
      }
    }
    const { port, server } = net.listen({
      connectionMade: ({ transport }) => transport.loseWriteConnection(),
    });
    const endpoint = endpointTo(net, port.getHost().port);
    connectProtocol(endpoint, new HalfCloseable());
    await net.runUntil("half closed", "server connectionLost");
    assertEquals(server.protocolBuilt.received, "still here");
  });

  test("endpoint: an endpoint that cannot connect fails with the reason", async (net) => {
    const { failures, errback } = failing(net);
    const client = net.side("client");
    endpointTo(net, await net.refusingPort()).connect(client)
      .addErrback(errback);
    await net.runUntil("failed", "client doStop");
    assertEquals(failures.map(({ type }) => type), [ConnectionRefusedError]);
    assertEquals(client.events, [
      "doStart",
      "startFactory",
      "doStop",
      "stopFactory",
    ]);
  });

  test("endpoint: an endpoint can be connected to again and again", async (net) => {
    const { port } = net.listen();
    const endpoint = endpointTo(net, port.getHost().port);
    for (let i = 0; i < 2; i++) endpoint.connect(net.side("client"));
    await net.runUntil("client connectionMade", "client connectionMade");
    assertEquals(net.sides("client").map(({ protocols }) => protocols.length), [
      1,
      1,
    ]);
  });

  test("endpoint: a host is connected to by its name", async (net) => {
    const { port } = net.listen();
    const client = net.side("client");
    new HostnameEndpoint(net.reactor, "localhost", port.getHost().port)
      .connect(client).addCallback(({ transport }) => {
        transport.loseConnection();
      });
    await net.runUntil("client connectionMade", "server connectionLost");
  });

  test("endpoint: the attempt fails when the reactor stops", async (net) => {
    const { port } = net.listen();
    const { failures, errback } = failing(net);
    net.reactor.callWhenRunning(() => net.reactor.stop());
    endpointTo(net, port.getHost().port).connect(net.side("client"))
      .addErrback(errback);
    await net.runUntilStopped();
    assertEquals(failures.length, 1);
  });
}

function withoutProtocol({ test }: Suite): void {
  test("endpoint: a factory that builds nothing for an endpoint is NoProtocol, and the connection is closed", async (net) => {
    const { port } = net.listen();
    const { failures, errback } = failing(net);
    const client = net.side("client", { buildProtocol: () => null });
    endpointTo(net, port.getHost().port).connect(client).addErrback(errback);
    await net.runUntil("failed", "server connectionLost", "client doStop");
    assertEquals(failures.map(({ type }) => type), [NoProtocol]);
    assertEquals(net.errors, []);
  });

  test("endpoint: what buildProtocol throws to an endpoint is the failure, and not logged", async (net) => {
    const { port } = net.listen();
    const { failures, errback } = failing(net);
    const client = net.side("client", {
      buildProtocol: () => fail(new Oops("no")),
    });
    endpointTo(net, port.getHost().port).connect(client).addErrback(errback);
    await net.runUntil("failed", "server connectionLost", "client doStop");
    assertEquals(failures.map(({ type }) => type), [Oops]);
    assertEquals(net.errors, []);
  });

  test("endpoint: a factory for an endpoint needs nothing but buildProtocol", async (net) => {
    const { port } = net.listen();
    const protocol = new Protocol();
    endpointTo(net, port.getHost().port)
      .connect({ buildProtocol: () => protocol })
      .addCallback((connected) => {
        assertStrictEquals(connected, protocol);
        net.record("fired");
      });
    await net.runUntil("fired", "server connectionMade");
  });
}

function userErrors({ test }: Suite): void {
  test("endpoint: an error in the connectionMade of an endpoint's protocol is logged, and the failure", async (net) => {
    const { port } = net.listen();
    const { failures, errback } = failing(net);
    const client = net.side("client", {
      connectionMade: () => fail(new Oops("no")),
    });
    endpointTo(net, port.getHost().port).connect(client).addErrback(errback);
    await net.runUntil("server connectionLost", "client doStop");
    assertEquals(failures.map(({ type }) => type), [Oops]);
    assertEquals(net.errors, [
      "Unhandled error in connectionMade of Recorder: Oops: no",
    ]);
    assert(client.events.includes("connectionLost Oops"));
  });

  test("endpoint: an error of an endpoint's protocol ends its connection, under its own name", async (net) => {
    const { port } = net.listen({
      connectionMade: (protocol) => protocol.write("hello"),
    });
    const client = net.side("client", {
      dataReceived: () => fail(new Oops("no")),
    });
    endpointTo(net, port.getHost().port).connect(client);
    await net.runUntil("server connectionLost", "client doStop");
    assertEquals(net.errors, [
      "Unhandled error in dataReceived of Recorder: Oops: no",
    ]);
    assert(client.events.includes("connectionLost Oops"));
  });
}

function cancelling({ test }: Suite): void {
  test("endpoint: cancelling an endpoint's deferred ends the attempt, and says where it led", async (net) => {
    const { port } = net.listen();
    const { failures, errback } = failing(net);
    const client = net.side("client");
    const connected = endpointTo(net, port.getHost().port).connect(client)
      .addErrback(errback);
    connected.cancel();
    assertEquals(client.events.at(-1), "stopFactory");
    const error = failures[0]?.value;
    assertInstanceOf(error, ConnectingCancelledError);
    assertEquals(addressIn(error), port.getHost());
    await net.runWith(() => net.turns(10));
    assertEquals(client.protocols, []);
    assertEquals(failures.length, 1);
  });

  test("endpoint: cancelling an endpoint's deferred as it connects closes the connection", async (net) => {
    const { port } = net.listen();
    const { failures, errback } = failing(net);
    const client = net.side("client", {
      connectionMade: () => connected.cancel(),
    });
    const connected = endpointTo(net, port.getHost().port).connect(client)
      .addErrback(errback);
    await net.runUntil("client connectionLost", "server connectionLost");
    assertEquals(failures.map(({ type }) => type), [ConnectingCancelledError]);
    assertEquals(net.errors, []);
  });

  test("endpoint: cancelling an endpoint's deferred in buildProtocol closes the connection", async (net) => {
    const { port } = net.listen();
    const { failures, errback } = failing(net);
    const client = net.side("client", {
      buildProtocol(protocol) {
        connected.cancel();
        return protocol;
      },
    });
    const connected = endpointTo(net, port.getHost().port).connect(client)
      .addErrback(errback);
    await net.runUntil("client doStop", "server connectionLost");
    assertEquals(failures.map(({ type }) => type), [ConnectingCancelledError]);
    assertEquals(client.events.includes("connectionMade"), false);
  });
}

function oneProtocol({ test }: Suite): void {
  test("endpoint: connectProtocol connects the protocol that it is given", async (net) => {
    const { port } = net.listen();
    const protocol = new Protocol();
    connectProtocol(endpointTo(net, port.getHost().port), protocol)
      .addCallback((connected) => {
        assertStrictEquals(connected, protocol);
        assertEquals(connected.factory, undefined);
        net.record("fired");
      });
    await net.runUntil("fired", "server connectionMade");
  });
}

function unixSockets(suite: Suite): void {
  const test = withSockets(suite);

  test("endpoint: an endpoint listens on a UNIX socket, and locks it unless told otherwise", async ({ net, path }) => {
    const server = net.side("server");
    const client = net.side("client");
    const quoted = quoteStringArgument(path);
    serverFromString(net.reactor, `unix:${quoted}:mode=600`).listen(server)
      .addCallback((port) =>
        assertEquals(port.getHost(), new UNIXAddress(path))
      );
    clientFromString(net.reactor, `unix:${quoted}:lockfile=1`).connect(client)
      .addCallback((protocol) => protocol.transport.loseConnection());
    await net.runUntil("client connectionLost", "server connectionLost");
    assertEquals(net.errors, []);
  });

  test("endpoint: a UNIX socket that nobody has locked is a failure, for an endpoint that asks for that", async ({ net, path }) => {
    const { failures, errback } = failing(net);
    const server = net.side("server");
    new UNIXServerEndpoint(net.reactor, path).listen(server);
    new UNIXClientEndpoint(net.reactor, path, { checkPID: true })
      .connect(net.side("client")).addErrback(errback);
    await net.runUntil("failed", "client doStop");
    assertEquals(failures.map(({ type }) => type), [BadFileError]);
  });

  test("endpoint: a UNIX socket where nobody listens is a failure of the endpoint", async ({ net, path }) => {
    const { failures, errback } = failing(net);
    new UNIXClientEndpoint(net.reactor, path).connect(net.side("client"))
      .addErrback(errback);
    await net.runUntil("failed", "client doStop");
    assertEquals(failures.map(({ value }) => value instanceof ConnectError), [
      true,
    ]);
  });
}
