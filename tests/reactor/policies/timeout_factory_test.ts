import { assert, assertEquals, assertThrows } from "@std/assert";
import { Clock, ConnectionDone, TimeoutFactory } from "../../../mod.ts";
import { StringTransportWithDisconnection } from "../../../testing.ts";
import { bytes } from "../protocols/support.ts";
import {
  connect,
  EmptyFactory,
  NotingFactory,
  PEER,
  present,
  reason,
} from "./support.ts";

function makeFactory(timeoutPeriod?: number | null) {
  const clock = new Clock();
  const inner = new NotingFactory();
  const factory = new TimeoutFactory(inner, { clock, timeoutPeriod });
  factory.noisy = false;
  return { clock, inner, factory };
}

function build(timeoutPeriod?: number | null) {
  const made = makeFactory(timeoutPeriod);
  const wrapper = made.factory.wrapProtocol(made.inner.buildProtocol());
  return { ...made, wrapper };
}

Deno.test("TimeoutFactory: an idle connection is closed after half an hour", () => {
  const { clock, factory } = makeFactory();
  const { transport } = connect(factory.buildProtocol(PEER));
  clock.advance(1799);
  assert(!transport.disconnecting);
  clock.advance(1);
  assert(transport.disconnecting);
  assert(!transport.disconnected);
});

Deno.test("TimeoutFactory: a connection that has not gone is aborted after the same time again", () => {
  const { clock, factory } = makeFactory(10);
  const { protocol, transport } = connect(factory.buildProtocol(PEER));
  clock.advance(10);
  clock.advance(9);
  protocol.dataReceived(bytes("I am here"));
  protocol.write(bytes("so am I"));
  assert(!transport.disconnected);
  clock.advance(1);
  assert(transport.disconnected);
  assertEquals(clock.getDelayedCalls(), []);
});

Deno.test("TimeoutFactory: a connection that has gone in time is not aborted", () => {
  const { clock, inner, factory } = makeFactory(10);
  const { protocol, transport } = connect(factory.buildProtocol(PEER));
  clock.advance(10);
  protocol.connectionLost(reason(new ConnectionDone()));
  assertEquals(clock.getDelayedCalls(), []);
  assert(!transport.disconnected);
  assertEquals(inner.built[0]?.told.length, 2);
});

Deno.test("TimeoutFactory: a connection that goes at once leaves no time behind", () => {
  const { clock, factory } = makeFactory(10);
  const protocol = present(factory.buildProtocol(PEER));
  const transport = new StringTransportWithDisconnection();
  transport.protocol = protocol;
  protocol.makeConnection(transport);
  clock.advance(10);
  assert(!transport.connected);
  assertEquals(clock.getDelayedCalls(), []);
});

Deno.test("TimeoutProtocol: what is set after the time was up counts, and nothing is aborted", () => {
  const { clock, wrapper } = build(10);
  const { transport } = connect(wrapper);
  clock.advance(10);
  wrapper.setTimeout(20);
  clock.advance(10);
  wrapper.write(bytes("still here"));
  assertEquals(clock.getDelayedCalls().map((call) => call.getTime()), [40]);
  assert(!transport.disconnected);
  wrapper.cancelTimeout();
  assertEquals(clock.getDelayedCalls(), []);
});

Deno.test("TimeoutFactory: the time begins when the protocol is built", () => {
  const { clock, factory } = makeFactory(10);
  const wrapper = factory.buildProtocol(PEER);
  clock.advance(9);
  const { transport } = connect(wrapper);
  clock.advance(1);
  assert(transport.disconnecting);
});

Deno.test("TimeoutFactory: a protocol that is never connected does no harm", () => {
  const { clock, factory } = makeFactory(10);
  factory.buildProtocol(PEER);
  clock.advance(10);
  assertEquals(clock.getDelayedCalls(), []);
});

Deno.test("TimeoutFactory: whatever is read or written begins the time anew", () => {
  const { clock, wrapper } = build(10);
  const { transport } = connect(wrapper);
  const actions = [
    () => wrapper.dataReceived(bytes("a")),
    () => wrapper.write(bytes("b")),
    () => wrapper.writeSequence([bytes("c")]),
    () => wrapper.resetTimeout(),
  ];
  for (const action of actions) {
    clock.advance(9);
    action();
  }
  clock.advance(9);
  assert(!transport.disconnecting);
  clock.advance(1);
  assert(transport.disconnecting);
});

Deno.test("TimeoutFactory: the end of the connection is the end of the time", () => {
  const { clock, inner, factory } = makeFactory(10);
  const { protocol } = connect(factory.buildProtocol(PEER));
  protocol.connectionLost(reason(new ConnectionDone()));
  assertEquals(clock.getDelayedCalls(), []);
  assertEquals(inner.built[0]?.told, ["made", "lost: ConnectionDone, false"]);
});

Deno.test("TimeoutProtocol: the time can be changed and taken away", () => {
  const { clock, wrapper } = build(10);
  const { transport } = connect(wrapper);
  assertEquals(wrapper.timeoutPeriod, 10);
  clock.advance(9);
  wrapper.setTimeout(20);
  assertEquals(wrapper.timeoutPeriod, 20);
  clock.advance(19);
  assert(!transport.disconnecting);
  wrapper.cancelTimeout();
  assertEquals(wrapper.timeoutPeriod, null);
  assertEquals(clock.getDelayedCalls(), []);
  wrapper.cancelTimeout();
  wrapper.resetTimeout();
  wrapper.setTimeout(1);
  clock.advance(1);
  assert(transport.disconnecting);
});

Deno.test("TimeoutFactory: null is for connections that may be idle", () => {
  const { clock, factory } = makeFactory(null);
  connect(factory.buildProtocol(PEER));
  assertEquals(clock.getDelayedCalls(), []);
});

Deno.test("TimeoutFactory: nothing built, nothing counted", () => {
  const clock = new Clock();
  const factory = new TimeoutFactory(new EmptyFactory(), { clock });
  assertEquals(factory.buildProtocol(PEER), null);
  assertEquals(clock.getDelayedCalls(), []);
});

Deno.test("TimeoutFactory: a time must be one", () => {
  assertThrows(() => makeFactory(-1), RangeError, "0 or more seconds");
  assertThrows(() => makeFactory(NaN), RangeError, "0 or more seconds");
});
