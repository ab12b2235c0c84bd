import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  ConnectionDone,
  ConnectionLost,
  Failure,
  Protocol,
  type Transport,
} from "../../../mod.ts";
import {
  AccumulatingProtocol,
  connectProtocols,
  StringTransport,
  StringTransportWithDisconnection,
} from "../../../testing.ts";

/** What a protocol under test may do: read lines of one byte, and answer. */
class Doubling extends Protocol {
  ended: unknown;

  override async connectionMade(): Promise<void> {
    try {
      for await (const piece of this.transport) {
        this.transport.write(piece.map((byte) => byte * 2));
      }
      this.ended = "end";
    } catch (error) {
      this.ended = error;
    }
  }
}

/** Lets all promises go on that can. */
async function settle(): Promise<void> {
  for (let i = 0; i < 300; i++) await Promise.resolve();
}

function doubling<T extends StringTransport>(
  transport: T,
): { transport: T; protocol: Doubling } {
  const protocol = new Doubling();
  protocol.makeConnection(transport);
  return { transport, protocol };
}

Deno.test("StringTransport: a protocol that reads a stream is fed by the test", async () => {
  const { transport, protocol } = doubling(new StringTransport());
  assertEquals(transport.producerState, "paused");
  await settle();
  assertEquals(transport.producerState, "producing");
  transport.feed(new Uint8Array([1, 2]));
  assertEquals(transport.producerState, "paused");
  transport.feed(new Uint8Array([3]));
  await settle();
  assertEquals([...transport.value()], [2, 4, 6]);
  transport.feedEnd();
  await settle();
  assertEquals([protocol.ended, transport.disconnecting], ["end", true]);
});

Deno.test("StringTransport: a reader hears why the connection is over", async () => {
  const { transport, protocol } = doubling(new StringTransport());
  const lost = new ConnectionLost("so it was");
  transport.feedEnd(new Failure(lost));
  await settle();
  assertEquals(protocol.ended, lost);
});

Deno.test("StringTransport: one whose stream nobody reads cannot be fed", () => {
  const transport = new StringTransport();
  void transport.writable;
  assertThrows(
    () => transport.feed(new Uint8Array(1)),
    Error,
    "dataReceived() instead",
  );
  transport.feedEnd();
});

Deno.test("StringTransport: what is written to the stream is kept, as its end is noted", async () => {
  const transport = new StringTransport();
  const writer = transport.writable.getWriter();
  await writer.write(new Uint8Array([1, 2]));
  await writer.write(new Uint8Array([3]));
  await writer.close();
  assertEquals([...transport.value()], [1, 2, 3]);
  assertEquals(
    [transport.disconnectingWrite, transport.disconnecting, transport.producer],
    [true, false, undefined],
  );
});

Deno.test("StringTransport: an abort of the stream is noted", async () => {
  const transport = new StringTransport();
  await transport.writable.abort();
  assertEquals(transport.disconnected, true);
});

Deno.test("StringTransportWithDisconnection: the streams end with the connection, the protocol last", async () => {
  const transport = new StringTransportWithDisconnection();
  const protocol = new AccumulatingProtocol();
  transport.protocol = protocol;
  protocol.makeConnection(transport);
  const { readable, writable } = transport;
  const order: string[] = [];
  const reads = readable.getReader().closed.then(() => order.push("read"));
  transport.loseConnection();
  assertEquals([order, protocol.closed], [[], true]);
  await reads;
  await assertRejects(() => writable.getWriter().closed, ConnectionDone);
});

// --- Connections that are pumped by hand: nothing moves that the test does not move

function quiet(): {
  pump: ReturnType<typeof connectProtocols>;
  transport: Transport;
} {
  const pump = connectProtocols(new AccumulatingProtocol(), new Protocol());
  return { pump, transport: pump.serverTransport };
}

Deno.test("web streams: what a writer has handed over and is not sent never exceeds 64 KiB and one piece", async () => {
  const { pump, transport } = quiet();
  const piece = new Uint8Array(48 * 1024);
  let given = 0;
  const source = new ReadableStream<Uint8Array>({
    pull(controller) {
      given += piece.length;
      controller.enqueue(piece);
    },
  }, { highWaterMark: 0 });
  const piping = source.pipeTo(transport.writable);
  let received = 0;
  for (let step = 0; step < 200; step++) {
    await settle();
    const unsent = given - received;
    assertEquals(unsent <= 64 * 1024 + piece.length, true, `${unsent}`);
    const before = received;
    pump.pump(10_000);
    received = (pump.client as AccumulatingProtocol).data.length;
    assertEquals(received > before, true);
  }
  pump.clientTransport.abortConnection();
  pump.flush();
  await assertRejects(() => piping, ConnectionLost);
});

Deno.test("web streams: a protocol goes on to receive while its transport is written to as a stream", async () => {
  const pump = connectProtocols(new Protocol(), new AccumulatingProtocol());
  const writer = pump.serverTransport.writable.getWriter();
  pump.clientTransport.write(new Uint8Array([1, 2]));
  pump.clientTransport.loseWriteConnection();
  pump.flush(1);
  await settle();
  assertEquals([...pump.server.data], [1, 2]);
  // The peer's end alone does not close what somebody may write to.
  pump.flush(1);
  assertEquals(pump.serverTransport.connected, true);
  const closed = writer.close();
  await settle();
  pump.flush(1);
  await closed;
  assertEquals(pump.server.closedReason?.value instanceof ConnectionDone, true);
});
