// Peers that stop reading, and user code that fails at a bad moment.

import { assert, assertEquals } from "@std/assert";
import {
  LimitTotalConnectionsFactory,
  type PushProducer,
  type Socket,
  TimeoutFactory,
  TimeoutMixin,
  TimeoutProtocol,
  type Transport,
  WrappingFactory,
} from "../../mod.ts";
import { certificates } from "../support/certificates.ts";
import type { Suite } from "./conformance.ts";
import {
  fail,
  type Hooks,
  HOST,
  type Network,
  Oops,
  Recorder,
  type Side,
} from "./network.ts";

/** More than the buffers of any kernel between two sockets hold. */
const LARGE = 32 * 1024 * 1024;

/** How long to look on, where nothing should happen. */
const SOME_TURNS = 20;

/** Defines the tests. */
export function faultSuite(suite: Suite): void {
  stalledPeers(suite);
  timeouts(suite);
  refusedEnds(suite);
  throwingCallbacks(suite);
}

/** A peer that is connected, and never reads. */
const NEVER_READING: Hooks = {
  connectionMade: ({ transport }) => transport.pauseProducing(),
};

/**
 * A server with more to send than fits between it and its client, which does not
 * read. `fn` gets the server's transport when nothing moves any more.
 */
async function stalled(
  net: Network,
  server: Hooks,
  fn: (transport: Transport) => void | Promise<void>,
): Promise<{ server: Side; client: Side }> {
  const sides = net.pair({
    server: {
      ...server,
      connectionMade(protocol) {
        server.connectionMade?.(protocol);
        protocol.transport.write(new Uint8Array(LARGE));
      },
    },
    client: NEVER_READING,
  });
  const made = net.happened("client connectionMade", "server connectionMade");
  await net.runWith(async () => {
    await made;
    await net.turns(SOME_TURNS);
    const { transport } = sides.server.protocolBuilt;
    assertEquals(net.reactor.getWriters().length, 1);
    await fn(transport);
  });
  assertEquals(net.errors, []);
  return sides;
}

function stalledPeers({ test }: Suite): void {
  test("unresponsive peer: loseConnection waits for a peer that does not read, until it does", async (net) => {
    const { client } = await stalled(net, {}, async (transport) => {
      transport.loseConnection();
      await net.turns(SOME_TURNS);
      assertEquals([transport.connected, transport.disconnecting], [
        true,
        true,
      ]);
      const over = net.happened(
        "server connectionLost ConnectionDone",
        "client stopFactory",
      );
      net.sides("client")[0]?.protocolBuilt.transport.resumeProducing();
      await over;
    });
    const { sizes } = client.protocolBuilt;
    assertEquals(sizes.reduce((sum, size) => sum + size), LARGE);
  });

  test("unresponsive peer: abortConnection does not wait for a peer that does not read", async (net) => {
    const { server } = await stalled(net, {}, async (transport) => {
      transport.loseConnection();
      const lost = net.happened("server connectionLost ConnectionAborted");
      transport.abortConnection();
      await lost;
      assertEquals([transport.connected, net.reactor.getWriters()], [
        false,
        [],
      ]);
    });
    assertEquals(server.events.at(-1), "connectionLost ConnectionAborted");
  });

  test("unresponsive peer: a reactor that stops does not wait for a peer that does not read", async (net) => {
    const ends: unknown[] = [];
    await stalled(net, {
      connectionLost: (_, reason) => ends.push(reason.type?.name),
    }, (transport) => transport.loseConnection());
    assertEquals(ends, ["ConnectionLost"]);
  });

  test("unresponsive peer: a producer waits while the peer does not read, and is stopped at the end", async (net) => {
    const calls: string[] = [];
    const producer: PushProducer = {
      pauseProducing: () => calls.push("pause"),
      resumeProducing: () => calls.push("resume"),
      stopProducing: () => calls.push("stop"),
    };
    await stalled(net, {
      connectionMade: ({ transport }) => {
        transport.registerProducer(producer, true);
      },
      connectionLost: () => calls.push("connectionLost"),
    }, async (transport) => {
      assertEquals(calls, ["pause"]);
      // Paused, it holds the connection open as well.
      transport.loseConnection();
      await net.turns(SOME_TURNS);
      assertEquals(calls, ["pause"]);
      const lost = net.happened("server connectionLost");
      transport.abortConnection();
      await lost;
    });
    assertEquals(calls, ["pause", "stop", "connectionLost"]);
  });
}

function timeouts({ test }: Suite): void {
  test("unresponsive peer: a protocol with a timeout can end a peer that does not read", async (net) => {
    class Impatient extends TimeoutMixin(Recorder, net.clock) {
      override connectionMade(): void {
        super.connectionMade();
        this.setTimeout(60);
      }
      override timeoutConnection(): void {
        this.transport.abortConnection();
      }
    }
    await stalled(net, {
      buildProtocol(protocol) {
        const impatient = new Impatient(
          net.sides("server")[0] ?? fail(new Oops()),
        );
        net.sides("server")[0]?.protocols.splice(0, 1, impatient);
        return Object.assign(impatient, { factory: protocol.factory });
      },
    }, async () => {
      const lost = net.happened("server connectionLost ConnectionAborted");
      net.clock.advance(60);
      await lost;
    });
  });

  test("unresponsive peer: a TimeoutFactory can end a peer that does not read", async (net) => {
    class Aborting extends TimeoutProtocol {
      override timeoutFunc(): void {
        this.abortConnection();
      }
    }
    class Impatient extends TimeoutFactory {
      override noisy = false;
      override wrapProtocol(protocol: Recorder): TimeoutProtocol {
        return new Aborting(this, protocol);
      }
    }
    const server = net.side("server", {
      connectionMade: ({ transport }) => transport.write(new Uint8Array(LARGE)),
    });
    const options = { clock: net.clock, timeoutPeriod: 60 };
    const port = net.reactor.listenTCP(0, new Impatient(server, options), {
      interface: HOST,
    });
    net.connect(port, NEVER_READING);
    const made = net.happened("client connectionMade", "server connectionMade");
    await net.runWith(async () => {
      await made;
      await net.turns(SOME_TURNS);
      const lost = net.happened("server connectionLost ConnectionAborted");
      net.clock.advance(60);
      await lost;
    });
    assertEquals(net.errors, []);
  });
}

/** A server for one client at a time, which has ten seconds. */
function limitedServer(
  net: Network,
): { server: Side; factory: TimeoutFactory } {
  const server = net.side("server", {
    connectionMade: ({ transport }) => transport.write(new Uint8Array(LARGE)),
  });
  class Limited extends LimitTotalConnectionsFactory {
    override noisy = false;
    override connectionLimit = 1;
    // What the limit wraps is what the side builds, and writes down.
    override protocol = class extends Recorder {
      constructor() {
        super(server);
        server.protocols.push(this);
      }
    };
  }
  const factory = new TimeoutFactory(new Limited(), {
    clock: net.clock,
    timeoutPeriod: 10,
  });
  factory.noisy = false;
  return { server, factory };
}

function refusedEnds({ test }: Suite): void {
  test("unresponsive peer: a peer that does not read gives its place back after twice its time", async (net) => {
    const { server, factory } = limitedServer(net);
    const port = net.reactor.listenTCP(0, factory, { interface: HOST });
    net.connect(port, NEVER_READING);
    const made = net.happened("client connectionMade", "server connectionMade");
    await net.runWith(async () => {
      await made;
      await net.turns(SOME_TURNS);
      net.clock.advance(10);
      await net.turns(SOME_TURNS);
      assertEquals(server.events, ["connectionMade"]);
      const lost = net.happened("server connectionLost ConnectionAborted");
      net.clock.advance(10);
      await lost;
      const next = net.happened("server connectionMade");
      net.connect(port, NEVER_READING);
      await next;
    });
    assertEquals(net.errors, []);
  });

  test("unresponsive peer: a peer that never ends its handshake gives its place back after twice its time", async (net) => {
    const { server, factory } = limitedServer(net);
    const port = net.reactor.listenSSL(0, factory, {
      interface: HOST,
      ...certificates().server,
    });
    const made = net.happened("server connectionMade");
    let socket: Socket | undefined;
    await net.runWith(async () => {
      socket = await net.socket(port);
      await made;
      net.clock.advance(10);
      await net.turns(SOME_TURNS);
      assertEquals(server.events, ["connectionMade"]);
      const lost = net.happened("server connectionLost");
      net.clock.advance(10);
      await lost;
      assertEquals(factory.protocols.size, 0);
    });
    socket?.close();
    assertEquals(server.events.length, 2);
    assertEquals(net.errors, []);
  });

  test("wrapped protocol: is named in the log as its user knows it", async (net) => {
    class Poet extends Recorder {}
    const server = net.side("server", {
      dataReceived: () => fail(new Oops("no rhyme")),
      connectionLost: () => fail(new Oops("no reason")),
    });
    server.buildProtocol = () => {
      const poet = Object.assign(new Poet(server), { factory: server });
      server.protocols.push(poet);
      return poet;
    };
    const factory = new TimeoutFactory(server, { clock: net.clock });
    factory.noisy = false;
    const port = net.reactor.listenTCP(0, factory, { interface: HOST });
    net.connect(port, { connectionMade: (client) => client.write("?") });
    await net.runUntil("server connectionLost", "client connectionLost");
    assertEquals(net.errors, [
      "Unhandled error in dataReceived of Poet (TimeoutProtocol): Oops: no rhyme",
      "Unhandled error in connectionLost of Poet (TimeoutProtocol): Oops: no reason",
    ]);
  });

  test("wrapped protocol: is told of its handshake, before its data", async (net) => {
    const server = net.side("server", {
      dataReceived: ({ transport }) => transport.loseConnection(),
    });
    const factory = new WrappingFactory(server);
    factory.noisy = false;
    const port = net.reactor.listenSSL(0, factory, {
      interface: HOST,
      ...certificates().server,
    });
    const client = net.side("client", {
      handshakeCompleted: (protocol) => protocol.write("hello"),
    });
    const wrapped = new WrappingFactory(client);
    wrapped.noisy = false;
    net.reactor.connectSSL(HOST, port.getHost().port, wrapped, {
      hostname: "localhost",
      caCerts: [certificates().root.cert],
    });
    await net.runUntil("client clientConnectionLost", "server connectionLost");
    for (const side of [server, client]) {
      assertEquals(
        side.events.filter((event) => /made|handshake|Lost/i.test(event))
          .slice(0, 3),
        [
          "connectionMade",
          "handshakeCompleted",
          "connectionLost ConnectionDone",
        ],
      );
    }
    assertEquals(server.protocolBuilt.received, "hello");
  });
}

function throwingCallbacks({ test }: Suite): void {
  test("user error: a dataReceived that throws while data wait to be sent drops them", async (net) => {
    const { server, client } = net.pair({
      server: {
        connectionMade: ({ transport }) =>
          transport.write(new Uint8Array(LARGE)),
        dataReceived: () => fail(new Oops("no")),
      },
      client: {
        ...NEVER_READING,
        dataReceived: () => {},
      },
    });
    const made = net.happened("client connectionMade", "server connectionMade");
    await net.runWith(async () => {
      await made;
      await net.turns(SOME_TURNS);
      const lost = net.happened("server connectionLost Oops");
      client.protocolBuilt.write("hello");
      await lost;
      assertEquals(net.reactor.getWriters(), []);
      const over = net.happened("client stopFactory");
      client.protocolBuilt.transport.resumeProducing();
      await over;
    });
    const { sizes } = client.protocolBuilt;
    assert(sizes.reduce((sum, size) => sum + size, 0) < LARGE);
    assertEquals(server.events.at(-1), "connectionLost Oops");
    assertEquals(client.events[5], "connectionLost ConnectionDone");
    assertEquals(net.errors, [
      "Unhandled error in dataReceived of Recorder: Oops: no",
    ]);
  });

  test("user error: a buildProtocol that throws every other time serves the others under load", async (net) => {
    const count = 100;
    let built = 0;
    const { port, server } = net.listen({
      buildProtocol: (protocol) =>
        ++built % 2 === 0 ? fail(new Oops("not you")) : protocol,
      dataReceived({ transport }, data) {
        transport.write(data);
        transport.loseConnection();
      },
    });
    for (let i = 0; i < count; i++) {
      net.connect(port, {
        connectionMade: (protocol) => protocol.write("hello"),
      });
    }
    await net.runUntil(...Array(count).fill("client stopFactory"));
    const served = net.sides("client").filter(({ protocols }) =>
      protocols[0]?.received === "hello"
    );
    assertEquals([built, served.length], [count, count / 2]);
    assertEquals(
      server.events.filter((event) => event === "connectionMade").length,
      count / 2,
    );
    assertEquals(
      net.errors,
      Array(count / 2).fill(
        "Unhandled error in buildProtocol of Side: Oops: not you",
      ),
    );
  });
}
