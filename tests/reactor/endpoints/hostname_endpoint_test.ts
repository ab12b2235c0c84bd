import { assertEquals, assertInstanceOf, assertThrows } from "@std/assert";
import {
  ConnectingCancelledError,
  type ConnectOptions,
  ConnectTimeoutError,
  Deferred,
  DNSLookupError,
  fail,
  HostnameAddress,
  HostnameEndpoint,
  type HostnameEndpointOptions,
  IPv4Address,
  type NameResolver,
  NoProtocol,
  type Protocol,
  type Stream,
} from "../../../mod.ts";
import { MemoryReactorClock } from "../../../testing.ts";
import { knows, QuietFactory } from "./support.ts";

const ADDRESS = new IPv4Address("TCP", "192.0.2.1", 80);

/** A connection on which nothing ever happens. */
const SILENT: Stream = {
  localAddress: ADDRESS,
  remoteAddress: ADDRESS,
  pollRead() {},
  pollWrite() {},
  receive: () => undefined,
  send: () => 0,
  close() {},
  abort() {},
};

interface Attempt extends ConnectOptions {
  done: (outcome: Stream | Error) => void;
  cancelled: boolean;
}

/** An endpoint that has begun to connect, in time that is turned by hand. */
class Connecting {
  readonly reactor: MemoryReactorClock = new MemoryReactorClock();
  readonly factory: QuietFactory = new QuietFactory();
  readonly attempts: Attempt[] = [];
  /** The protocol, or the error, that the deferred has fired with. */
  outcome: unknown;
  readonly connected: Deferred<Protocol | void>;

  constructor(resolver: NameResolver, options?: HostnameEndpointOptions) {
    const { reactor } = this;
    reactor.installNameResolver(resolver);
    reactor.backend.connect = (where, done) => {
      const attempt = { ...where, done, cancelled: false };
      this.attempts.push(attempt);
      return { cancel: () => void (attempt.cancelled = true) };
    };
    this.connected = new HostnameEndpoint(reactor, "h.test", 80, options)
      .connect(this.factory)
      .addCallbacks(
        (protocol) => void (this.outcome = protocol),
        ({ value }) => void (this.outcome = value),
      );
    reactor.advance(0);
  }

  get tried(): string[] {
    return this.attempts.map(({ hostname }) => hostname);
  }

  settle(number: number, outcome: Stream | Error): void {
    this.attempts[number]?.done(outcome);
    this.reactor.advance(0);
    this.reactor.advance(0);
  }

  /** Checks that nothing goes on, and nothing will. */
  assertOver(): void {
    assertEquals(this.reactor.getDelayedCalls(), []);
    const states = this.reactor.connectors.map(({ state }) => state);
    assertEquals(states.includes("connecting"), false);
  }
}

const FOUR = ["192.0.2.1", "192.0.2.2", "2001:db8::1", "2001:db8::2"];
const IN_TURN = ["192.0.2.1", "2001:db8::1", "192.0.2.2", "2001:db8::2"];

Deno.test("HostnameEndpoint: the addresses of a host are tried one each 0.3 seconds, the families interleaved", () => {
  const connecting = new Connecting(knows(FOUR));
  assertEquals(connecting.tried, IN_TURN.slice(0, 1));
  for (let count = 1; count <= 4; count++) {
    connecting.reactor.advance(0.29);
    assertEquals(connecting.tried, IN_TURN.slice(0, count));
    connecting.reactor.advance(0.01);
    connecting.reactor.advance(0);
  }
  assertEquals(connecting.tried, IN_TURN);
});

Deno.test("HostnameEndpoint: attemptDelay is how long an address is tried before the next is tried as well", () => {
  const connecting = new Connecting(knows(FOUR), { attemptDelay: 1 });
  connecting.reactor.advance(0.99);
  connecting.reactor.advance(0);
  assertEquals(connecting.tried, IN_TURN.slice(0, 1));
  connecting.reactor.advance(0.01);
  connecting.reactor.advance(0);
  assertEquals(connecting.tried, IN_TURN.slice(0, 2));
});

const ORDERS: [found: string[], tried: string[]][] = [
  [["::1", "10.0.0.1", "::2"], ["::1", "10.0.0.1", "::2"]],
  [["::1", "::2", "10.0.0.1"], ["::1", "10.0.0.1", "::2"]],
  [["10.0.0.1", "10.0.0.2", "::1"], ["10.0.0.1", "::1", "10.0.0.2"]],
  [["10.0.0.1", "::1", "::2", "::3"], ["10.0.0.1", "::1", "::2", "::3"]],
];

for (const [found, tried] of ORDERS) {
  Deno.test(`HostnameEndpoint: of the addresses ${found}, the order is ${tried}`, () => {
    const connecting = new Connecting(knows(found), { attemptDelay: 1 });
    for (let i = 1; i < found.length; i++) {
      connecting.reactor.advance(1);
      connecting.reactor.advance(0);
    }
    assertEquals(connecting.tried, tried);
  });
}

Deno.test("HostnameEndpoint: the next address is tried at once where one fails, and has its time for itself", () => {
  const connecting = new Connecting(knows(FOUR));
  connecting.reactor.advance(0.2);
  connecting.settle(0, new Error("no"));
  assertEquals(connecting.tried, IN_TURN.slice(0, 2));
  connecting.reactor.advance(0.2);
  assertEquals(connecting.tried, IN_TURN.slice(0, 2));
  connecting.reactor.advance(0.1);
  connecting.reactor.advance(0);
  assertEquals(connecting.tried, IN_TURN.slice(0, 3));
});

Deno.test("HostnameEndpoint: the first connection is taken, and the other attempts are cancelled", () => {
  const connecting = new Connecting(knows(FOUR));
  connecting.reactor.advance(0.3);
  connecting.reactor.advance(0);
  connecting.settle(1, SILENT);
  assertEquals(`${connecting.outcome?.constructor.name}`, "Protocol");
  assertEquals(connecting.attempts.map(({ cancelled }) => cancelled), [
    true,
    false,
  ]);
  connecting.assertOver();
  assertEquals(connecting.factory.numPorts, 1);
  connecting.reactor.advance(10);
  assertEquals(connecting.tried.length, 2);
});

Deno.test("HostnameEndpoint: an attempt that succeeds after another has failed is taken", () => {
  const connecting = new Connecting(knows(FOUR.slice(0, 2)));
  connecting.settle(0, new Error("no"));
  connecting.settle(1, SILENT);
  assertEquals(`${connecting.outcome?.constructor.name}`, "Protocol");
  connecting.assertOver();
});

Deno.test("HostnameEndpoint: if all addresses fail, the first failure is reported at once, with the others behind it", () => {
  const connecting = new Connecting(knows(FOUR.slice(0, 3)));
  connecting.reactor.advance(0.3);
  connecting.reactor.advance(0);
  const cause = new Error("what the system said");
  const first = new Error("first", { cause });
  connecting.settle(1, first);
  connecting.settle(2, new Error("second"));
  assertEquals(connecting.outcome, undefined);
  connecting.settle(0, new Error("third"));
  assertEquals(connecting.outcome, first);
  const others = first.cause;
  assertInstanceOf(others, AggregateError);
  const { errors = [] } = others as AggregateError;
  assertEquals(errors.map(({ message }) => message), ["second", "third"]);
  assertEquals((others as AggregateError).cause, cause);
  connecting.assertOver();
});

Deno.test("HostnameEndpoint: the failure of a single address stays as it is", () => {
  const connecting = new Connecting(knows(FOUR.slice(0, 1)));
  const cause = new Error("what the system said");
  const error = new Error("no", { cause });
  connecting.settle(0, error);
  assertEquals(connecting.outcome, error);
  assertEquals(error.cause, cause);
  connecting.assertOver();
});

Deno.test("HostnameEndpoint: each attempt has its own timeout", () => {
  const connecting = new Connecting(knows(FOUR.slice(0, 2)), { timeout: 1 });
  connecting.reactor.advance(0.3);
  connecting.reactor.advance(0.7);
  assertEquals(connecting.reactor.connectors.map(({ state }) => state), [
    "disconnected",
    "connecting",
  ]);
  connecting.reactor.advance(0.3);
  assertInstanceOf(connecting.outcome, ConnectTimeoutError);
  connecting.assertOver();
});

Deno.test("HostnameEndpoint: an attempt has 30 seconds by default", () => {
  const { reactor } = new Connecting(knows(FOUR));
  assertEquals(reactor.tcpClients.map(({ timeout }) => timeout), [30]);
});

Deno.test("HostnameEndpoint: a local address is given as a host, or as a host and a port", () => {
  const given: HostnameEndpointOptions["bindAddress"][] = [
    "10.0.0.1",
    ["10.0.0.1", 81],
    undefined,
  ];
  const bound = given.map((bindAddress) =>
    new Connecting(knows(FOUR), { bindAddress }).reactor.tcpClients[0]
      ?.bindAddress
  );
  assertEquals(bound, [["10.0.0.1", 0], ["10.0.0.1", 81], undefined]);
});

Deno.test("HostnameEndpoint: a host without an address is a DNSLookupError", () => {
  const connecting = new Connecting(knows([]));
  assertInstanceOf(connecting.outcome, DNSLookupError);
  assertEquals(
    `${connecting.outcome}`,
    "DNSLookupError: Cannot connect to h.test:80: the host has no address",
  );
});

Deno.test("HostnameEndpoint: what the look-up fails with is the failure", () => {
  const error = new DNSLookupError("no");
  const connecting = new Connecting({ resolveHostName: () => fail(error) });
  assertEquals(connecting.outcome, error);
});

Deno.test("HostnameEndpoint: a name outside ASCII may be as long as it is when it is encoded", () => {
  const host = `${"bücher.".repeat(15)}example`;
  const outcomes: unknown[] = [];
  new HostnameEndpoint(new MemoryReactorClock(), host, 80)
    .connect(new QuietFactory())
    .addErrback(({ value }) => void outcomes.push(value));
  assertEquals(outcomes, []);
});

for (const host of ["", "two words", "bü cher", "a/b", "a".repeat(254)]) {
  Deno.test(`HostnameEndpoint: ${JSON.stringify(host).slice(0, 20)} is an invalid host name: the deferred fails`, () => {
    const outcomes: unknown[] = [];
    new HostnameEndpoint(new MemoryReactorClock(), host, 80)
      .connect(new QuietFactory())
      .addErrback(({ value }) => void outcomes.push(value));
    assertEquals(outcomes.map(String), [
      `SyntaxError: Cannot connect to ${
        JSON.stringify(host)
      }: the host name is invalid`,
    ]);
  });
}

Deno.test("HostnameEndpoint: an invalid attemptDelay is refused", () => {
  for (const attemptDelay of [-1, NaN]) {
    assertThrows(
      () =>
        new HostnameEndpoint(new MemoryReactorClock(), "h", 80, {
          attemptDelay,
        }),
      RangeError,
      `attemptDelay must be 0 or more seconds, got ${attemptDelay}`,
    );
  }
});

function assertCancelled({ outcome }: Connecting): void {
  assertInstanceOf(outcome, ConnectingCancelledError);
  const { address } = outcome as ConnectingCancelledError;
  assertEquals(`${address}`, `${new HostnameAddress("h.test", 80)}`);
}

Deno.test("HostnameEndpoint: cancelling ends all attempts, and says which host they were for", () => {
  const connecting = new Connecting(knows(FOUR));
  connecting.reactor.advance(0.3);
  connecting.reactor.advance(0);
  connecting.connected.cancel();
  assertCancelled(connecting);
  assertEquals(connecting.attempts.map(({ cancelled }) => cancelled), [
    true,
    true,
  ]);
  connecting.assertOver();
  assertEquals(connecting.factory.numPorts, 0);
  connecting.reactor.advance(10);
  assertEquals(connecting.tried.length, 2);
});

Deno.test("HostnameEndpoint: cancelling during the look-up cancels that", () => {
  let cancelled = false;
  const connecting = new Connecting({
    resolveHostName: () => new Deferred(() => void (cancelled = true)),
  });
  connecting.connected.cancel();
  assertCancelled(connecting);
  assertEquals([cancelled, connecting.tried], [true, []]);
});

Deno.test("HostnameEndpoint: a factory that builds nothing has the next address tried", () => {
  const connecting = new Connecting(knows(FOUR.slice(0, 2)));
  connecting.factory.buildProtocol = () => null as never;
  connecting.settle(0, SILENT);
  assertEquals(connecting.tried.length, 2);
  connecting.settle(1, SILENT);
  assertInstanceOf(connecting.outcome, NoProtocol);
  connecting.assertOver();
});
