// UNIX sockets: what is as over TCP, and what is not.

import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import {
  BadFileError,
  CannotListenError,
  ConnectError,
  ConnectionRefusedError,
  Socket,
  type Stream,
  UNIXAddress,
} from "../../mod.ts";
import type { Suite } from "./conformance.ts";
import { bytes } from "./network.ts";
import { type Sockets, withSockets } from "./sockets.ts";

/** More than the buffers of any kernel between two sockets hold. */
const LARGE = 4 * 1024 * 1024;

/** Defines the tests. */
export function unixSuite(suite: Suite): void {
  connections(suite);
  ends(suite);
  attempts(suite);
  ports(suite);
  misuse(suite);
  withoutReactor(suite);
}

function connections(suite: Suite): void {
  const test = withSockets(suite);

  test("UNIX: the server's end has the path as its address, the client's has none", async (unix) => {
    const addresses: string[] = [];
    const { port } = unix.pair({
      server: {
        buildProtocol(protocol, address) {
          addresses.push(`built for ${address}`);
          return protocol;
        },
        connectionMade({ transport }) {
          addresses.push(
            `server ${transport.getHost()} ${transport.getPeer()}`,
          );
        },
      },
      client: {
        connectionMade({ transport }) {
          addresses.push(
            `client ${transport.getHost()} ${transport.getPeer()}`,
          );
        },
      },
    });
    assertEquals(port.getHost(), new UNIXAddress(unix.path));
    await unix.net.runUntil("server connectionMade", "client connectionMade");
    assertEquals(addresses.sort(), [
      "built for UNIXAddress(None)",
      `client UNIXAddress(None) UNIXAddress('${unix.path}')`,
      `server UNIXAddress('${unix.path}') UNIXAddress(None)`,
    ]);
  });

  test("UNIX: data goes both ways, and both sides live as over TCP", async (unix) => {
    const { server, client } = unix.pair({
      server: {
        dataReceived(protocol) {
          if (protocol.received === "a poem, please") protocol.write("Hope");
        },
      },
      client: {
        connectionMade: (protocol) => protocol.write("a poem, please"),
        dataReceived(protocol) {
          if (protocol.received === "Hope") protocol.transport.loseConnection();
        },
      },
    });
    await unix.net.runUntil("client stopFactory", "server connectionLost");
    assertEquals(client.events, [
      "doStart",
      "startFactory",
      "startedConnecting",
      "buildProtocol",
      "connectionMade",
      "connectionLost ConnectionDone",
      "clientConnectionLost ConnectionDone",
      "doStop",
      "stopFactory",
    ]);
    assertEquals(server.events.slice(0, 5), [
      "doStart",
      "startFactory",
      "buildProtocol",
      "connectionMade",
      "connectionLost ConnectionDone",
    ]);
  });

  test("UNIX: all that was written arrives before the end", async (unix) => {
    const { server } = unix.pair({
      client: {
        connectionMade({ transport }) {
          transport.write(new Uint8Array(LARGE));
          transport.write(bytes("end"));
          transport.loseConnection();
        },
      },
    });
    await unix.net.runUntil("client connectionLost", "server connectionLost");
    const { sizes, received } = server.protocolBuilt;
    const size = sizes.reduce((sum, size) => sum + size, 0);
    assertEquals([size, received.slice(-3)], [LARGE + 3, "end"]);
  });

  test("UNIX: half a connection can be closed", async (unix) => {
    const { client } = unix.pair({
      server: {
        buildProtocol: (protocol) =>
          Object.assign(protocol, {
            readConnectionLost() {
              protocol.write("I got it all");
              protocol.transport.loseConnection();
            },
            writeConnectionLost() {},
          }),
      },
      client: {
        connectionMade({ transport }) {
          transport.write(bytes("all"));
          transport.loseWriteConnection();
        },
      },
    });
    await unix.net.runUntil("client connectionLost", "server connectionLost");
    assertEquals(client.protocolBuilt.received, "I got it all");
  });

  test("UNIX: what only TCP can choose changes nothing", async (unix) => {
    const { server } = unix.pair({
      client: {
        connectionMade({ transport }) {
          transport.setTcpNoDelay(true);
          transport.setTcpKeepAlive(true);
          transport.write(bytes("hello"));
          transport.loseConnection();
        },
      },
    });
    await unix.net.runUntil("server connectionLost ConnectionDone");
    assertEquals(server.protocolBuilt.received, "hello");
  });
}

function ends(suite: Suite): void {
  const test = withSockets(suite);

  test("UNIX: whoever aborts hears of that, and the other hears of the end", async (unix) => {
    const { client, server } = unix.pair({
      client: {
        connectionMade({ transport }) {
          transport.write(bytes("hello"));
          transport.abortConnection();
        },
      },
    });
    await unix.net.runUntil("client stopFactory", "server connectionLost");
    assertEquals(client.events[5], "connectionLost ConnectionAborted");
    const lost = server.events.filter((it) => /^connectionLost/.test(it));
    assertEquals(lost.length, 1);
  });

  if (suite.exceptions.noFiles === undefined) {
    test("UNIX: a peer that closes with something unread breaks the connection, behind what it has sent", async (unix) => {
      const { net, path } = unix;
      const { server } = unix.listen({
        connectionMade: (protocol) => protocol.write("a question"),
      });
      const made = net.happened("server connectionMade");
      await net.runWith(async () => {
        const peer = await new Promise<Stream>((resolve, reject) => {
          net.backend.connectPath?.(
            { path, mustBeLocked: false },
            (outcome) => {
              if (outcome instanceof Error) reject(outcome);
              else resolve(outcome);
            },
          );
        });
        await made;
        await net.turns(5);
        const lost = net.happened("server connectionLost ConnectionLost");
        peer.send(bytes("half a poem"));
        peer.pollWrite({ readable() {}, writable: () => peer.close() });
        await lost;
      });
      const lost = suite.exceptions.losesUntaken !== undefined;
      assertEquals(server.protocolBuilt.received, lost ? "" : "half a poem");
    });
  }

  test("UNIX: when the reactor stops, all is closed, and the path is free", async (unix) => {
    const { client, server } = unix.pair();
    unix.net.happened("client connectionMade", "server connectionMade")
      .then(() => unix.net.reactor.stop());
    await unix.net.runUntilStopped();
    assertEquals(client.events[5], "connectionLost ConnectionLost");
    assert(server.events.includes("connectionLost ConnectionLost"));
    const options = { backlog: 1, mode: 0o600, lock: false };
    const { path, net: { backend } } = unix;
    await backend.listenPath?.({ path, ...options }).close();
  });

  test("UNIX: connections live on when their port is closed", async (unix) => {
    const { port, server } = unix.pair({
      client: { dataReceived: ({ transport }) => transport.loseConnection() },
    });
    const made = unix.net.happened(
      "server connectionMade",
      "client connectionMade",
    );
    await unix.net.runWith(async () => {
      await made;
      await port.stopListening();
      const over = unix.net.happened("server connectionLost ConnectionDone");
      server.protocolBuilt.write("bye");
      await over;
    });
  });
}

function attempts(suite: Suite): void {
  const test = withSockets(suite);

  test("UNIX: where there is no socket, the ConnectError says so", async (unix) => {
    const error = await unix.refusal();
    assertInstanceOf(error, ConnectError);
    assertEquals(error instanceof ConnectionRefusedError, false);
    assertEquals(
      error.message,
      `Cannot connect to ${unix.path}: no such file or directory`,
    );
  });

  test("UNIX: checkPID asks for a server that has locked its socket", async (unix) => {
    unix.listen({}, { wantPID: true });
    const { client } = unix.connect({}, { checkPID: true });
    await unix.net.runUntil("client connectionMade", "server connectionMade");
    assertEquals(client.events.length, 5);
  });

  for (const listening of [true, false]) {
    const name = listening ? "is not locked" : "is not there";
    test(`UNIX: checkPID is a BadFileError where the socket ${name}`, async (unix) => {
      if (listening) unix.listen();
      const error = await unix.refusal({ checkPID: true });
      assertInstanceOf(error, BadFileError);
      assertInstanceOf(error, ConnectError);
      assertEquals(
        error.message,
        `Cannot connect to ${unix.path}: no server has locked it with ${unix.path}.lock`,
      );
    });
  }

  test("UNIX: many may connect at once, however few may wait to be accepted", async (unix) => {
    const { server } = unix.listen({}, { backlog: 5 });
    const many = Array.from({ length: 60 }, () => unix.connect());
    await unix.net.runUntil(
      ...many.flatMap(() => ["client connectionMade", "server connectionMade"]),
    );
    assertEquals(server.protocols.length, many.length);
  });

  test("UNIX: an attempt times out, and can be stopped", async (unix) => {
    unix.listen();
    const late = unix.connect({}, { timeout: 2 });
    const stopped = unix.connect();
    unix.net.clock.advance(2);
    stopped.connector.stopConnecting();
    assertEquals(
      [late, stopped].map(({ client }) => client.events[3]),
      [
        "clientConnectionFailed ConnectTimeoutError",
        "clientConnectionFailed UserError",
      ],
    );
    await unix.net.runWith(() => unix.net.turns(5));
  });

  test("UNIX: an attempt that is under way can be stopped", async (unix) => {
    const { server } = unix.listen();
    const { connector, client } = unix.connect();
    // The attempt begins in the first turn, before this.
    unix.net.reactor.callFromThread(() => connector.stopConnecting());
    unix.net.reactor.callFromThread(() => unix.connect());
    await unix.net.runUntil("client connectionMade");
    assertEquals(client.events[3], "clientConnectionFailed UserError");
    assert(server.protocols.length <= 2);
  });

  test("UNIX: a connector knows its destination, and connects again", async (unix) => {
    let times = 0;
    unix.listen({
      connectionMade: ({ transport }) => transport.loseConnection(),
    });
    const { connector } = unix.connect({
      clientConnectionLost: (connector) => {
        if (++times < 2) connector.connect();
      },
    });
    assertEquals(connector.getDestination(), new UNIXAddress(unix.path));
    await unix.net.runUntil("client stopFactory");
    assertEquals(times, 2);
  });
}

function ports(suite: Suite): void {
  const test = withSockets(suite);

  test("UNIX: stopListening gives the same deferred each time, and frees the path", async (unix) => {
    const { port, server } = unix.listen();
    await unix.net.runWith(async () => {
      // An accept is under way by now.
      await unix.net.turns(2);
      const stopped = port.stopListening();
      assertStrictEquals(port.stopListening(), stopped);
      await stopped;
      assertStrictEquals(port.stopListening(), stopped);
      assertEquals(port.getHost(), new UNIXAddress(unix.path));
      const failed = unix.net.happened("client clientConnectionFailed");
      unix.connect();
      await failed;
      const other = unix.listen();
      const made = unix.net.happened("client connectionMade");
      unix.connect();
      await made;
      await other.port.stopListening();
    });
    assertEquals(server.events.slice(2), ["doStop", "stopFactory"]);
  });

  test("UNIX: a port that was closed can be opened again", async (unix) => {
    const { port } = unix.listen({}, { wantPID: true });
    await unix.net.runWith(async () => {
      await port.stopListening();
      port.startListening();
      const made = unix.net.happened("client connectionMade");
      unix.connect();
      await made;
    });
  });

  test("UNIX: a path in use is a CannotListenError at once, and starts no factory", async (unix) => {
    unix.listen();
    const other = unix.net.side("other");
    const error = assertThrows(
      () => unix.net.reactor.listenUNIX(unix.path, other),
      CannotListenError,
      `Cannot listen on ${unix.path}: address already in use`,
    );
    assertEquals([error.interface, error.port], ["", unix.path]);
    assertEquals(other.events, []);
    unix.connect();
    await unix.net.runUntil("client connectionMade", "server connectionMade");
  });
}

function misuse(suite: Suite): void {
  const test = withSockets(suite);

  test("UNIX: an invalid path or mode is refused before anything starts", async (unix) => {
    const { net: { reactor }, path } = unix;
    const side = unix.net.side("side");
    for (const none of ["", "zero\0"]) {
      assertThrows(() => reactor.listenUNIX(none, side), TypeError);
      assertThrows(() => reactor.connectUNIX(none, side), TypeError);
    }
    for (const mode of [-1, 0o1000, 1.5, NaN]) {
      assertThrows(() => reactor.listenUNIX(path, side, { mode }), RangeError);
    }
    for (const timeout of [-1, NaN]) {
      assertThrows(
        () => reactor.connectUNIX(path, side, { timeout }),
        RangeError,
      );
    }
    assertEquals(side.events, []);
    await unix.net.runWith(() => Promise.resolve());
  });
}

function withoutReactor(suite: Suite): void {
  const test = withSockets(suite);

  test("UNIX: a Socket connects without a reactor", async (unix) => {
    const { server } = unix.listen({
      dataReceived: ({ transport }) => transport.loseConnection(),
    });
    await unix.net.runWith(async () => {
      const over = unix.net.happened("server connectionLost");
      const socket = await connect(unix);
      assertEquals(socket.getpeername(), new UNIXAddress(unix.path));
      assertEquals(socket.send(bytes("hello")), 5);
      await over;
      socket.close();
    });
    assertEquals(server.protocolBuilt.received, "hello");
  });

  test("UNIX: a Socket that cannot connect says why", async (unix) => {
    const error = await connect(unix).catch((error) => error);
    assertInstanceOf(error, ConnectError);
    const none = await Socket.connect({ path: "" }, unix.net.backend)
      .catch((error) => error);
    assertInstanceOf(none, TypeError);
    await unix.net.runWith(() => Promise.resolve());
  });
}

function connect({ path, net }: Sockets): Promise<Socket> {
  return Socket.connect({ path }, net.backend);
}
