// Producers: what gives out the data that a transport sends.

import { assertEquals, assertThrows } from "@std/assert";
import {
  FileSender,
  type PushProducer,
  select,
  type Transport,
} from "../../mod.ts";
import type { Suite } from "./conformance.ts";
import { bytes, fail, type Network, Oops } from "./network.ts";

/** Where more than this waits to be sent, a producer has to wait. */
const FULL = 64 * 1024;

/** More than the buffers of any kernel between two sockets hold. */
const LARGE = 64 * 1024 * 1024;

/** How long to look on, where nothing should happen. */
const SOME_TURNS = 20;

/** Defines the tests. */
export function producerSuite(suite: Suite): void {
  pulling(suite);
  pushing(suite);
  closing(suite);
  ending(suite);
  misuse(suite);
  memory(suite);
  files(suite);
}

/** A producer that writes down what it is told, and does what a test wants. */
class Told implements PushProducer {
  readonly calls: string[] = [];
  onResume: () => void = () => {};

  resumeProducing(): void {
    this.calls.push("resume");
    this.onResume();
  }

  pauseProducing(): void {
    this.calls.push("pause");
  }

  stopProducing(): void {
    this.calls.push("stop");
  }
}

function pulling({ test }: Suite): void {
  test("producer: a pull producer is asked at once, and again when everything is sent", async (net) => {
    const pieces = ["one ", "two ", "three"];
    const producer = new Told();
    const asked: number[] = [];
    const { server } = net.pair({
      client: {
        connectionMade({ transport }) {
          producer.onResume = () => {
            const piece = pieces.shift();
            if (piece !== undefined) return transport.write(bytes(piece));
            transport.unregisterProducer();
            transport.loseConnection();
          };
          transport.registerProducer(producer, false);
          asked.push(producer.calls.length);
        },
      },
    });
    await net.runUntil(
      "server connectionLost ConnectionDone",
      "client stopFactory",
    );
    assertEquals(server.protocolBuilt.received, "one two three");
    assertEquals([asked, producer.calls], [[1], Array(4).fill("resume")]);
  });

  test("producer: a pull producer that has nothing yet is not asked again", async (net) => {
    const producer = new Told();
    const { client } = net.pair({
      client: {
        connectionMade: ({ transport }) =>
          transport.registerProducer(producer, false),
      },
    });
    const made = net.happened("client connectionMade", "server connectionMade");
    await net.runWith(async () => {
      await made;
      await net.turns(SOME_TURNS);
      assertEquals(producer.calls, ["resume"]);
      const { transport } = client.protocolBuilt;
      const asked = new Promise<void>((done) => producer.onResume = done);
      transport.write(bytes("here"));
      await asked;
      const lost = net.happened("server connectionLost", "client stopFactory");
      transport.stopConsuming();
      await lost;
    });
    assertEquals(producer.calls, ["resume", "resume"]);
  });
}

function pushing({ test }: Suite): void {
  test("producer: a push producer waits while more than 64 KiB are to be sent", async (net) => {
    const producer = new Told();
    const seen: string[][] = [];
    net.pair({
      client: {
        connectionMade({ transport }) {
          const write = (size: number) => {
            transport.write(new Uint8Array(size));
            seen.push([...producer.calls]);
          };
          producer.onResume = () => {
            transport.unregisterProducer();
            transport.loseConnection();
          };
          transport.registerProducer(producer, true);
          write(FULL);
          write(1);
          write(0);
          write(1);
          transport.writeSequence([bytes("a"), bytes("b")]);
        },
      },
    });
    await net.runUntil(
      "server connectionLost ConnectionDone",
      "client stopFactory",
    );
    const paused = (count: number) => Array(count).fill("pause");
    assertEquals(seen, [[], paused(1), paused(1), paused(2)]);
    assertEquals(producer.calls, [...paused(3), "resume"]);
  });

  // What is left to send of the one is little in memory, of the other on a socket.
  for (const size of [FULL + 1, LARGE / 8]) {
    test(`producer: a push producer that waits behind ${size} bytes is told to go on, though another writes a little`, async (net) => {
      const producer = new Told();
      const { server, client } = net.pair({
        server: {
          connectionMade: ({ transport }) => transport.pauseProducing(),
        },
        client: {
          connectionMade({ transport }) {
            transport.registerProducer(producer, true);
            transport.write(new Uint8Array(size));
          },
        },
      });
      const made = net.happened(
        "client connectionMade",
        "server connectionMade",
      );
      await net.runWith(async () => {
        await made;
        const { transport } = client.protocolBuilt;
        for (let turn = 0; turn < SOME_TURNS; turn++) {
          await net.turns(1);
          if (!producer.calls.includes("resume")) transport.write(bytes("a"));
        }
        const resumed = new Promise<void>((resolve) => {
          producer.onResume = resolve;
          if (producer.calls.includes("resume")) resolve();
        });
        server.protocolBuilt.transport.resumeProducing();
        await resumed;
      });
    });
  }

  test("producer: a push producer that was never told to wait is not told to go on", async (net) => {
    const producer = new Told();
    const { server } = net.pair({
      server: { dataReceived: ({ transport }) => transport.loseConnection() },
      client: {
        connectionMade({ transport }) {
          transport.registerProducer(producer, true);
          transport.write(new Uint8Array(FULL));
        },
      },
    });
    await net.runUntil("server connectionLost", "client stopFactory");
    assertEquals(producer.calls, ["stop"]);
    assertEquals(server.protocolBuilt.sizes.length > 0, true);
  });
}

function closing({ test }: Suite): void {
  for (const streaming of [false, true]) {
    const kind = streaming ? "push producer that waits" : "pull producer";
    test(`producer: a ${kind} goes on after loseConnection, until it is unregistered`, async (net) => {
      const rounds = 5;
      let left = rounds;
      const producer = new Told();
      const { server } = net.pair({
        client: {
          connectionMade({ transport }) {
            const give = () => {
              if (left-- > 0) transport.write(new Uint8Array(FULL + 1));
              else transport.unregisterProducer();
            };
            producer.onResume = give;
            if (streaming) transport.registerProducer(producer, true);
            else transport.registerProducer(producer, false);
            if (streaming) give();
            transport.loseConnection();
          },
        },
      });
      await net.runUntil(
        "server connectionLost ConnectionDone",
        "client connectionLost ConnectionDone",
      );
      const size = server.protocolBuilt.sizes.reduce((sum, n) => sum + n, 0);
      assertEquals(size, rounds * (FULL + 1));
      assertEquals(producer.calls.includes("stop"), false);
    });
  }

  test("producer: a pull producer that gives later holds up loseConnection", async (net) => {
    const producer = new Told();
    const { server, client } = net.pair({
      client: {
        connectionMade({ transport }) {
          transport.loseConnection();
          transport.registerProducer(producer, false);
        },
      },
    });
    const made = net.happened("client connectionMade", "server connectionMade");
    await net.runWith(async () => {
      await made;
      await net.turns(SOME_TURNS);
      const { transport } = client.protocolBuilt;
      assertEquals([transport.connected, producer.calls], [true, ["resume"]]);
      const lost = net.happened("server connectionLost ConnectionDone");
      producer.onResume = () => transport.unregisterProducer();
      transport.write(bytes("late"));
      await lost;
    });
    assertEquals(server.protocolBuilt.received, "late");
  });

  test("producer: a push producer that was told to go on, and gives later, holds up loseConnection", async (net) => {
    const producer = new Told();
    const { server, client } = net.pair({
      client: {
        connectionMade({ transport }) {
          transport.registerProducer(producer, true);
          transport.write(new Uint8Array(FULL + 1));
          transport.loseConnection();
        },
      },
    });
    const asked = new Promise<void>((done) => producer.onResume = done);
    await net.runWith(async () => {
      await asked;
      await net.turns(SOME_TURNS);
      const { transport } = client.protocolBuilt;
      assertEquals(transport.connected, true);
      const lost = net.happened("server connectionLost ConnectionDone");
      transport.write(bytes("late"));
      transport.unregisterProducer();
      await lost;
    });
    assertEquals(server.protocolBuilt.received.slice(-4), "late");
  });

  test("producer: a push producer that need not wait does not hold up loseConnection", async (net) => {
    const producer = new Told();
    const { server } = net.pair({
      client: {
        connectionMade({ transport }) {
          transport.registerProducer(producer, true);
          transport.write(bytes("hello"));
          transport.loseConnection();
        },
      },
    });
    await net.runUntil(
      "server connectionLost ConnectionDone",
      "client connectionLost ConnectionDone",
    );
    assertEquals(server.protocolBuilt.received, "hello");
    assertEquals(producer.calls, ["stop"]);
  });

  test("producer: stopConsuming forgets the producer, and closes when everything is sent", async (net) => {
    const producer = new Told();
    const { server } = net.pair({
      client: {
        connectionMade({ transport }) {
          transport.registerProducer(producer, false);
          transport.write(bytes("hello"));
          transport.stopConsuming();
        },
      },
    });
    await net.runUntil(
      "server connectionLost ConnectionDone",
      "client connectionLost ConnectionDone",
    );
    assertEquals(server.protocolBuilt.received, "hello");
    assertEquals(producer.calls, ["resume"]);
  });
}

function ending({ test }: Suite): void {
  const ends: Record<string, (transport: Transport) => void> = {
    "ends by abortConnection": (transport) => transport.abortConnection(),
    "ends with an error": () => fail(new Oops("no")),
    "is closed by the peer": (transport) => transport.write(bytes("end it")),
  };
  for (const [how, end] of Object.entries(ends)) {
    test(`producer: a connection that ${how} stops its producer first, and once`, async (net) => {
      const producer = new Told();
      net.pair({
        server: { dataReceived: ({ transport }) => transport.loseConnection() },
        client: {
          connectionMade({ transport }) {
            transport.registerProducer(producer, true);
            end(transport);
          },
          connectionLost({ transport }) {
            producer.calls.push("lost");
            transport.unregisterProducer();
            transport.stopConsuming();
          },
        },
      });
      await net.runUntil("server connectionLost", "client stopFactory");
      assertEquals(producer.calls, ["stop", "lost"]);
    });
  }

  test("producer: the reactor's stop stops producers", async (net) => {
    const producer = new Told();
    net.pair({
      client: {
        connectionMade({ transport }) {
          transport.registerProducer(producer, false);
          net.reactor.callFromThread(() => net.reactor.stop());
        },
      },
    });
    await net.runUntilStopped();
    assertEquals(producer.calls, ["resume", "stop"]);
  });

  test("producer: a producer that comes when the connection is over is stopped at once", async (net) => {
    const producer = new Told();
    const { client } = net.pair({
      client: {
        connectionMade({ transport }) {
          transport.abortConnection();
          transport.registerProducer(producer, false);
        },
        connectionLost: ({ transport }) =>
          transport.registerProducer(producer, true),
      },
    });
    await net.runUntil("server connectionLost", "client stopFactory");
    client.protocolBuilt.transport.registerProducer(producer, true);
    assertEquals(producer.calls, ["stop", "stop", "stop"]);
  });
}

/** What a producer does when the connection is over, or its half of it. */
const LATE: Record<string, (transport: Transport) => void> = {
  unregisterProducer: (transport) => transport.unregisterProducer(),
  stopConsuming: (transport) => transport.stopConsuming(),
};

function misuse({ test }: Suite): void {
  for (const [method, late] of Object.entries(LATE)) {
    for (const end of ["loseConnection", "abortConnection"] as const) {
      test(`producer: ${method} after ${end} is silent, whatever was still to be closed`, async (net) => {
        net.pair({
          client: {
            connectionMade({ transport }) {
              transport.registerProducer({
                resumeProducing() {},
                pauseProducing() {},
                // Within the end itself, as is usual.
                stopProducing: () => late(transport),
              }, true);
              transport.loseWriteConnection();
              transport[end]();
              if (end === "abortConnection") late(transport);
            },
            connectionLost: ({ transport }) => late(transport),
          },
        });
        await net.runUntil("server connectionLost", "client stopFactory");
        net.sides("client").forEach(({ protocolBuilt }) =>
          late(protocolBuilt.transport)
        );
        assertEquals([net.errors, net.reactor.getWriters()], [[], []]);
      });
    }
  }

  test("producer: a second producer is refused, until the first is unregistered", async (net) => {
    const [first, second] = [new Told(), new Told()];
    net.pair({
      client: {
        connectionMade({ transport }) {
          transport.unregisterProducer();
          transport.registerProducer(first, true);
          assertThrows(() => transport.registerProducer(second, true), Error);
          transport.unregisterProducer();
          transport.registerProducer(second, true);
          transport.loseConnection();
        },
      },
    });
    await net.runUntil(
      "server connectionLost ConnectionDone",
      "client stopFactory",
    );
    assertEquals([first.calls, second.calls], [[], ["stop"]]);
    assertEquals(net.errors, []);
  });

  test("producer: a push producer that cannot be told to wait is refused", async (net) => {
    net.pair({
      client: {
        connectionMade({ transport }) {
          const pull = { resumeProducing() {}, stopProducing() {} };
          assertThrows(
            () => transport.registerProducer(pull as PushProducer, true),
            TypeError,
          );
          transport.loseConnection();
        },
      },
    });
    await net.runUntil(
      "server connectionLost ConnectionDone",
      "client stopFactory",
    );
    assertEquals(net.errors, []);
  });

  const methods = ["resumeProducing", "pauseProducing", "stopProducing"];
  for (const [way, failing] of Object.entries(WAYS)) {
    for (const method of methods) failingMethod({ test }, method, way, failing);
  }
}

/** How a method fails. */
const WAYS: Record<string, () => unknown> = {
  "an error": () => fail(new Oops("no")),
  "a rejection": () => Promise.reject(new Oops("no")),
};

function failingMethod(
  { test }: Pick<Suite, "test">,
  method: string,
  way: string,
  failing: () => unknown,
): void {
  test(`producer: ${way} out of a producer's ${method} is logged, and ends the connection`, async (net) => {
    const producer = new Told();
    Object.assign(producer, { [method]: failing });
    const { client } = net.pair({
      client: {
        connectionMade({ transport }) {
          transport.registerProducer(producer, true);
          transport.write(new Uint8Array(FULL + 1));
          if (method === "stopProducing") transport.abortConnection();
        },
      },
    });
    await net.runUntil("server connectionLost", "client stopFactory");
    const reason = method === "stopProducing" ? "ConnectionAborted" : "Oops";
    assertEquals(
      client.events.filter((event) => /^connectionLost/.test(event)),
      [`connectionLost ${reason}`],
    );
    assertEquals(net.errors, [
      `Unhandled error in ${method} of a producer for Recorder: Oops: no`,
    ]);
  });
}

/** Gives out 64 KiB after 64 KiB as long as it is not told to wait. */
class Pump implements PushProducer {
  /** The most pieces that it gave out before it was told to wait. */
  mostAtOnce = 0;
  pauses = 0;
  #left: number;
  #paused = false;
  readonly #transport: Transport;

  constructor(transport: Transport, size: number) {
    this.#transport = transport;
    this.#left = size;
  }

  resumeProducing(): void {
    this.#paused = false;
    let pieces = 0;
    for (; !this.#paused && this.#left > 0; pieces++) {
      this.#left -= FULL;
      this.#transport.write(new Uint8Array(FULL));
    }
    this.mostAtOnce = Math.max(this.mostAtOnce, pieces);
    if (this.#left === 0) this.#transport.stopConsuming();
  }

  pauseProducing(): void {
    this.#paused = true;
    this.pauses++;
  }

  stopProducing(): void {}
}

function memory({ test }: Suite): void {
  test(`producer: ${LARGE} bytes for a peer that reads slowly are never in memory at once`, async (net) => {
    const pumps: Pump[] = [];
    const { port } = net.listen({
      connectionMade({ transport }) {
        const pump = new Pump(transport, LARGE);
        pumps.push(pump);
        transport.registerProducer(pump, true);
        pump.resumeProducing();
      },
    });
    const received = net.happened("server connectionLost ConnectionDone");
    let size = 0;
    await net.runWith(async () => {
      size = await countSlowly(net, port);
      await received;
    });
    assertEquals(size, LARGE);
    const [pump] = pumps;
    assertEquals(pump?.mostAtOnce, 2);
    // Told to wait after every two pieces: nothing was given out between.
    assertEquals(pump?.pauses, LARGE / FULL / 2);
  });
}

/** Reads a little, lets the reactor go on for a while, and so on to the end. */
async function countSlowly(
  net: Network,
  port: Parameters<Network["socket"]>[0],
): Promise<number> {
  const socket = await net.socket(port);
  let size = 0;
  for (;;) {
    await select([socket], []);
    const data = socket.recv(FULL);
    if (data.length === 0) break;
    size += data.length;
    await net.turns(1);
  }
  socket.close();
  return size;
}

function files({ test }: Suite): void {
  test("producer: a file arrives whole and in order", async (net) => {
    const size = LARGE / 16;
    let read = 0;
    const file = {
      read(into: Uint8Array): Promise<number | null> {
        const count = Math.min(into.length, size - read);
        into.fill((read >> 16) & 0xff, 0, count);
        read += count;
        return Promise.resolve(count || null);
      },
    };
    let wrong = 0;
    let received = 0;
    const { client } = net.pair({
      server: {
        connectionMade({ transport }) {
          new FileSender().beginFileTransfer(file, transport)
            .addCallback(() => transport.loseConnection());
        },
      },
      client: {
        dataReceived(_protocol, data) {
          for (const byte of data) {
            if (byte !== ((received++ >> 16) & 0xff)) wrong++;
          }
        },
      },
    });
    await net.runUntil("server connectionLost", "client stopFactory");
    assertEquals(client.events[5], "connectionLost ConnectionDone");
    assertEquals([received, wrong], [size, 0]);
  });

  test("producer: a file for a peer that is gone fails, and is not read on", async (net) => {
    const outcomes: unknown[] = [];
    let reads = 0;
    const file = {
      read(into: Uint8Array): Promise<number | null> {
        reads++;
        return Promise.resolve(into.length);
      },
    };
    net.pair({
      server: {
        connectionMade({ transport }) {
          new FileSender().beginFileTransfer(file, transport)
            .addErrback((failure) => void outcomes.push(failure.type));
        },
      },
      client: { dataReceived: ({ transport }) => transport.abortConnection() },
    });
    await net.runUntil("server connectionLost", "client stopFactory");
    const readsThen = reads;
    for (let i = 0; i < SOME_TURNS; i++) await Promise.resolve();
    assertEquals([outcomes, reads], [[Error], readsThen]);
  });
}
