// The readable stream of a transport, and `for await`.

import { assertEquals, assertRejects } from "@std/assert";
import type { Transport } from "../../mod.ts";
import type { Suite } from "./conformance.ts";
import { bytes, fail, type Hooks, type Network, Oops } from "./network.ts";
import {
  CLEAN,
  endOf,
  FULL,
  LARGE,
  SOME_PASSES,
} from "./web_streams_support.ts";

/** Defines the tests about reading. */
export function reading(suite: Suite): void {
  arriving(suite);
  ending(suite);
  answering(suite);
  leaving(suite);
  raising(suite);
}

/** A side that does not close the connection when its peer closes its half. */
const goesOnWithHalf: Hooks = {
  buildProtocol: (protocol) =>
    Object.assign(protocol, { readConnectionLost() {} }),
};

/** All that comes, as one text. */
async function textOf(transport: Transport): Promise<string> {
  let text = "";
  const decoder = new TextDecoder();
  for await (const piece of transport) text += decoder.decode(piece);
  return text;
}

function arriving({ test }: Suite): void {
  test("web streams: what arrives goes to the stream, and the end to the protocol as well", async (net) => {
    let text = "";
    const { server } = net.pair({
      server: {
        async connectionMade({ transport }) {
          text = await textOf(transport);
          net.record("server has read all");
        },
      },
      client: {
        connectionMade(protocol) {
          protocol.write("hello, ");
          protocol.write("world");
          protocol.transport.loseConnection();
        },
      },
    });
    await net.runUntil("server has read all", ...CLEAN);
    assertEquals(text, "hello, world");
    assertEquals(server.protocolBuilt.sizes, []);
    assertEquals(net.errors, []);
  });

  test("web streams: from when the stream is asked for, nothing goes to dataReceived", async (net) => {
    let text = "";
    const { server } = net.pair({
      server: {
        async dataReceived(protocol) {
          protocol.write("go on");
          text = await textOf(protocol.transport);
          net.record("server has read all");
        },
      },
      client: {
        connectionMade: (protocol) => protocol.write("first"),
        dataReceived(protocol) {
          protocol.write("second");
          protocol.transport.loseConnection();
        },
      },
    });
    await net.runUntil("server has read all", ...CLEAN);
    assertEquals([server.protocolBuilt.received, text], ["first", "second"]);
  });

  test("web streams: a stream that nobody reads keeps the peer from sending on", async (net) => {
    let sent = 0;
    let read = 0;
    const { server } = net.pair({
      server: { connectionMade: ({ transport }) => void transport.readable },
      client: {
        async connectionMade({ transport }) {
          const writer = transport.writable.getWriter();
          for (; sent < LARGE; sent += FULL) {
            await writer.write(new Uint8Array(FULL));
          }
          await writer.close();
        },
      },
    });
    const made = net.happened("server connectionMade", "client connectionMade");
    await net.runWith(async () => {
      await made;
      const waits = await net.standstill(() => sent, LARGE);
      assertEquals(waits < LARGE, true);
      const over = net.happened(...CLEAN);
      for await (const piece of server.protocolBuilt.transport) {
        read += piece.length;
      }
      await over;
    });
    assertEquals(read, LARGE);
  });

  test("web streams: a reader gets what was sent, in order, as slow as it may be", async (net) => {
    const size = LARGE / 32;
    let wrong = 0;
    let read = 0;
    net.pair({
      server: {
        async connectionMade({ transport }) {
          for await (const piece of transport) {
            for (const byte of piece) {
              if (byte !== (read++ >> 8 & 0xff)) wrong++;
            }
            await net.passes(2);
          }
          net.record("server has read all");
        },
      },
      client: {
        connectionMade({ transport }) {
          transport.write(Uint8Array.from({ length: size }, (_, i) => i >> 8));
          transport.loseConnection();
        },
      },
    });
    await net.runUntil("server has read all", ...CLEAN);
    assertEquals([read, wrong], [size, 0]);
  });

  test("web streams: nothing arrives before the reactor runs", async (net) => {
    const { server } = net.pair({
      server: {
        connectionMade: async ({ transport }) => {
          await textOf(transport);
        },
      },
      client: {
        connectionMade: ({ transport }) => {
          transport.write(bytes("hello"));
          transport.loseConnection();
        },
      },
    });
    for (let i = 0; i < SOME_PASSES; i++) {
      await new Promise<void>((resolve) => net.backend.nextTurn(resolve));
    }
    assertEquals(server.events, ["doStart", "startFactory"]);
    await net.runUntil(...CLEAN);
  });
}

function ending({ test, exceptions }: Suite): void {
  const reason = exceptions.noReset === undefined ? "ConnectionLost" : "end";
  const ends: [how: string, end: (net: Network) => void, told: string][] = [
    ["the peer closes the connection", (net) => {
      net.sides("client")[0]?.protocolBuilt.transport.loseConnection();
    }, "end"],
    ["this side closes the connection", (net) => {
      net.sides("server")[0]?.protocolBuilt.transport.loseConnection();
    }, "end"],
    ["this side aborts the connection", (net) => {
      net.sides("server")[0]?.protocolBuilt.transport.abortConnection();
    }, "ConnectionAborted"],
    ["the peer aborts the connection", (net) => {
      net.sides("client")[0]?.protocolBuilt.transport.abortConnection();
    }, reason],
  ];
  for (const [how, end, told] of ends) {
    test(`web streams: a reader hears that ${how}`, async (net) => {
      let heard = "";
      net.pair({
        server: {
          async connectionMade({ transport }) {
            heard = await endOf(textOf(transport));
            net.record("server has read all");
          },
        },
      });
      const made = net.happened(
        "server connectionMade",
        "client connectionMade",
      );
      await net.runWith(async () => {
        await made;
        const over = net.happened(
          "server has read all",
          "server connectionLost",
          "client connectionLost",
        );
        end(net);
        await over;
      });
      assertEquals(heard, told);
      assertEquals(net.errors, []);
    });
  }

  test("web streams: a reader hears that the reactor stops, and nothing afterwards", async (net) => {
    let heard: Promise<string> = Promise.resolve("nothing");
    net.pair({
      server: {
        connectionMade({ transport }) {
          heard = endOf(textOf(transport));
          transport.write(bytes("go"));
        },
      },
      client: {
        dataReceived(protocol) {
          protocol.write("too late");
          net.reactor.stop();
        },
      },
    });
    await net.runUntilStopped();
    assertEquals(await heard, "ConnectionLost");
  });

  test("web streams: a stream of a connection that is over fails", async (net) => {
    const { server } = net.pair({
      client: { connectionMade: ({ transport }) => transport.loseConnection() },
    });
    await net.runUntil(...CLEAN);
    const { transport } = server.protocolBuilt;
    assertEquals(await endOf(textOf(transport)), "ConnectionLost");
    const writer = transport.writable.getWriter();
    assertEquals(await endOf(writer.closed), "ConnectionLost");
  });
}

function answering({ test }: Suite): void {
  test("web streams: a loop that echoes loses nothing when the peer closes its half", async (net) => {
    let echoed = 0;
    net.pair({
      server: {
        async connectionMade({ transport }) {
          for await (const piece of transport) transport.write(piece);
        },
      },
      client: {
        async connectionMade({ transport }) {
          const sends = transport.writable.getWriter();
          sends.write(new Uint8Array(LARGE / 4)).then(() => sends.close());
          for await (const piece of transport) echoed += piece.length;
          net.record("client has read all");
        },
      },
    });
    await net.runUntil("client has read all", ...CLEAN);
    assertEquals(echoed, LARGE / 4);
    assertEquals(net.errors, []);
  });

  test("web streams: what is written right behind the loop is still sent", async (net) => {
    const { client } = net.pair({
      server: {
        async connectionMade({ transport }) {
          const lines: string[] = [];
          const decoder = new TextDecoder();
          const texts = transport.readable.pipeThrough(
            new TransformStream<Uint8Array, string>({
              transform: (piece, to) => to.enqueue(decoder.decode(piece)),
            }),
          ).pipeThrough(new TransformStream<string, string>());
          for await (const text of texts) lines.push(text);
          transport.write(bytes(`answer to ${lines.join("")}`));
        },
      },
      client: {
        async connectionMade(protocol) {
          const { transport } = protocol;
          protocol.write("question");
          transport.loseWriteConnection();
          protocol.received = await textOf(transport);
          net.record("client has read all");
        },
      },
    });
    await net.runUntil("client has read all", ...CLEAN);
    assertEquals(client.protocolBuilt.received, "answer to question");
    assertEquals(net.errors, []);
  });

  test("web streams: what is written behind a loop over the last of many streams is still sent", async (net) => {
    const { client } = net.pair({
      server: {
        async connectionMade({ transport }) {
          let pieces = transport.readable;
          for (let streams = 0; streams < 5; streams++) {
            pieces = pieces.pipeThrough(new TransformStream());
          }
          let size = 0;
          for await (const piece of pieces) size += piece.length;
          transport.write(bytes(`${size} bytes`));
        },
      },
      client: {
        async connectionMade(protocol) {
          const { transport } = protocol;
          protocol.write("question");
          transport.loseWriteConnection();
          protocol.received = await textOf(transport);
          net.record("client has read all");
        },
      },
    });
    await net.runUntil("client has read all", ...CLEAN);
    assertEquals(client.protocolBuilt.received, "8 bytes");
  });

  test("web streams: a connection stays open for who asks for the other stream behind the loop", async (net) => {
    const { client } = net.pair({
      server: {
        async connectionMade({ transport }) {
          const question = await textOf(transport);
          const writer = transport.writable.getWriter();
          await net.passes(SOME_PASSES);
          await writer.write(bytes(`answer to ${question}`));
          await net.passes(SOME_PASSES);
          await writer.close();
        },
      },
      client: {
        async connectionMade(protocol) {
          const { transport } = protocol;
          protocol.write("question");
          transport.loseWriteConnection();
          protocol.received = await textOf(transport);
          net.record("client has read all");
        },
      },
    });
    await net.runUntil("client has read all", ...CLEAN);
    assertEquals(client.protocolBuilt.received, "answer to question");
    assertEquals(net.errors, []);
  });

  test("web streams: a protocol that goes on with half a connection decides itself", async (net) => {
    const { client } = net.pair({
      server: {
        buildProtocol: (protocol) =>
          Object.assign(protocol, {
            readConnectionLost: () => net.record("server readConnectionLost"),
          }),
        async connectionMade(protocol) {
          await textOf(protocol.transport);
          await net.passes(SOME_PASSES);
          protocol.write("still here");
          protocol.transport.loseConnection();
        },
      },
      client: {
        connectionMade: ({ transport }) => transport.loseWriteConnection(),
      },
    });
    await net.runUntil("server readConnectionLost", ...CLEAN);
    assertEquals(client.protocolBuilt.received, "still here");
  });
}

function leaving({ test }: Suite): void {
  test("web streams: leaving the loop closes the connection, when what was written is sent", async (net) => {
    let received = 0;
    net.pair({
      server: {
        async connectionMade({ transport }) {
          for await (const _ of transport) {
            transport.write(new Uint8Array(LARGE / 8));
            break;
          }
          net.record("server has left");
        },
      },
      client: {
        connectionMade: (protocol) => protocol.write("hello"),
        dataReceived: (_, data) => received += data.length,
      },
    });
    await net.runUntil("server has left", ...CLEAN);
    assertEquals(received, LARGE / 8);
    assertEquals(net.errors, []);
  });

  test("web streams: a loop can be left without cancelling, and another go on", async (net) => {
    let text = "";
    net.pair({
      server: {
        async connectionMade({ transport }) {
          const decoder = new TextDecoder();
          const values = transport.readable.values({ preventCancel: true });
          for await (const piece of values) {
            text += decoder.decode(piece);
            break;
          }
          transport.write(bytes("go on"));
          text += await textOf(transport);
          net.record("server has read all");
        },
      },
      client: {
        connectionMade: (protocol) => protocol.write("one "),
        dataReceived(protocol) {
          protocol.write("two");
          protocol.transport.loseConnection();
        },
      },
    });
    await net.runUntil("server has read all", ...CLEAN);
    assertEquals(text, "one two");
  });

  test("web streams: who wants nothing more can still answer, and the peer need not wait", async (net) => {
    const { promise: peerHasSentAll, resolve } = Promise.withResolvers<void>();
    const { client } = net.pair({
      server: {
        buildProtocol: (protocol) =>
          Object.assign(protocol, { readConnectionLost: resolve }),
        async connectionMade({ transport }) {
          const writer = transport.writable.getWriter();
          for await (const _ of transport) break;
          await peerHasSentAll;
          await writer.write(bytes("enough"));
          await writer.close();
        },
      },
      client: {
        connectionMade({ transport }) {
          transport.write(new Uint8Array(LARGE));
          transport.loseWriteConnection();
        },
      },
    });
    await net.runUntil(...CLEAN);
    assertEquals(client.protocolBuilt.received, "enough");
    assertEquals(net.errors, []);
  });

  test("web streams: when the other stream is closed after this was cancelled, the connection is", async (net) => {
    net.pair({
      server: {
        async connectionMade({ transport }) {
          const { writable } = transport;
          await transport.readable.cancel();
          await net.passes(SOME_PASSES);
          assertEquals(transport.connected, true);
          await writable.close();
          net.record("server has closed the other");
        },
      },
      client: goesOnWithHalf,
    });
    await net.runUntil("server has closed the other", CLEAN[0] ?? "");
    assertEquals(net.errors, []);
  });

  test("web streams: when this is cancelled after the other stream was closed, the connection is", async (net) => {
    net.pair({
      server: {
        async connectionMade({ transport }) {
          await transport.writable.close();
          await net.passes(SOME_PASSES);
          assertEquals(transport.connected, true);
          await transport.readable.cancel();
          net.record("server has cancelled");
        },
      },
      client: goesOnWithHalf,
    });
    await net.runUntil("server has cancelled", CLEAN[0] ?? "");
    assertEquals(net.errors, []);
  });
}

function raising({ test }: Suite): void {
  test("web streams: an error out of a loop is logged, and ends the connection", async (net) => {
    net.pair({
      server: {
        async connectionMade({ transport }) {
          for await (const _ of transport) fail(new Oops("no"));
        },
      },
      client: { connectionMade: (protocol) => protocol.write("hello") },
    });
    await net.runUntil("server connectionLost", "client connectionLost");
    assertEquals(net.errors, [
      "Unhandled error in connectionMade of Recorder: Oops: no",
    ]);
  });

  test("web streams: the end of the connection is no error of a loop that lets it through", async (net) => {
    const { server } = net.pair({
      server: {
        connectionMade: async ({ transport }) => {
          await textOf(transport);
        },
      },
    });
    const made = net.happened("server connectionMade", "client connectionMade");
    await net.runWith(async () => {
      await made;
      const over = net.happened("server connectionLost ConnectionAborted");
      server.protocolBuilt.transport.abortConnection();
      await over;
      await net.passes(SOME_PASSES);
    });
    assertEquals(net.errors, []);
  });

  test("web streams: the end of another connection ends this one, where it comes out of it", async (net) => {
    const other = net.pair();
    const made = net.happened("server connectionMade", "client connectionMade");
    await net.runWith(async () => {
      await made;
      const { transport } = other.client.protocolBuilt;
      const reads = net.happened("reader reads");
      net.connect(
        net.listen({
          connectionMade: () => {
            net.record("reader reads");
            return textOf(transport);
          },
        }).port,
      );
      await reads;
      const over = net.happened(
        "client connectionLost ConnectionAborted",
        "server connectionLost ConnectionAborted",
        "client connectionLost",
      );
      transport.abortConnection();
      await over;
    });
    assertEquals(net.errors, []);
  });

  test("web streams: where nobody is told of it, the end of a connection is logged", async (net) => {
    const { client } = net.pair();
    const made = net.happened("server connectionMade", "client connectionMade");
    await net.runWith(async () => {
      await made;
      const { transport } = client.protocolBuilt;
      net.reactor.callFromThread(() => textOf(transport));
      await net.turns(1);
      const logged = net.happened("log ConnectionAborted");
      transport.abortConnection();
      await logged;
      await assertRejects(() => textOf(transport));
    });
    assertEquals(net.errors.length, 1);
  });
}
