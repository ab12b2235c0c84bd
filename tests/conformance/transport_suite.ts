// The transport: what is written, in which order it arrives, and how it ends.

import { assertEquals, assertThrows } from "@std/assert";
import { select, type Socket, WouldBlock } from "../../mod.ts";
import { watchOpened } from "../support/opened.ts";
import type { Suite } from "./conformance.ts";
import { bytes, fail, HOST, Network, Oops, type Recorder } from "./network.ts";

/** More than the buffers of any kernel between two sockets hold. */
const LARGE = 32 * 1024 * 1024;

/** Defines the tests. */
export function transportSuite(suite: Suite): void {
  writing(suite);
  largeWrites(suite);
  losing(suite);
  aborting(suite);
  afterwards(suite);
  options(suite);
  reading(suite);
  beneath(suite);
}

/** Bytes that tell their place, so that none can be lost or swapped unseen. */
function pattern(size: number): Uint8Array {
  const data = new Uint8Array(size);
  for (let i = 0; i < size; i++) data[i] = (i * 7 + (i >> 8) * 13) & 0xff;
  return data;
}

/** A receiver that counts, and compares with what should come. */
class Expecting {
  received = 0;
  wrong = 0;
  readonly #expected: Uint8Array;

  constructor(expected: Uint8Array) {
    this.#expected = expected;
  }

  take(data: Uint8Array): void {
    for (const byte of data) {
      if (byte !== this.#expected[this.received++]) this.wrong++;
    }
  }
}

function writing({ test }: Suite): void {
  test("transport: what is written arrives whole and in order", async (net) => {
    const { server } = net.pair({
      client: {
        connectionMade(protocol) {
          protocol.write("one ");
          protocol.transport.writeSequence([bytes("two "), bytes("three ")]);
          protocol.write("four");
          protocol.transport.loseConnection();
        },
      },
    });
    await net.runUntil("server connectionLost");
    assertEquals(server.protocolBuilt.received, "one two three four");
  });

  test("transport: what arrives is a Uint8Array, and none of its heirs, whose slice() may not copy", async (net) => {
    const kinds: unknown[] = [];
    net.pair({
      server: {
        dataReceived(_, data) {
          kinds.push(data.constructor);
          net.record("got it");
        },
      },
      client: { connectionMade: (protocol) => protocol.write("hello") },
    });
    await net.runUntil("got it");
    assertEquals(kinds, [Uint8Array]);
  });

  test("transport: bytes that are written one a turn arrive one after the other", async (net) => {
    const text = "Science! true daughter of Old Time thou art!";
    const { server } = net.pair({
      client: {
        connectionMade(protocol) {
          const send = (at: number) => {
            if (at === text.length) return protocol.transport.loseConnection();
            protocol.write(text.charAt(at));
            net.reactor.callFromThread(send, at + 1);
          };
          send(0);
        },
      },
    });
    await net.runUntil("server connectionLost");
    assertEquals(server.protocolBuilt.received, text);
  });

  test("transport: an answer to every byte comes back", async (net) => {
    const text = "Who alterest all things with thy peering eyes.";
    const { client } = net.pair({
      server: {
        dataReceived: (protocol, data) => protocol.transport.write(data),
      },
      client: {
        connectionMade: (protocol) => protocol.write(text.charAt(0)),
        dataReceived(protocol) {
          const { length } = protocol.received;
          if (length < text.length) protocol.write(text.charAt(length));
          else protocol.transport.loseConnection();
        },
      },
    });
    await net.runUntil("client stopFactory", "server connectionLost");
    assertEquals(client.protocolBuilt.received, text);
  });

  test("transport: writing nothing sends nothing", async (net) => {
    const { server } = net.pair({
      client: {
        connectionMade({ transport }) {
          transport.write(new Uint8Array(0));
          transport.writeSequence([]);
          transport.writeSequence([new Uint8Array(0)]);
          transport.loseConnection();
        },
      },
    });
    await net.runUntil("server connectionLost ConnectionDone");
    assertEquals(server.protocolBuilt.sizes, []);
  });

  test("transport: what is not bytes is refused, and a sequence with it as a whole", async (net) => {
    const { server } = net.pair({
      client: {
        connectionMade({ transport }) {
          const noBytes = [
            "text",
            null,
            undefined,
            7,
            [1, 2],
            new ArrayBuffer(2),
          ];
          for (const wrong of noBytes as unknown as Uint8Array[]) {
            assertThrows(() => transport.write(wrong), TypeError);
            assertThrows(
              () => transport.writeSequence([bytes("lost"), wrong]),
              TypeError,
            );
          }
          transport.write(bytes("kept"));
          transport.loseConnection();
        },
      },
    });
    await net.runUntil("server connectionLost ConnectionDone");
    assertEquals(server.protocolBuilt.received, "kept");
    assertEquals(net.errors, []);
  });

  test("transport: a transport knows both addresses, also when it is closed", async (net) => {
    const { port, server, client } = net.pair({
      client: { connectionMade: ({ transport }) => transport.loseConnection() },
    });
    await net.runUntil("client stopFactory", "server connectionLost");
    const near = client.protocolBuilt.transport;
    const far = server.protocolBuilt.transport;
    assertEquals(near.getPeer(), port.getHost());
    assertEquals(far.getHost(), port.getHost());
    assertEquals(near.getHost(), far.getPeer());
    assertEquals(port.getHost().host, HOST);
  });
}

function largeWrites({ test }: Suite): void {
  const cases = {
    "one write": (data: Uint8Array, { transport }: Recorder) =>
      transport.write(data),
    "many writes": (data: Uint8Array, { transport }: Recorder) => {
      for (let at = 0; at < data.length; at += 100_003) {
        transport.write(data.subarray(at, at + 100_003));
      }
    },
    "a sequence of small pieces": (
      data: Uint8Array,
      { transport }: Recorder,
    ) => {
      const pieces: Uint8Array[] = [];
      for (let at = 0; at < data.length; at += 1021) {
        pieces.push(data.subarray(at, at + 1021));
      }
      transport.writeSequence(pieces);
    },
  };
  for (const [how, write] of Object.entries(cases)) {
    test(`transport: ${LARGE} bytes in ${how} arrive whole and in order`, async (net) => {
      const data = pattern(LARGE);
      const expecting = new Expecting(data);
      net.pair({
        server: {
          connectionMade(protocol) {
            write(data, protocol);
            protocol.transport.loseConnection();
          },
        },
      });
      await receiveAll(net, expecting);
      assertEquals([expecting.received, expecting.wrong], [LARGE, 0]);
    });
  }

  test("transport: a peer that reads slowly gets everything before the connection closes", async (net) => {
    const size = LARGE / 4;
    const data = pattern(size);
    const expecting = new Expecting(data);
    const { port, server } = net.listen({
      connectionMade({ transport }) {
        transport.write(data);
        transport.loseConnection();
      },
    });
    await net.runWith(async () => {
      const socket = await net.socket(port);
      await readSlowly(net, socket, expecting);
      socket.close();
    });
    assertEquals([expecting.received, expecting.wrong], [size, 0]);
    assertEquals(server.events.at(-1), "connectionLost ConnectionDone");
  });
}

/** Has the client compare all that comes, until the connection is over. */
async function receiveAll(net: Network, expecting: Expecting): Promise<void> {
  const [client] = net.sides("client");
  if (client !== undefined) {
    client.hooks.dataReceived = (_protocol, data) => expecting.take(data);
  }
  await net.runUntil(
    "client connectionLost ConnectionDone",
    "server connectionLost ConnectionDone",
  );
}

/** Reads a little, lets the reactor go on for a while, and so on to the end. */
async function readSlowly(
  net: Network,
  socket: Socket,
  expecting: Expecting,
): Promise<void> {
  for (;;) {
    await select([socket], []);
    const data = socket.recv(50_000);
    if (data.length === 0) return;
    expecting.take(data);
    await net.turns(2);
  }
}

function losing({ test }: Suite): void {
  test("transport: loseConnection closes later, and says so meanwhile", async (net) => {
    const seen: boolean[][] = [];
    const look = ({ transport }: Recorder) => {
      seen.push([transport.connected, transport.disconnecting]);
    };
    const { client } = net.pair({
      client: {
        connectionMade(protocol) {
          look(protocol);
          protocol.transport.loseConnection();
          look(protocol);
          protocol.transport.loseConnection();
        },
        connectionLost: look,
      },
    });
    await net.runUntil(
      "client stopFactory",
      "server connectionLost ConnectionDone",
    );
    assertEquals(seen, [[true, false], [true, true], [false, false]]);
    const ends = client.events.filter((event) => /^connectionLost/.test(event));
    assertEquals(ends, ["connectionLost ConnectionDone"]);
  });

  test("transport: what is written after loseConnection, before everything is sent, still goes out", async (net) => {
    const data = pattern(LARGE / 8);
    const expecting = new Expecting(new Uint8Array([...data, ...bytes("end")]));
    net.pair({
      server: {
        connectionMade(protocol) {
          protocol.transport.write(data);
          protocol.transport.loseConnection();
          protocol.write("end");
        },
      },
    });
    await receiveAll(net, expecting);
    assertEquals([expecting.received, expecting.wrong], [data.length + 3, 0]);
  });

  test("transport: nothing is received after loseConnection", async (net) => {
    const { server } = net.pair({
      server: {
        connectionMade(protocol) {
          // The peer sees this, and answers, before the rest has gone out.
          protocol.transport.write(pattern(LARGE / 8));
        },
        dataReceived: ({ transport }) => transport.loseConnection(),
      },
      client: {
        connectionMade: (protocol) => protocol.write("first"),
        dataReceived: (protocol) => protocol.write("more"),
      },
    });
    await net.runUntil("server connectionLost", "client stopFactory");
    assertEquals(server.protocolBuilt.sizes.length, 1);
  });

  test("transport: a protocol that loses the connection as it is made receives nothing", async (net) => {
    const { server } = net.pair({
      server: { connectionMade: ({ transport }) => transport.loseConnection() },
      client: { connectionMade: (protocol) => protocol.write("hello") },
    });
    await net.runUntil("server connectionLost", "client stopFactory");
    assertEquals(server.protocolBuilt.received, "");
  });
}

function aborting({ test }: Suite): void {
  test("transport: abortConnection reports later, once, and drops what waits", async (net) => {
    const seen: boolean[] = [];
    const { client } = net.pair({
      client: {
        connectionMade({ transport }) {
          transport.write(pattern(LARGE));
          transport.abortConnection();
          transport.abortConnection();
          seen.push(transport.connected);
          net.reactor.callFromThread(() => seen.push(transport.connected));
        },
      },
    });
    await net.runUntil("client stopFactory", "server connectionLost");
    assertEquals(seen, [true, false]);
    assertEquals(client.events.slice(4), [
      "connectionMade",
      "connectionLost ConnectionAborted",
      "clientConnectionLost ConnectionAborted",
      "doStop",
      "stopFactory",
    ]);
  });

  const orders: Record<string, (recorder: Recorder) => void> = {
    "after loseConnection": ({ transport }) => {
      transport.write(pattern(LARGE));
      transport.loseConnection();
      transport.abortConnection();
    },
    "before loseConnection": ({ transport }) => {
      transport.abortConnection();
      transport.loseConnection();
    },
  };
  for (const [order, end] of Object.entries(orders)) {
    test(`transport: abortConnection ${order} is an abort`, async (net) => {
      net.pair({ client: { connectionMade: end } });
      await net.runUntil(
        "client connectionLost ConnectionAborted",
        "client stopFactory",
        "server connectionLost",
      );
    });
  }

  test("transport: an error after abortConnection is the reason, and the only one", async (net) => {
    const { client } = net.pair({
      server: { connectionMade: (protocol) => protocol.write("hello") },
      client: {
        dataReceived({ transport }) {
          transport.abortConnection();
          fail(new Oops("no"));
        },
      },
    });
    await net.runUntil("client stopFactory", "server connectionLost");
    assertEquals(client.events.slice(5), [
      "connectionLost Oops",
      "clientConnectionLost Oops",
      "doStop",
      "stopFactory",
    ]);
  });
}

function afterwards({ test }: Suite): void {
  test("transport: a transport that is over ignores what is asked of it", async (net) => {
    const use = ({ transport }: Recorder) => {
      transport.write(bytes("late"));
      transport.writeSequence([bytes("late")]);
      transport.loseConnection();
      transport.abortConnection();
    };
    const { client, server } = net.pair({
      client: {
        connectionMade: ({ transport }) => transport.loseConnection(),
        connectionLost: use,
        stopFactory: () => use(client.protocolBuilt),
      },
    });
    await net.runUntil("client stopFactory", "server connectionLost");
    assertEquals(client.events.slice(5), [
      "connectionLost ConnectionDone",
      "clientConnectionLost ConnectionDone",
      "doStop",
      "stopFactory",
    ]);
    assertEquals(server.protocolBuilt.received, "");
    assertEquals(net.errors, []);
  });

  test("transport: a connection that is over is not watched any more", async (net) => {
    const { reactor } = net;
    const watched = () => [...reactor.getReaders(), ...reactor.getWriters()];
    const seen: boolean[] = [];
    const look = ({ transport }: Recorder) => {
      seen.push((watched() as unknown[]).includes(transport));
    };
    net.pair({
      client: {
        connectionMade({ transport }) {
          reactor.callFromThread(() => {
            look(client.protocolBuilt);
            transport.loseConnection();
          });
        },
        connectionLost: look,
      },
    });
    const [client] = net.sides("client") as [
      NonNullable<ReturnType<typeof net.side>>,
    ];
    await net.runUntil("client stopFactory", "server connectionLost");
    assertEquals(seen, [true, false]);
  });

  test("transport: a connection that is closed with a read under way is over at once", async (net) => {
    // The peer is silent, so that the read would wait for ever.
    const { client } = net.pair({
      client: {
        connectionMade({ transport }) {
          net.reactor.callFromThread(() => transport.loseConnection());
        },
      },
    });
    await net.runUntil(
      "client stopFactory",
      "server connectionLost ConnectionDone",
    );
    assertEquals(client.events[5], "connectionLost ConnectionDone");
    assertEquals(net.errors, []);
  });
}

function options({ test }: Suite): void {
  test("transport: both options of TCP are off, can be turned on, and off again", async (net) => {
    const seen: boolean[][] = [];
    const look = ({ transport }: Recorder) => {
      seen.push([transport.getTcpNoDelay(), transport.getTcpKeepAlive()]);
    };
    const { client, server } = net.pair({
      client: {
        connectionMade(protocol) {
          const { transport } = protocol;
          look(protocol);
          transport.setTcpNoDelay(true);
          look(protocol);
          transport.setTcpKeepAlive(true);
          look(protocol);
          transport.setTcpNoDelay(false);
          transport.setTcpKeepAlive(false);
          look(protocol);
          transport.setTcpKeepAlive(true);
          protocol.write("hello");
          transport.loseConnection();
        },
      },
    });
    await net.runUntil("client stopFactory", "server connectionLost");
    const { transport } = client.protocolBuilt;
    transport.setTcpNoDelay(true);
    transport.setTcpKeepAlive(false);
    look(client.protocolBuilt);
    const [off, on] = [false, true];
    assertEquals(seen, [[off, off], [on, off], [on, on], [off, off], [
      off,
      on,
    ]]);
    assertEquals(server.protocolBuilt.received, "hello");
    assertEquals(net.errors, []);
  });
}

/** A network that keeps what the sockets of its clients are told. */
function observed({ backend }: Network, told: unknown[]): Network {
  return new Network({
    ...backend,
    connect: (options, done) =>
      backend.connect(options, (outcome) => {
        if (outcome instanceof Error) return done(outcome);
        const setNoDelay = outcome.setNoDelay?.bind(outcome);
        const setKeepAlive = outcome.setKeepAlive?.bind(outcome);
        done(Object.assign(outcome, {
          setNoDelay(enabled: boolean) {
            told.push(["no delay", enabled]);
            setNoDelay?.(enabled);
          },
          setKeepAlive(enabled: boolean) {
            told.push(["keep alive", enabled]);
            setKeepAlive?.(enabled);
          },
        }));
      }),
  });
}

function beneath({ test }: Suite): void {
  test("transport: what a transport is told of TCP reaches the socket", async (its) => {
    const told: unknown[] = [];
    const net = observed(its, told);
    net.pair({
      client: {
        connectionMade({ transport }) {
          transport.setTcpKeepAlive(true);
          transport.setTcpNoDelay(true);
          transport.setTcpKeepAlive(false);
          transport.loseConnection();
        },
      },
    });
    await net.runUntil("client stopFactory", "server connectionLost");
    assertEquals(told, [
      ["keep alive", true],
      ["no delay", true],
      ["keep alive", false],
    ]);
  });

  test("transport: a reactor keeps nothing of a connection or an attempt that is over", async (net) => {
    const { reactor } = net;
    const open = new Set<unknown>();
    using _ = watchOpened(reactor, open);
    // What is reset before it is accepted may never be made on the server's side.
    const { port } = net.listen({
      connectionMade: (protocol) => protocol.write("hello"),
    });
    net.connect(port, {
      dataReceived: ({ transport }) => transport.loseConnection(),
    });
    net.connect(port, {
      dataReceived: ({ transport }) => transport.abortConnection(),
    });
    const over = net.happened(
      "client stopFactory",
      "client stopFactory",
      "server connectionLost",
      "server connectionLost",
    );
    await net.runWith(async () => {
      await over;
      // The port.
      assertEquals(open.size, 1);
    });
  });
}

/** How many connections there are at the same time. */
const MANY = 200;

function reading({ test }: Suite): void {
  test(`transport: each of ${MANY} connections at the same time gets its own answer`, async (net) => {
    const { port, server } = net.listen({
      dataReceived: (protocol, data) => protocol.transport.write(data),
    }, { backlog: MANY });
    const clients = Array.from({ length: MANY }, (_, number) => {
      const poem = `poem number ${number}\n`.repeat(20);
      const { client } = net.connect(port, {
        connectionMade: (protocol) => protocol.write(poem),
        dataReceived({ received, transport }) {
          if (received.length === poem.length) transport.loseConnection();
        },
      });
      return { client, poem };
    });
    await net.runUntil(
      ...Array(MANY).fill("client stopFactory"),
      ...Array(MANY).fill("server connectionLost"),
    );
    for (const { client, poem } of clients) {
      assertEquals(client.protocolBuilt.received, poem);
    }
    assertEquals(server.protocols.length, MANY);
  });

  test("transport: one call gets 64 KiB at most", async (net) => {
    const { server } = net.pair({
      client: {
        connectionMade({ transport }) {
          transport.write(pattern(LARGE / 16));
          transport.loseConnection();
        },
      },
    });
    await net.runUntil("server connectionLost");
    assertEquals(Math.max(...server.protocolBuilt.sizes) <= 64 * 1024, true);
  });

  test("transport: what has been received is the protocol's to keep", async (net) => {
    const kept: Uint8Array[] = [];
    net.pair({
      server: {
        connectionMade(protocol) {
          protocol.write("a");
        },
        dataReceived(protocol, data) {
          if (data[0] === 98) protocol.write("c");
          if (data[0] === 100) protocol.transport.loseConnection();
        },
      },
      client: {
        dataReceived(protocol, data) {
          kept.push(data);
          protocol.write(kept.length === 1 ? "b" : "d");
        },
      },
    });
    await net.runUntil("client stopFactory");
    assertEquals(kept.map((data) => new TextDecoder().decode(data)), [
      "a",
      "c",
    ]);
  });

  test("transport: a socket with nothing to give says so", async (net) => {
    const { port } = net.listen();
    const socket = await net.socket(port);
    assertThrows(() => socket.recv(10), WouldBlock);
    socket.close();
    await net.runWith(() => Promise.resolve());
  });
}
