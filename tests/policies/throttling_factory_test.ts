import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  Clock,
  ConnectionDone,
  ThrottlingFactory,
  type ThrottlingFactoryOptions,
} from "../../mod.ts";
import {
  connect,
  EmptyFactory,
  NotingFactory,
  PEER,
  present,
  Producer,
  reason,
} from "./support.ts";

function makeFactory(options: Omit<ThrottlingFactoryOptions, "clock"> = {}) {
  const clock = new Clock();
  const inner = new NotingFactory();
  const factory = new ThrottlingFactory(inner, { clock, ...options });
  factory.noisy = false;
  return { clock, inner, factory };
}

const DONE = reason(new ConnectionDone());

Deno.test("ThrottlingFactory: there are only so many connections", () => {
  const { factory } = makeFactory({ maxConnectionCount: 2 });
  const [one] = [1, 2].map(() => connect(factory.buildProtocol(PEER)));
  assertEquals(factory.connectionCount, 2);
  assertEquals(factory.buildProtocol(PEER), null);
  one?.protocol.connectionLost(DONE);
  assertEquals(factory.connectionCount, 1);
  assert(factory.buildProtocol(PEER));
});

Deno.test("ThrottlingFactory: without limits there is nothing to look at", () => {
  const { clock, factory } = makeFactory();
  connect(factory.buildProtocol(PEER));
  assertEquals(clock.getDelayedCalls(), []);
});

Deno.test("ThrottlingFactory: where too much was read, all connections pause", () => {
  const { clock, factory } = makeFactory({ readLimit: 10 });
  const one = connect(factory.buildProtocol(PEER));
  const two = connect(factory.buildProtocol(PEER));
  const states = () => [one, two].map((it) => it.transport.producerState);
  one.protocol.dataReceived(new Uint8Array(10));
  two.protocol.dataReceived(new Uint8Array(15));
  assertEquals(states(), ["producing", "producing"]);
  clock.advance(1);
  assertEquals(states(), ["paused", "paused"]);
  clock.advance(1.25);
  assertEquals(states(), ["paused", "paused"]);
  clock.advance(0.25);
  assertEquals(states(), ["producing", "producing"]);
});

Deno.test("ThrottlingFactory: as much as the limit is not too much", () => {
  const { clock, factory } = makeFactory({ readLimit: 10 });
  const { protocol, transport } = connect(factory.buildProtocol(PEER));
  for (let second = 0; second < 3; second++) {
    protocol.dataReceived(new Uint8Array(10));
    clock.advance(1);
    assertEquals(transport.producerState, "producing");
  }
});

Deno.test("ThrottlingFactory: a connection that its protocol paused stays so", () => {
  const { clock, inner, factory } = makeFactory({ readLimit: 10 });
  const { protocol, transport } = connect(factory.buildProtocol(PEER));
  protocol.dataReceived(new Uint8Array(20));
  inner.built[0]?.transport.pauseProducing();
  clock.advance(1);
  clock.advance(1);
  assertEquals(transport.producerState, "paused");
  inner.built[0]?.transport.resumeProducing();
  assertEquals(transport.producerState, "producing");
});

Deno.test("ThrottlingFactory: a protocol cannot end the pause of the limit", () => {
  const { clock, inner, factory } = makeFactory({ readLimit: 10 });
  const { protocol, transport } = connect(factory.buildProtocol(PEER));
  protocol.dataReceived(new Uint8Array(20));
  clock.advance(1);
  inner.built[0]?.transport.resumeProducing();
  assertEquals(transport.producerState, "paused");
  clock.advance(1);
  assertEquals(transport.producerState, "producing");
});

Deno.test("ThrottlingFactory: a pause that has to be longer is", () => {
  const { clock, factory } = makeFactory({ readLimit: 10 });
  const { protocol, transport } = connect(factory.buildProtocol(PEER));
  protocol.dataReceived(new Uint8Array(25));
  clock.advance(1);
  // What was on its way all the same.
  protocol.dataReceived(new Uint8Array(30));
  clock.advance(1);
  clock.advance(1.5);
  assertEquals(transport.producerState, "paused");
  clock.advance(0.5);
  assertEquals(transport.producerState, "producing");
});

Deno.test("ThrottlingFactory: where too much was written, producers pause", () => {
  const { clock, inner, factory } = makeFactory({ writeLimit: 10 });
  const { transport } = connect(factory.buildProtocol(PEER));
  connect(factory.buildProtocol(PEER));
  const producer = new Producer();
  const through = present(inner.built[0]).transport;
  through.registerProducer(producer, true);
  through.write(new Uint8Array(12));
  through.writeSequence([new Uint8Array(2), new Uint8Array(6)]);
  assertEquals(transport.value().length, 20);
  clock.advance(1);
  assertEquals(producer.told, ["pause"]);
  // The transport would let it go on, the limit does not.
  transport.producer?.resumeProducing();
  assertEquals(producer.told, ["pause"]);
  clock.advance(1);
  assertEquals(producer.told, ["pause", "resume"]);
  through.unregisterProducer();
  through.write(new Uint8Array(20));
  clock.advance(1);
  assertEquals(producer.told, ["pause", "resume"]);
});

Deno.test("ThrottlingFactory: a producer that is asked for pieces is not asked meanwhile", () => {
  const { clock, inner, factory } = makeFactory({ writeLimit: 10 });
  const { transport } = connect(factory.buildProtocol(PEER));
  const producer = new Producer();
  const through = present(inner.built[0]).transport;
  through.registerProducer(producer, false);
  assertEquals(producer.told, ["resume"]);
  through.write(new Uint8Array(20));
  clock.advance(1);
  transport.producer?.resumeProducing();
  assertEquals(producer.told, ["resume"]);
  clock.advance(1);
  assertEquals(producer.told, ["resume", "resume"]);
  transport.producer?.stopProducing();
  assertEquals(producer.told.slice(2), ["stop"]);
});

Deno.test("ThrottlingFactory: a second producer is refused, and the first one stays", () => {
  const { clock, inner, factory } = makeFactory({ writeLimit: 10 });
  connect(factory.buildProtocol(PEER));
  const through = present(inner.built[0]).transport;
  const [one, other] = [new Producer(), new Producer()];
  through.registerProducer(one, true);
  assertThrows(() => through.registerProducer(other, true), Error);
  through.write(new Uint8Array(20));
  clock.advance(1);
  assertEquals([one.told, other.told], [["pause"], []]);
});

Deno.test("ThrottlingFactory: after the last connection nothing is counted", () => {
  const limits = { readLimit: 10, writeLimit: 10 };
  const { clock, factory } = makeFactory(limits);
  const made = [1, 2].map(() => connect(factory.buildProtocol(PEER)));
  for (const { protocol } of made) {
    protocol.dataReceived(new Uint8Array(100));
    protocol.write(new Uint8Array(100));
  }
  clock.advance(1);
  made[0]?.protocol.connectionLost(DONE);
  assertEquals(clock.getDelayedCalls().length, 4);
  made[1]?.protocol.connectionLost(DONE);
  assertEquals(clock.getDelayedCalls(), []);
  const { transport } = connect(factory.buildProtocol(PEER));
  assertEquals(clock.getDelayedCalls().length, 2);
  clock.advance(1);
  assertEquals(transport.producerState, "producing");
});

Deno.test("ThrottlingFactory: nothing built, nothing counted", () => {
  const clock = new Clock();
  const options = { clock, readLimit: 1, maxConnectionCount: 1 };
  const factory = new ThrottlingFactory(new EmptyFactory(), options);
  assertEquals(factory.buildProtocol(PEER), null);
  assertEquals(factory.connectionCount, 0);
  assertEquals(clock.getDelayedCalls(), []);
});

Deno.test("ThrottlingFactory: a limit must be one", () => {
  assertThrows(() => makeFactory({ readLimit: 0 }), RangeError, "more than 0");
  assertThrows(() => makeFactory({ writeLimit: NaN }), RangeError);
});
