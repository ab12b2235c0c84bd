// The flow of data: who is told to wait, and who waits.

import { assertEquals } from "@std/assert";
import type { Suite } from "./conformance.ts";
import { bytes } from "./network.ts";

/** More than the buffers of any kernel between two sockets hold. */
const LARGE = 32 * 1024 * 1024;

const PIECE = 64 * 1024;

/** How long to wait for what should happen. */
const MANY_PASSES = 10_000;

/** How long to look on, where nothing should happen. */
const SOME_TURNS = 20;

/** Defines the tests. */
export function flowSuite(suite: Suite): void {
  pausing(suite);
  pausedEnds(suite);
}

function pausing({ test }: Suite): void {
  test("flow control: a transport that is paused as it is made receives nothing until it goes on", async (net) => {
    const { server } = net.pair({
      server: { connectionMade: ({ transport }) => transport.pauseProducing() },
      client: {
        connectionMade(protocol) {
          protocol.write("hello");
          protocol.transport.loseConnection();
        },
      },
    });
    const over = net.happened("client connectionLost");
    await net.runWith(async () => {
      await over;
      await net.turns(SOME_TURNS);
      const { transport, received } = server.protocolBuilt;
      assertEquals([received, transport.connected], ["", true]);
      const lost = net.happened("server connectionLost ConnectionDone");
      transport.resumeProducing();
      await lost;
    });
    assertEquals(server.protocolBuilt.received, "hello");
  });

  test("flow control: a transport that is paused keeps its peer from sending on", async (net) => {
    const { server, client } = net.pair({
      server: {
        dataReceived({ transport, sizes }) {
          if (sizes.length > 1) return;
          transport.pauseProducing();
          net.record("server paused");
        },
      },
      client: {
        connectionMade({ transport }) {
          transport.write(new Uint8Array(LARGE));
          transport.loseConnection();
        },
      },
    });
    const paused = net.happened("server paused");
    await net.runWith(async () => {
      await paused;
      await net.turns(SOME_TURNS * 5);
      const { transport, sizes } = server.protocolBuilt;
      const { connected } = client.protocolBuilt.transport;
      assertEquals([sizes.length, connected], [1, true]);
      const lost = net.happened("server connectionLost ConnectionDone");
      transport.resumeProducing();
      await lost;
      assertEquals(sizes.reduce((sum, size) => sum + size), LARGE);
    });
  });

  test("flow control: a peer that writes without end has to wait while a transport is paused", async (net) => {
    let written = 0;
    let waits = false;
    const { server } = net.pair({
      server: { connectionMade: ({ transport }) => transport.pauseProducing() },
      client: {
        connectionMade({ transport }) {
          const producer = {
            resumeProducing() {
              waits = false;
              while (!waits) {
                written += PIECE;
                transport.write(new Uint8Array(PIECE));
              }
            },
            pauseProducing: () => void (waits = true),
            stopProducing() {},
          };
          transport.registerProducer(producer, true);
          producer.resumeProducing();
        },
      },
    });
    const made = net.happened("server connectionMade", "client connectionMade");
    await net.runWith(async () => {
      await made;
      const held = await net.standstill(() => written, LARGE);
      const { transport, sizes } = server.protocolBuilt;
      assertEquals([held < LARGE, sizes], [true, []]);
      transport.resumeProducing();
      for (let i = 0; i < MANY_PASSES && written === held; i++) {
        await net.passes(1);
      }
      transport.pauseProducing();
      const heldAgain = await net.standstill(() => written, held + LARGE);
      assertEquals(
        [heldAgain > held, heldAgain < held + LARGE, sizes.length > 0],
        [true, true, true],
      );
    });
  });

  test("flow control: a transport can be paused after every piece", async (net) => {
    let size = 0;
    let mostInARow = 0;
    let inARow = 0;
    net.pair({
      server: {
        dataReceived({ transport }, data) {
          size += data.length;
          mostInARow = Math.max(mostInARow, ++inARow);
          transport.pauseProducing();
          net.reactor.callFromThread(() => {
            inARow = 0;
            transport.resumeProducing();
          });
        },
      },
      client: {
        connectionMade({ transport }) {
          transport.write(new Uint8Array(LARGE / 16));
          transport.loseConnection();
        },
      },
    });
    await net.runUntil(
      "server connectionLost ConnectionDone",
      "client stopFactory",
    );
    assertEquals([size, mostInARow], [LARGE / 16, 1]);
  });

  test("flow control: pausing and going on at once changes nothing", async (net) => {
    const { server } = net.pair({
      server: {
        connectionMade({ transport }) {
          transport.resumeProducing();
          transport.pauseProducing();
          transport.pauseProducing();
          transport.resumeProducing();
        },
      },
      client: {
        connectionMade(protocol) {
          protocol.write("hello");
          protocol.transport.loseConnection();
        },
      },
    });
    await net.runUntil(
      "server connectionLost ConnectionDone",
      "client stopFactory",
    );
    assertEquals(server.protocolBuilt.received, "hello");
  });

  test("flow control: a transport that is paused still sends", async (net) => {
    const { server } = net.pair({
      client: {
        connectionMade(protocol) {
          protocol.transport.pauseProducing();
          protocol.write("hello");
          protocol.transport.loseConnection();
        },
      },
    });
    await net.runUntil(
      "server connectionLost ConnectionDone",
      "client stopFactory",
    );
    assertEquals(server.protocolBuilt.received, "hello");
  });
}

function pausedEnds({ test }: Suite): void {
  test("flow control: nothing is received after loseConnection, whoever asks for it", async (net) => {
    const { server } = net.pair({
      server: {
        connectionMade({ transport }) {
          transport.write(new Uint8Array(LARGE / 8));
        },
        dataReceived({ transport }) {
          transport.loseConnection();
          transport.resumeProducing();
        },
      },
      client: {
        connectionMade: (protocol) => protocol.write("first"),
        dataReceived: (protocol) => protocol.write("more"),
      },
    });
    await net.runUntil(
      "server connectionLost ConnectionDone",
      "client stopFactory",
    );
    assertEquals(server.protocolBuilt.sizes.length, 1);
  });

  test("flow control: stopProducing closes the connection when everything is sent", async (net) => {
    const { server } = net.pair({
      client: {
        connectionMade(protocol) {
          protocol.write("hello");
          protocol.transport.stopProducing();
          assertEquals(protocol.transport.disconnecting, true);
        },
      },
    });
    await net.runUntil(
      "server connectionLost ConnectionDone",
      "client stopFactory",
    );
    assertEquals(server.protocolBuilt.received, "hello");
    assertEquals(net.errors, []);
  });

  test("flow control: a transport that is paused is closed like any other", async (net) => {
    const { client } = net.pair({
      client: {
        connectionMade({ transport }) {
          transport.pauseProducing();
          transport.loseConnection();
        },
      },
    });
    await net.runUntil(
      "server connectionLost ConnectionDone",
      "client stopFactory",
    );
    assertEquals(client.events[5], "connectionLost ConnectionDone");
  });

  test("flow control: a transport that is paused hears that the reactor stops", async (net) => {
    const { server } = net.pair({
      server: {
        connectionMade({ transport }) {
          transport.pauseProducing();
          net.reactor.callFromThread(() => net.reactor.stop());
        },
      },
    });
    await net.runUntilStopped();
    const lost = server.events.filter((event) => /^connectionLost/.test(event));
    assertEquals(lost, ["connectionLost ConnectionLost"]);
  });

  test("flow control: a transport that is over can be paused, and go on, without effect", async (net) => {
    const { client } = net.pair({
      client: {
        connectionMade: ({ transport }) => transport.abortConnection(),
        connectionLost({ transport }) {
          transport.pauseProducing();
          transport.resumeProducing();
          transport.stopProducing();
          transport.write(bytes("late"));
        },
      },
    });
    await net.runUntil("server connectionLost", "client stopFactory");
    const { transport } = client.protocolBuilt;
    transport.resumeProducing();
    transport.stopProducing();
    assertEquals(net.reactor.getReaders(), []);
    assertEquals(net.errors, []);
  });
}
