import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  Clock,
  ConnectionDone,
  log,
  type PushProducer,
  ThrottlingFactory,
  type ThrottlingFactoryOptions,
} from "../../../mod.ts";
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

Deno.test("ThrottlingFactory: as much as the limit pauses nobody, not even for a moment", () => {
  const { clock, factory } = makeFactory({ readLimit: 10 });
  const { protocol, transport } = connect(factory.buildProtocol(PEER));
  let pauses = 0;
  transport.pauseProducing = () => void pauses++;
  for (let second = 0; second < 3; second++) {
    protocol.dataReceived(new Uint8Array(10));
    clock.advance(1);
    assertEquals(pauses, 0);
  }
});

Deno.test("ThrottlingFactory: what was read by those who are gone is not held against the next", () => {
  const { clock, factory } = makeFactory({ readLimit: 10 });
  const { protocol } = connect(factory.buildProtocol(PEER));
  protocol.dataReceived(new Uint8Array(100));
  protocol.connectionLost(DONE);
  const { transport } = connect(factory.buildProtocol(PEER));
  clock.advance(1);
  assertEquals(transport.producerState, "producing");
});

Deno.test("ThrottlingFactory: a producer that came during the pause is not told to go on", () => {
  const { clock, inner, factory } = makeFactory({ writeLimit: 10 });
  connect(factory.buildProtocol(PEER));
  const producer = new Producer();
  const through = present(inner.built[0]).transport;
  through.write(new Uint8Array(20));
  clock.advance(1);
  through.registerProducer(producer, true);
  clock.advance(1);
  assertEquals(producer.told, []);
});

Deno.test("ThrottlingFactory: a producer that was stopped is not told to go on", () => {
  const { clock, inner, factory } = makeFactory({ writeLimit: 10 });
  const { transport } = connect(factory.buildProtocol(PEER));
  const producer = new Producer();
  const through = present(inner.built[0]).transport;
  through.registerProducer(producer, true);
  through.write(new Uint8Array(20));
  clock.advance(1);
  transport.producer?.stopProducing();
  clock.advance(1);
  assertEquals(producer.told, ["pause", "stop"]);
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

/** A producer whose bug is not its neighbours'. */
class Broken extends Producer {
  override pauseProducing(): void {
    throw new Error("cannot pause");
  }
  override resumeProducing(): void {
    throw new Error("cannot resume");
  }
}

/** The errors that are logged while `fn` runs, each as `WHAT: MESSAGE`. */
async function errorsLoggedBy(fn: () => unknown): Promise<string[]> {
  const messages: string[] = [];
  const forget = log.addObserver(({ text, failure }) => {
    if (failure) messages.push(`${text} ${failure.getErrorMessage()}`);
  });
  try {
    await fn();
  } finally {
    forget();
  }
  return messages;
}

Deno.test("ThrottlingFactory: a producer that throws costs its connection, and each of the others is told", async () => {
  const { clock, inner, factory } = makeFactory({ writeLimit: 10 });
  const producers = [new Producer(), new Broken(), new Producer()];
  const transports = producers.map((producer) => {
    const { transport } = connect(factory.buildProtocol(PEER));
    inner.built.at(-1)?.transport.registerProducer(producer, true);
    return transport;
  });
  inner.built[0]?.transport.write(new Uint8Array(20));
  const errors = await errorsLoggedBy(() => clock.pump([1, 1]));
  assertEquals(producers.map(({ told }) => told), [
    ["pause", "resume"],
    [],
    ["pause", "resume"],
  ]);
  assertEquals(transports.map((it) => it.disconnected), [false, true, false]);
  const who = "Noting (ThrottlingProtocol):";
  assertEquals(errors, [
    `Unhandled error in throttleWrites of ${who} cannot pause`,
    `Unhandled error in unthrottleWrites of ${who} cannot resume`,
  ]);
});

Deno.test("ThrottlingFactory: what an async producer rejects with is what a throw would be", async () => {
  const { clock, inner, factory } = makeFactory({ writeLimit: 10 });
  const { transport } = connect(factory.buildProtocol(PEER));
  const through = present(inner.built[0]).transport;
  through.registerProducer({
    pauseProducing: () => Promise.reject(new Error("cannot pause")),
    resumeProducing() {},
    stopProducing() {},
  } as PushProducer, true);
  through.write(new Uint8Array(20));
  const errors = await errorsLoggedBy(async () => {
    clock.advance(1);
    for (let i = 0; i < 5; i++) await Promise.resolve();
  });
  assertEquals(errors, [
    "Unhandled error in throttleWrites of Noting (ThrottlingProtocol): cannot pause",
  ]);
  assert(transport.disconnected);
});

Deno.test("ThrottlingFactory: a producer's promise is handed to the transport", () => {
  const { inner, factory } = makeFactory({ writeLimit: 10 });
  const { transport } = connect(factory.buildProtocol(PEER));
  const through = present(inner.built[0]).transport;
  const done = Promise.resolve();
  const producer = {
    pauseProducing: () => done,
    resumeProducing: () => done,
    stopProducing: () => done,
  };
  through.registerProducer(producer as PushProducer, true);
  const gate = transport.producer as PushProducer;
  const returned: unknown[] = [
    gate.pauseProducing(),
    gate.resumeProducing(),
    gate.stopProducing(),
  ];
  assertEquals(returned.map((it) => it === done), [true, true, true]);
});

Deno.test("ThrottlingFactory: a second excess that needs less makes the pause no shorter", () => {
  const { clock, factory } = makeFactory({ readLimit: 10 });
  const { protocol, transport } = connect(factory.buildProtocol(PEER));
  protocol.dataReceived(new Uint8Array(50));
  clock.advance(1);
  protocol.dataReceived(new Uint8Array(11));
  clock.advance(1);
  clock.advance(2.9);
  assertEquals(transport.producerState, "paused");
  clock.advance(0.1);
  assertEquals(transport.producerState, "producing");
});

Deno.test("ThrottlingFactory: a piece that was asked for is asked for once, whatever pauses there are", () => {
  const { clock, inner, factory } = makeFactory({ writeLimit: 10 });
  const { transport } = connect(factory.buildProtocol(PEER));
  const producer = new Producer();
  const through = present(inner.built[0]).transport;
  through.registerProducer(producer, false);
  for (let pause = 0; pause < 2; pause++) {
    through.write(new Uint8Array(20));
    clock.advance(1);
    if (pause === 0) transport.producer?.resumeProducing();
    clock.advance(1);
  }
  assertEquals(producer.told, ["resume", "resume"]);
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

Deno.test("ThrottlingFactory: what was built and is never connected is not counted", () => {
  const limits = { maxConnectionCount: 1, readLimit: 10 };
  const { clock, factory } = makeFactory(limits);
  assert(factory.buildProtocol(PEER));
  assertEquals(factory.connectionCount, 0);
  assertEquals(clock.getDelayedCalls(), []);
  const { protocol } = connect(factory.buildProtocol(PEER));
  assertEquals(factory.buildProtocol(PEER), null);
  protocol.connectionLost(DONE);
  assertEquals(factory.connectionCount, 0);
});

Deno.test("ThrottlingFactory: a limit must be one", () => {
  assertThrows(() => makeFactory({ readLimit: 0 }), RangeError, "more than 0");
  assertThrows(() => makeFactory({ writeLimit: NaN }), RangeError);
});
