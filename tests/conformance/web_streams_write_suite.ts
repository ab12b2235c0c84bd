// The writable stream of a transport.

import {
  assertEquals,
  assertRejects,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import type { Transport } from "../../mod.ts";
import type { Suite } from "./conformance.ts";
import { bytes, type Hooks, type Network, type Recorder } from "./network.ts";
import {
  CLEAN,
  endOf,
  FULL,
  LARGE,
  SOME_PASSES,
} from "./web_streams_support.ts";

/** Defines the tests about writing. */
export function writing(suite: Suite): void {
  waiting(suite);
  closing(suite);
  aborting(suite);
  producers(suite);
}

/** A server that does not read, and the client that writes to it. */
async function held(
  net: Network,
  fn: (client: Recorder, server: Recorder) => Promise<void>,
): Promise<void> {
  const { server, client } = net.pair({
    server: { connectionMade: ({ transport }) => transport.pauseProducing() },
  });
  const made = net.happened("server connectionMade", "client connectionMade");
  await net.runWith(async () => {
    await made;
    await fn(client.protocolBuilt, server.protocolBuilt);
  });
}

/** A side that goes on when its peer closes its half. */
const goesOn: Hooks = {
  buildProtocol: (protocol) =>
    Object.assign(protocol, { readConnectionLost() {} }),
};

/** A side that closes its half, and says when that is done. */
function ends(net: Network, before?: (transport: Transport) => void): Hooks {
  return {
    buildProtocol: (protocol) =>
      Object.assign(protocol, {
        writeConnectionLost: () => net.record("client writeConnectionLost"),
      }),
    connectionMade({ transport }) {
      before?.(transport);
      transport.loseWriteConnection();
    },
  };
}

function waiting({ test }: Suite): void {
  test("web streams: a writer waits while more than 64 KiB are to be sent", async (net) => {
    await held(net, async ({ transport }, { transport: peer, sizes }) => {
      const writer = transport.writable.getWriter();
      let written = 0;
      const writes = (async () => {
        for (; written < LARGE; written += FULL) {
          await writer.ready;
          void writer.write(new Uint8Array(FULL));
        }
        await writer.close();
      })();
      const waits = await net.standstill(() => written, LARGE);
      assertEquals(waits < LARGE, true);
      const over = net.happened(...CLEAN);
      peer.resumeProducing();
      await writes;
      await over;
      assertEquals(sizes.reduce((sum, size) => sum + size, 0), LARGE);
    });
  });

  test("web streams: a write that fits is done at once", async (net) => {
    const { server } = net.pair({
      client: {
        async connectionMade({ transport }) {
          const writer = transport.writable.getWriter();
          await writer.write(bytes("hello, "));
          await writer.write(new Uint8Array(0));
          await writer.write(bytes("world"));
          await writer.close();
          await writer.closed;
        },
      },
    });
    await net.runUntil(...CLEAN);
    assertEquals(server.protocolBuilt.received, "hello, world");
    assertEquals(net.errors, []);
  });

  test("web streams: a write that waits fails with the connection", async (net) => {
    await held(net, async ({ transport }) => {
      const writer = transport.writable.getWriter();
      const outcomes = [
        endOf(writer.write(new Uint8Array(LARGE))),
        endOf(writer.write(new Uint8Array(1))),
        endOf(writer.closed),
      ];
      await net.passes(SOME_PASSES);
      transport.abortConnection();
      assertEquals(
        await Promise.all(outcomes),
        Array(3).fill("ConnectionAborted"),
      );
    });
    assertEquals(net.errors, []);
  });

  test("web streams: a writer hears that the reactor stops", async (net) => {
    let outcomes: Promise<string>[] = [];
    net.pair({
      server: { connectionMade: ({ transport }) => transport.pauseProducing() },
      client: {
        connectionMade({ transport }) {
          const writer = transport.writable.getWriter();
          outcomes = [
            endOf(writer.write(new Uint8Array(LARGE))),
            endOf(writer.closed),
          ];
          net.reactor.callFromThread(() => net.reactor.stop());
        },
      },
    });
    await net.runUntilStopped();
    assertEquals(
      await Promise.all(outcomes),
      ["ConnectionLost", "ConnectionLost"],
    );
  });
}

function closing({ test }: Suite): void {
  test("web streams: a stream that is closed closes one half, when everything is sent", async (net) => {
    const { server, client } = net.pair({
      server: {
        buildProtocol: (protocol) =>
          Object.assign(protocol, {
            readConnectionLost() {
              protocol.write("got it");
              protocol.transport.loseConnection();
            },
          }),
      },
      client: {
        async connectionMade({ transport }) {
          const writer = transport.writable.getWriter();
          writer.write(new Uint8Array(LARGE / 8));
          await writer.close();
          net.record("client has closed its half");
        },
      },
    });
    await net.runUntil("client has closed its half", ...CLEAN);
    const { sizes } = server.protocolBuilt;
    assertEquals(sizes.reduce((sum, size) => sum + size, 0), LARGE / 8);
    assertEquals(client.protocolBuilt.received, "got it");
  });

  test("web streams: a peer that closes its half leaves the stream open", async (net) => {
    const { client } = net.pair({
      server: {
        async connectionMade({ transport }) {
          const writer = transport.writable.getWriter();
          for await (const _ of transport);
          await net.passes(SOME_PASSES);
          await writer.write(bytes("still here"));
          await writer.close();
        },
      },
      client: ends(net),
    });
    await net.runUntil(...CLEAN);
    assertEquals(client.protocolBuilt.received, "still here");
    assertEquals(net.errors, []);
  });

  test("web streams: a stream fails when its half was closed without it", async (net) => {
    const { client } = net.pair({
      server: goesOn,
      client: ends(net, ({ writable }) => void writable),
    });
    const ended = net.happened("client writeConnectionLost");
    await net.runWith(async () => {
      await ended;
      const { transport } = client.protocolBuilt;
      const writer = transport.writable.getWriter();
      assertEquals(await endOf(writer.closed), "ConnectionDone");
    });
  });

  test("web streams: a stream that is asked for when its half is closed fails", async (net) => {
    const { client } = net.pair({ server: goesOn, client: ends(net) });
    const ended = net.happened("client writeConnectionLost");
    await net.runWith(async () => {
      await ended;
      const { writable } = client.protocolBuilt.transport;
      assertEquals(await endOf(writable.close()), "ConnectionLost");
    });
  });

  test("web streams: loseConnection does not wait for a writer that has nothing more", async (net) => {
    await held(net, async ({ transport }, { transport: peer }) => {
      const writer = transport.writable.getWriter();
      const written = writer.write(new Uint8Array(LARGE));
      await net.passes(SOME_PASSES);
      peer.resumeProducing();
      await written;
      const over = net.happened(...CLEAN);
      const closed = endOf(writer.closed);
      transport.loseConnection();
      await over;
      assertEquals(await closed, "ConnectionDone");
    });
  });
}

function aborting({ test }: Suite): void {
  test("web streams: a stream that is aborted aborts the connection, also while a write waits", async (net) => {
    await held(net, async ({ transport }) => {
      const writer = transport.writable.getWriter();
      const written = endOf(writer.write(new Uint8Array(LARGE)));
      await net.passes(SOME_PASSES);
      const over = net.happened("client connectionLost ConnectionAborted");
      await writer.abort(new RangeError("enough"));
      await over;
      assertEquals(await written, "RangeError");
    });
    assertEquals(net.errors, []);
  });

  test("web streams: a stream that is aborted while nothing waits aborts the connection", async (net) => {
    await held(net, async ({ transport }) => {
      const over = net.happened("client connectionLost ConnectionAborted");
      await transport.writable.abort();
      await over;
    });
  });

  test("web streams: a stream that is aborted while it is being closed aborts the connection", async (net) => {
    await held(net, async ({ transport }) => {
      const writer = transport.writable.getWriter();
      const outcomes = [
        endOf(writer.write(new Uint8Array(LARGE))),
        endOf(writer.close()),
      ];
      await net.passes(SOME_PASSES);
      const over = net.happened("client connectionLost ConnectionAborted");
      await writer.abort(new RangeError("enough"));
      await over;
      assertEquals(await Promise.all(outcomes), ["RangeError", "RangeError"]);
    });
  });

  test("web streams: writing a text is refused, and the peer does not take it for the end", async (net) => {
    await held(net, async ({ transport }) => {
      const over = net.happened("client connectionLost ConnectionAborted");
      const { writable } = transport as unknown as {
        writable: WritableStream<string>;
      };
      await assertRejects(
        () => writable.getWriter().write("text"),
        TypeError,
        "TextEncoder",
      );
      await over;
    });
  });
}

function producers({ test }: Suite): void {
  test("web streams: a transport has a producer or a writable stream, not both at once", async (net) => {
    const producer = {
      resumeProducing() {},
      pauseProducing() {},
      stopProducing() {},
    };
    net.pair({
      client: {
        async connectionMade({ transport }) {
          transport.registerProducer(producer, true);
          assertThrows(() => transport.writable, Error, "unregistered first");
          transport.unregisterProducer();
          const { writable } = transport;
          assertThrows(() => transport.registerProducer(producer, true), Error);
          await writable.close();
        },
      },
    });
    await net.runUntil(...CLEAN);
    assertEquals(net.errors, []);
  });

  test("web streams: each stream is the same one each time", async (net) => {
    net.pair({
      client: {
        connectionMade({ transport }) {
          const { readable, writable } = transport;
          assertStrictEquals(transport.readable, readable);
          assertStrictEquals(transport.writable, writable);
          transport.loseConnection();
        },
      },
    });
    await net.runUntil(...CLEAN);
    assertEquals(net.errors, []);
  });
}
