// Web streams of transports that are piped into each other.

import { assertEquals } from "@std/assert";
import { type Port, select, type Transport } from "../../mod.ts";
import type { Suite } from "./conformance.ts";
import type { Network } from "./network.ts";
import { CLEAN, FULL, LARGE, SOME_PASSES } from "./web_streams_support.ts";

const MADE = ["server connectionMade", "client connectionMade"];
const LOST = ["server connectionLost", "client connectionLost"];

/** Defines the tests about pipes. */
export function pipes(suite: Suite): void {
  echo(suite);
  proxies(suite);
}

/** Gives out so many pieces, and counts them. */
class Source {
  given = 0;
  readonly stream: ReadableStream<Uint8Array>;

  constructor(pieces: number) {
    this.stream = new ReadableStream({
      pull: (controller) => {
        if (this.given === pieces) return controller.close();
        controller.enqueue(new Uint8Array(FULL).fill(this.given++));
      },
    }, { highWaterMark: 0 });
  }
}

/** How many bytes came, and how many of them were not those of a `Source`. */
async function check(transport: Transport): Promise<[number, number]> {
  let size = 0;
  let wrong = 0;
  for await (const piece of transport) {
    for (const byte of piece) {
      if (byte !== (Math.floor(size++ / FULL) & 0xff)) wrong++;
    }
  }
  return [size, wrong];
}

function echo({ test }: Suite): void {
  test("web streams: a transport that is piped into itself is an echo", async (net) => {
    const size = LARGE / 4;
    let came: [number, number] = [0, 0];
    net.pair({
      server: {
        connectionMade: ({ transport }) =>
          transport.readable.pipeTo(transport.writable),
      },
      client: {
        async connectionMade({ transport }) {
          const { stream } = new Source(size / FULL);
          const sent = stream.pipeTo(transport.writable);
          came = await check(transport);
          await sent;
          net.record("client has read all");
        },
      },
    });
    await net.runUntil("client has read all", ...CLEAN);
    assertEquals(came, [size, 0]);
    assertEquals(net.errors, []);
  });
}

/** A port from which everything goes on to another, and back. */
function proxyTo(net: Network, port: Port): Port {
  const { port: near } = net.listen({
    connectionMade({ transport }) {
      // Until there is somewhere for it to go.
      transport.pauseProducing();
      net.connect(port, {
        connectionMade: ({ transport: other }) =>
          Promise.all([
            transport.readable.pipeTo(other.writable),
            other.readable.pipeTo(transport.writable),
          ]),
      });
    },
  });
  return near;
}

function proxies({ test }: Suite): void {
  test("web streams: two pipes are a proxy, halves and ends included", async (net) => {
    const size = LARGE / 4;
    let asked: [number, number] = [0, 0];
    let answered: [number, number] = [0, 0];
    const { port } = net.listen({
      async connectionMade({ transport }) {
        const { writable } = transport;
        asked = await check(transport);
        await new Source(size / FULL).stream.pipeTo(writable);
      },
    });
    net.connect(proxyTo(net, port), {
      async connectionMade({ transport }) {
        await new Source(size / FULL).stream.pipeTo(transport.writable);
        answered = await check(transport);
        net.record("client has read all");
      },
    });
    await net.runUntil("client has read all", ...Array(2).fill(CLEAN).flat());
    assertEquals([asked, answered], [[size, 0], [size, 0]]);
    assertEquals(net.errors, []);
  });

  test("web streams: a proxy whose server has gone lets the client go as well", async (net) => {
    const { port } = net.listen({
      connectionMade: ({ transport }) => transport.pauseProducing(),
    });
    const { client } = net.connect(proxyTo(net, port), {
      connectionMade: ({ transport }) =>
        new Source(LARGE / FULL).stream.pipeTo(transport.writable),
    });
    const made = net.happened(...Array(2).fill(MADE).flat());
    await net.runWith(async () => {
      await made;
      await net.passes(SOME_PASSES);
      const over = net.happened(...Array(2).fill(LOST).flat());
      const outgoing = net.sides("client").find((side) => side !== client);
      outgoing?.protocolBuilt.transport.abortConnection();
      const server = net.sides("server")[0];
      server?.protocolBuilt.transport.resumeProducing();
      await over;
    });
    assertEquals(net.errors, []);
  });

  test("web streams: a pipe into a transport is no faster than its peer reads", async (net) => {
    const source = new Source(LARGE / FULL);
    const { port } = net.listen({
      connectionMade: ({ transport }) =>
        source.stream.pipeTo(transport.writable),
    });
    let size = 0;
    await net.runWith(async () => {
      const socket = await net.socket(port);
      const pieces = LARGE / FULL;
      const waits = await net.standstill(() => source.given, pieces);
      assertEquals(waits < pieces, true);
      for (;;) {
        await select([socket], []);
        const data = socket.recv(FULL);
        if (data.length === 0) break;
        size += data.length;
      }
      socket.close();
    });
    assertEquals(size, LARGE);
    assertEquals(net.errors, []);
  });
}
