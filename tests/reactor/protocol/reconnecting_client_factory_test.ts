import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  Clock,
  type Connector,
  type ConnectorState,
  Failure,
  IPv4Address,
  Protocol,
  type ReactorTime,
  ReconnectingClientFactory,
  WrappingFactory,
} from "../../../mod.ts";
import { makeReactor, runWith } from "../../support/reactors.ts";

/** A connector that only counts. */
class Counter implements Connector {
  state: ConnectorState = "disconnected";
  transport = undefined;
  connects = 0;
  stops = 0;

  connect(): void {
    this.connects++;
  }

  disconnect(): void {}

  stopConnecting(): void {
    this.stops++;
  }

  getDestination(): IPv4Address {
    return new IPv4Address("TCP", "127.0.0.1", 10000);
  }
}

const REASON = new Failure(new Error("lost"));

function make(): {
  clock: Clock;
  connector: Counter;
  factory: ReconnectingClientFactory;
} {
  const clock = new Clock();
  const factory = new ReconnectingClientFactory(clock);
  factory.noisy = false;
  factory.jitter = undefined;
  return { clock, connector: new Counter(), factory };
}

/** The seconds to the only call that is to come; then turns the clock to it. */
function pass(clock: Clock): number {
  const [call] = clock.getDelayedCalls();
  const seconds = (call?.getTime() ?? NaN) - clock.seconds();
  clock.advance(seconds);
  return seconds;
}

Deno.test("ReconnectingClientFactory: the delays grow from the first to the longest", () => {
  const { clock, connector, factory } = make();
  factory.initialDelay = 2;
  factory.factor = 3;
  factory.maxDelay = 50;
  const delays = Array.from({ length: 6 }, () => {
    factory.clientConnectionFailed(connector, REASON);
    return pass(clock);
  });
  assertEquals(delays, [2, 6, 18, 50, 50, 50]);
  assertEquals([connector.connects, factory.retries], [6, 6]);
});

Deno.test("ReconnectingClientFactory: by default it is as patient as Twisted's", () => {
  const factory = new ReconnectingClientFactory(new Clock());
  const { maxDelay, initialDelay, factor, jitter, delay } = factory;
  assertEquals([maxDelay, initialDelay, delay], [3600, 1, 1]);
  assertEquals([factor, jitter], [Math.E, 0.119626565582]);
  const { maxRetries, retries, continueTrying } = factory;
  assertEquals([maxRetries, retries, continueTrying], [undefined, 0, true]);
});

Deno.test("ReconnectingClientFactory: by default the delays are 1 second, and e times longer each time", () => {
  const { clock, connector, factory } = make();
  for (const expected of [1, Math.E, Math.E ** 2, Math.E ** 3]) {
    factory.clientConnectionLost(connector, REASON);
    assertAlmostEquals(pass(clock), expected);
  }
});

Deno.test("ReconnectingClientFactory: a first delay may be longer than the longest, and is cut", () => {
  const { clock, connector, factory } = make();
  factory.initialDelay = 20;
  factory.maxDelay = 5;
  factory.retry(connector);
  assertEquals(pass(clock), 5);
});

Deno.test("ReconnectingClientFactory: a subclass chooses its delays, and an instance the next one", () => {
  class Slow extends ReconnectingClientFactory {
    override noisy = false;
    override initialDelay = 10;
    override jitter = undefined;
    override factor = 2;
  }
  const clock = new Clock();
  const factory = new Slow(clock);
  const connector = new Counter();
  factory.retry(connector);
  assertEquals(pass(clock), 10);
  factory.delay = 3;
  factory.retry();
  assertEquals([pass(clock), factory.delay], [3, 6]);
});

Deno.test("ReconnectingClientFactory: jitter scatters the delays, around what they would be without", () => {
  const { clock, connector, factory } = make();
  factory.jitter = 0.1;
  factory.factor = 1;
  factory.initialDelay = 100;
  let state = 1;
  factory.random = () => {
    state = (state * 1664525 + 1013904223) % 2 ** 32;
    return state / 2 ** 32;
  };
  const delays = Array.from({ length: 1000 }, () => {
    factory.retry(connector);
    return pass(clock);
  });
  const mean = delays.reduce((sum, delay) => sum + delay) / delays.length;
  const squares = delays.map((delay) => (delay - mean) ** 2);
  const sigma = Math.sqrt(squares.reduce((sum, n) => sum + n) / delays.length);
  assertAlmostEquals(mean, 100, 1);
  assertAlmostEquals(sigma, 10, 1);
});

Deno.test("ReconnectingClientFactory: jitter makes no delay longer than the longest, or less than nothing", () => {
  const { clock, connector, factory } = make();
  factory.jitter = 5;
  factory.initialDelay = factory.maxDelay = 10;
  const numbers = [0.9, 0, 0.9, 0.5];
  factory.random = () => numbers.shift() ?? 0;
  factory.retry(connector);
  assertEquals(pass(clock), 10);
  factory.retry(connector);
  assertEquals(pass(clock), 0);
});

Deno.test("ReconnectingClientFactory: after maxRetries it gives up", () => {
  const { clock, connector, factory } = make();
  factory.maxRetries = 2;
  for (let i = 0; i < 2; i++) {
    factory.clientConnectionFailed(connector, REASON);
    pass(clock);
  }
  factory.clientConnectionFailed(connector, REASON);
  assertEquals([clock.getDelayedCalls(), connector.connects], [[], 2]);
});

Deno.test("ReconnectingClientFactory: resetDelay begins anew, and leaves the next attempt", () => {
  const { clock, connector, factory } = make();
  factory.retry(connector);
  pass(clock);
  factory.retry(connector);
  factory.resetDelay();
  assertEquals([factory.retries, factory.delay], [0, 1]);
  assertAlmostEquals(pass(clock), Math.E);
  assertEquals(connector.connects, 2);
});

Deno.test("ReconnectingClientFactory: stopTrying cancels the next attempt, and resetDelay goes on", () => {
  const { clock, connector, factory } = make();
  factory.retry(connector);
  factory.stopTrying();
  factory.clientConnectionLost(connector, REASON);
  factory.retry(connector);
  assertEquals(clock.getDelayedCalls(), []);
  factory.resetDelay();
  factory.clientConnectionLost(connector, REASON);
  assertEquals(pass(clock), 1);
  assertEquals([connector.connects, connector.stops], [1, 0]);
});

Deno.test("ReconnectingClientFactory: stopTrying ends an attempt under way", () => {
  const { connector, factory } = make();
  factory.stopTrying();
  factory.resetDelay();
  factory.startedConnecting(connector);
  connector.state = "connecting";
  factory.stopTrying();
  assertEquals(connector.stops, 1);
});

Deno.test("ReconnectingClientFactory: stopTrying ends an attempt that an overridden startedConnecting has told it nothing of", async () => {
  for (const wrap of [false, true]) {
    const { reactor, errors } = makeReactor();
    const told: string[] = [];
    class Announcing extends ReconnectingClientFactory {
      override protocol = Protocol;
      override noisy = false;
      override startedConnecting(): void {
        told.push("connecting");
      }
      override clientConnectionFailed(c: Connector, why: Failure): void {
        told.push(`failed: ${why.type?.name}`);
        super.clientConnectionFailed(c, why);
      }
    }
    const factory = new Announcing(reactor);
    const used = wrap ? new WrappingFactory(factory) : factory;
    used.noisy = false;
    await runWith(reactor, () => {
      const connector = reactor.connectTCP("localhost", 1, used);
      factory.stopTrying();
      told.push(connector.state);
      return Promise.resolve();
    });
    assertEquals(told, ["connecting", "failed: UserError", "disconnected"]);
    assertEquals(errors, []);
  }
});

Deno.test("ReconnectingClientFactory: stopTrying inside an overridden startedConnecting ends that attempt", async () => {
  const { reactor } = makeReactor();
  class Reluctant extends ReconnectingClientFactory {
    override protocol = Protocol;
    override noisy = false;
    override startedConnecting(): void {
      this.stopTrying();
    }
  }
  await runWith(reactor, () => {
    const factory = new Reluctant(reactor);
    assertEquals(
      reactor.connectTCP("localhost", 1, factory).state,
      "disconnected",
    );
    factory.resetDelay();
    // It knows what to connect again with, too.
    factory.retry();
    factory.stopTrying();
    return Promise.resolve();
  });
});

Deno.test("ReconnectingClientFactory: a subclass can override every setting with a field", () => {
  class Hasty extends ReconnectingClientFactory {
    override noisy = false;
    override delay = 0.05;
    override initialDelay = 0.5;
    override maxDelay = 0.15;
    override factor = 2;
    override jitter = undefined;
    override maxRetries = 3;
    override random = () => 0.5;
  }
  const clock = new Clock();
  const factory = new Hasty(clock);
  const connector = new Counter();
  const delays = [1, 2, 3, 4].map(() => {
    factory.retry(connector);
    return Math.round(pass(clock) * 100) / 100;
  });
  assertEquals(delays, [0.05, 0.1, 0.15, NaN]);
  factory.resetDelay();
  assertEquals(factory.delay, 0.5);
});

Deno.test("ReconnectingClientFactory: an attempt that somebody else has made meanwhile is not made again", () => {
  const { clock, connector, factory } = make();
  factory.retry(connector);
  factory.retry(connector);
  assertEquals(clock.getDelayedCalls().length, 1);
  connector.state = "connected";
  pass(clock);
  assertEquals(connector.connects, 0);
});

Deno.test("ReconnectingClientFactory: without a connector nothing can be tried again", () => {
  assertThrows(() => make().factory.retry(), Error, "never been connecting");
});

Deno.test("ReconnectingClientFactory: a factory that connects again needs a clock", () => {
  assertThrows(
    () => new ReconnectingClientFactory(undefined as unknown as ReactorTime),
    TypeError,
    "ReconnectingClientFactory: clock must be an object with a callLater, like a reactor, got undefined",
  );
});

Deno.test("ReconnectingClientFactory: forProtocol takes the clock behind the protocol", () => {
  const clock = new Clock();
  const factory = ReconnectingClientFactory.forProtocol(Protocol, clock);
  assertEquals([factory.protocol, factory.clock], [Protocol, clock]);
});
