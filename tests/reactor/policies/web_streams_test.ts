import { assertEquals, assertRejects } from "@std/assert";
import {
  Clock,
  ConnectionAborted,
  ConnectionDone,
  Factory,
  Failure,
  Protocol,
  ProtocolWrapper,
  ThrottlingFactory,
  WrappingFactory,
} from "../../../mod.ts";
import { connectProtocols, type StringTransport } from "../../../testing.ts";
import { connect, NotingFactory, PEER, present } from "./support.ts";

/** Adds one to each byte that comes, and takes one from each that goes. */
class Shifting extends ProtocolWrapper {
  override dataReceived(data: Uint8Array): void {
    return super.dataReceived(data.map((byte) => byte + 1));
  }
  override write(data: Uint8Array): void {
    super.write(data.map((byte) => byte - 1));
  }
}

class ShiftingFactory extends WrappingFactory {
  override noisy = false;
  override wrapProtocol(wrapped: Protocol): Shifting {
    return new Shifting(this, wrapped);
  }
}

/** Lets all promises go on that can. */
async function settle(): Promise<void> {
  for (let i = 0; i < 300; i++) await Promise.resolve();
}

/** Reads all that comes, into an array. */
async function readInto(got: number[], from: AsyncIterable<Uint8Array>) {
  for await (const piece of from) got.push(...piece);
}

/** A wrapper around a protocol that notes, and the transport beneath. */
function wrapped(): {
  inner: NotingFactory;
  wrapper: ProtocolWrapper;
  transport: StringTransport;
} {
  const inner = new NotingFactory();
  const factory = new ShiftingFactory(inner);
  const { protocol, transport } = connect(factory.buildProtocol(PEER));
  return { inner, wrapper: protocol, transport };
}

Deno.test("the streams of a wrapped protocol go through its wrapper", async () => {
  const { inner, wrapper, transport } = wrapped();
  const protocol = present(inner.built[0]);
  const got: number[] = [];
  const reads = readInto(got, protocol.transport);
  await settle();
  assertEquals(transport.producerState, "producing");
  wrapper.dataReceived(new Uint8Array([1, 2]));
  assertEquals(transport.producerState, "paused");
  await settle();
  wrapper.dataReceived(new Uint8Array([3]));
  const writer = protocol.transport.writable.getWriter();
  await writer.write(new Uint8Array([8, 9]));
  assertEquals([...transport.value()], [7, 8]);
  wrapper.connectionLost(new Failure(new ConnectionDone()));
  await reads;
  assertEquals(got, [2, 3, 4]);
  assertEquals(protocol.told, ["made", "lost: ConnectionDone, false"]);
  assertEquals(wrapper.wrappedProtocol, undefined);
  await assertRejects(() => writer.write(new Uint8Array(1)), ConnectionDone);
});

Deno.test("the streams of a wrapped protocol fail with its connection", async () => {
  const { inner, wrapper } = wrapped();
  const { transport } = present(inner.built[0]);
  const reads = readInto([], transport);
  wrapper.connectionLost(new Failure(new ConnectionAborted()));
  await assertRejects(() => reads, ConnectionAborted);
  const { closed } = transport.writable.getWriter();
  await assertRejects(() => closed, ConnectionAborted);
});

Deno.test("a wrapped protocol that echoes in a loop loses nothing at the end", async () => {
  class Echo extends Protocol {
    override async connectionMade(): Promise<void> {
      for await (const piece of this.transport) this.transport.write(piece);
    }
  }
  class Asking extends Protocol {
    readonly got: number[] = [];
    override async connectionMade(): Promise<void> {
      this.transport.write(new Uint8Array([1, 2, 3]));
      this.transport.loseWriteConnection();
      await readInto(this.got, this.transport);
    }
  }
  const factory = new ShiftingFactory(Factory.forProtocol(Echo));
  const server = present(factory.buildProtocol(PEER));
  const pump = connectProtocols(new Asking(), server);
  for (let step = 0; step < 10; step++) {
    pump.flush(1);
    await settle();
  }
  assertEquals(pump.client.got, [1, 2, 3]);
  assertEquals(pump.clientTransport.connected, false);
  assertEquals(pump.serverTransport.connected, false);
});

Deno.test("a limit for reading holds a stream up as well", async () => {
  const clock = new Clock();
  const inner = new NotingFactory();
  const factory = new ThrottlingFactory(inner, { clock, readLimit: 10 });
  factory.noisy = false;
  const { protocol, transport } = connect(factory.buildProtocol(PEER));
  const got: number[] = [];
  const reads = readInto(got, present(inner.built[0]).transport);
  await settle();
  protocol.dataReceived(new Uint8Array(20));
  await settle();
  assertEquals([got.length, transport.producerState], [20, "producing"]);
  clock.advance(1);
  assertEquals(transport.producerState, "paused");
  clock.advance(1);
  assertEquals(transport.producerState, "producing");
  protocol.connectionLost(new Failure(new ConnectionDone()));
  await reads;
});

Deno.test("a limit for writing holds a stream up as well", async () => {
  const clock = new Clock();
  const inner = new NotingFactory();
  const factory = new ThrottlingFactory(inner, { clock, writeLimit: 10 });
  factory.noisy = false;
  const { protocol, transport } = connect(factory.buildProtocol(PEER));
  const writer = present(inner.built[0]).transport.writable.getWriter();
  const sent = () => transport.value().length;
  for (const total of [20, 40]) {
    await writer.write(new Uint8Array(20));
    clock.advance(1);
    const next = writer.write(new Uint8Array(0));
    await settle();
    assertEquals([sent(), writer.desiredSize], [total, 0]);
    clock.advance(1);
    await next;
    assertEquals(writer.desiredSize, 1);
  }
  protocol.connectionLost(new Failure(new ConnectionDone()));
  await assertRejects(() => writer.closed, ConnectionDone);
});

Deno.test("a write to a stream that begins while a limit holds waits before it is sent", async () => {
  const clock = new Clock();
  const inner = new NotingFactory();
  const factory = new ThrottlingFactory(inner, { clock, writeLimit: 10 });
  factory.noisy = false;
  const { protocol, transport } = connect(factory.buildProtocol(PEER));
  const writer = present(inner.built[0]).transport.writable.getWriter();
  await writer.write(new Uint8Array(20));
  clock.advance(1);
  const held = writer.write(new Uint8Array(7));
  await settle();
  assertEquals(transport.value().length, 20);
  clock.advance(1);
  await held;
  assertEquals(transport.value().length, 27);
  protocol.connectionLost(new Failure(new ConnectionDone()));
  await assertRejects(() => writer.closed, ConnectionDone);
});
