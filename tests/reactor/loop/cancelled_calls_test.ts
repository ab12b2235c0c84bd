import { assert, assertEquals } from "@std/assert";
import {
  CancelledError,
  Clock,
  ConnectionDone,
  cooperate,
  deferLater,
  Factory,
  Failure,
  IPv4Address,
  LoopingCall,
  Protocol,
  ReconnectingClientFactory,
  ThrottlingFactory,
  TimeoutFactory,
  TimeoutMixin,
} from "../../../mod.ts";
import { StringTransport } from "../../../testing.ts";

// Whoever has a clock can cancel whatever is to be called on it, as the clean-up
// of many a test does. The library's own timers are among that.

const PEER = new IPv4Address("TCP", "192.168.1.1", 54321);
const DONE = new Failure(new ConnectionDone());

function cancelAll(clock: Clock): void {
  for (const call of clock.getDelayedCalls()) call.cancel();
}

function listening() {
  const lost: boolean[] = [];
  class Listening extends Protocol {
    override connectionLost(): void {
      lost.push(true);
    }
  }
  const inner = Factory.forProtocol(Listening);
  inner.noisy = false;
  return { inner, lost };
}

Deno.test("cancelled timer: a TimeoutFactory whose timer was cancelled passes connectionLost on", () => {
  const clock = new Clock();
  const { inner, lost } = listening();
  const factory = new TimeoutFactory(inner, { clock, timeoutPeriod: 3 });
  const protocol = factory.buildProtocol(PEER);
  protocol?.makeConnection(new StringTransport());
  cancelAll(clock);
  protocol?.dataReceived(new Uint8Array(1));
  protocol?.connectionLost(DONE);
  assertEquals([lost, factory.protocols.size], [[true], 0]);
});

Deno.test("cancelled timer: a TimeoutFactory whose last timer was cancelled passes connectionLost on", () => {
  const clock = new Clock();
  const { inner, lost } = listening();
  const factory = new TimeoutFactory(inner, { clock, timeoutPeriod: 3 });
  const protocol = factory.buildProtocol(PEER);
  protocol?.makeConnection(new StringTransport());
  clock.advance(3);
  cancelAll(clock);
  protocol?.connectionLost(DONE);
  assertEquals([lost, factory.protocols.size], [[true], 0]);
});

Deno.test("cancelled timer: a TimeoutMixin whose timer was cancelled ignores what comes later", () => {
  const clock = new Clock();
  const protocol = new (TimeoutMixin(Protocol, clock))();
  protocol.transport = new StringTransport();
  protocol.setTimeout(3);
  cancelAll(clock);
  protocol.resetTimeout();
  assertEquals(protocol.setTimeout(undefined), 3);
  protocol.setTimeout(4);
  cancelAll(clock);
  protocol.setTimeout(5);
  clock.advance(5);
  assert(protocol.transport.disconnecting);
  cancelAll(clock);
  protocol.setTimeout(undefined);
  assertEquals(clock.getDelayedCalls(), []);
});

Deno.test("cancelled timer: a ThrottlingFactory whose timers were cancelled passes connectionLost on", () => {
  const clock = new Clock();
  const { inner, lost } = listening();
  const limits = { readLimit: 10, writeLimit: 10 };
  const factory = new ThrottlingFactory(inner, { clock, ...limits });
  factory.noisy = false;
  const protocol = factory.buildProtocol(PEER);
  protocol?.makeConnection(new StringTransport());
  protocol?.dataReceived(new Uint8Array(20));
  clock.advance(1);
  cancelAll(clock);
  protocol?.connectionLost(DONE);
  assertEquals([lost, factory.connectionCount], [[true], 0]);
});

Deno.test("cancelled timer: a ThrottlingFactory whose pause was cancelled ends the next one", () => {
  const clock = new Clock();
  const { inner } = listening();
  const factory = new ThrottlingFactory(inner, { clock, readLimit: 10 });
  factory.noisy = false;
  const transport = new StringTransport();
  const protocol = factory.buildProtocol(PEER);
  protocol?.makeConnection(transport);
  protocol?.dataReceived(new Uint8Array(100));
  clock.advance(1);
  for (const call of clock.getDelayedCalls()) {
    if (call.getTime() > 2) call.cancel();
  }
  protocol?.dataReceived(new Uint8Array(20));
  clock.advance(1);
  assertEquals(transport.producerState, "paused");
  clock.advance(1);
  assertEquals(transport.producerState, "producing");
});

Deno.test("cancelled timer: a LoopingCall whose call was cancelled can be stopped, and fires", () => {
  const clock = new Clock();
  const loop = new LoopingCall(clock, () => {});
  const results: unknown[] = [];
  loop.start(1).addCallback((stopped) => results.push(stopped));
  cancelAll(clock);
  loop.stop();
  assertEquals(results, [loop]);
});

Deno.test("cancelled timer: a LoopingCall whose call was cancelled goes on when it is reset", () => {
  const clock = new Clock();
  const times: number[] = [];
  const loop = new LoopingCall(clock, () => times.push(clock.seconds()));
  loop.start(2);
  clock.advance(1);
  cancelAll(clock);
  loop.reset();
  clock.pump([2, 2]);
  assertEquals(times, [0, 3, 5]);
  loop.stop();
});

Deno.test("cancelled timer: tasks whose slice was cancelled go on with the next task, and end", () => {
  const clock = new Clock();
  const done: string[] = [];
  function* work(name: string) {
    yield;
    done.push(name);
  }
  const first = cooperate(clock, work("first"));
  cancelAll(clock);
  first.pause();
  first.resume();
  cancelAll(clock);
  cooperate(clock, work("second"));
  clock.advance(1);
  assertEquals(done, ["first", "second"]);
  const last = cooperate(clock, work("last"));
  last.whenDone().addErrback(() => {});
  cancelAll(clock);
  last.stop();
});

Deno.test("cancelled timer: a deferLater whose call was cancelled can be cancelled", () => {
  const clock = new Clock();
  const d = deferLater(clock, 1);
  cancelAll(clock);
  d.cancel();
  let failure: Failure | undefined;
  d.addErrback((reason) => void (failure = reason));
  assertEquals(failure?.type, CancelledError);
});

Deno.test("cancelled timer: a ReconnectingClientFactory whose attempt was cancelled can stop and go on", () => {
  const clock = new Clock();
  const factory = new ReconnectingClientFactory(clock);
  factory.noisy = false;
  const connector = {
    state: "disconnected" as const,
    transport: undefined,
    connect() {},
    disconnect() {},
    stopConnecting() {},
    getDestination: () => PEER,
  };
  factory.retry(connector);
  cancelAll(clock);
  factory.retry(connector);
  assertEquals(clock.getDelayedCalls().length, 1);
  cancelAll(clock);
  factory.stopTrying();
});
