import { assertEquals, assertMatch, assertThrows } from "@std/assert";
import {
  ClientFactory,
  type ConnectTCPOptions,
  Factory,
  Protocol,
  setDebugging,
  SlowCalls,
} from "../../../mod.ts";
import {
  type FrozenReactor,
  makeFrozenReactor,
  runReactor,
} from "../../support/reactors.ts";

/** Collects the stacks of reports: the first line, and the place below it. */
function collectPlaces({ reactor }: FrozenReactor): string[] {
  const places: string[] = [];
  reactor.log.addObserver(({ failure }) => {
    if (!(failure?.value instanceof Error)) return;
    const [what = "", frame = "", ...rest] = failure.value.stack?.split("\n") ??
      [];
    const call = /(?<=SlowCall: ).*(?= took)/.exec(what)?.[0] ?? what;
    const place = /(?<=at (?:async )?)\w+/.exec(frame)?.[0] ?? "nowhere";
    places.push(`${call}: ${place}`);
    assertEquals(rest.length < 10, true);
  });
  return places;
}

/** Runs a reactor in which a call takes so many seconds of its time. */
async function runSlowCall(
  { reactor, time }: FrozenReactor,
  seconds: number,
): Promise<void> {
  reactor.callLater(0, function grind() {
    time.advance(seconds);
    reactor.stop();
  });
  await runReactor(reactor);
}

Deno.test("SlowCalls: a call that takes longer than the limit is logged with its name", async () => {
  const frozen = makeFrozenReactor();
  frozen.reactor.addInstrument(new SlowCalls({ seconds: 0.2 }));
  await runSlowCall(frozen, 0.25);
  assertEquals(frozen.errors, [
    "The loop was blocked: SlowCall: delayed call of grind took 0.250 seconds, in which nothing else could run",
  ]);
});

Deno.test("SlowCalls: a call that takes as long as the limit is not logged", async () => {
  const frozen = makeFrozenReactor();
  frozen.reactor.addInstrument(new SlowCalls({ seconds: 0.25 }));
  await runSlowCall(frozen, 0.25);
  assertEquals(frozen.errors, []);
});

Deno.test("SlowCalls: the report of a delayed call has the stack of its callLater", async () => {
  const frozen = makeFrozenReactor();
  const stacks: (string | undefined)[] = [];
  frozen.reactor.log.addObserver(({ failure }) => {
    if (failure?.value instanceof Error) stacks.push(failure.value.stack);
  });
  frozen.reactor.addInstrument(new SlowCalls());
  await runSlowCall(frozen, 1);
  const [first, second] = stacks[0]?.split("\n") ?? [];
  assertMatch(`${first}`, /^SlowCall: delayed call of grind took 1\.000/);
  assertMatch(`${second}`, /runSlowCall/);
});

/** Has a client connect to a server, and each of their calls take a second. */
function startSlowPair({ reactor, time }: FrozenReactor): void {
  const server = new Factory();
  server.protocol = class Poet extends Protocol {
    override connectionMade(): void {
      time.advance(1);
      this.transport.write(new TextEncoder().encode("a poem"));
    }
    override connectionLost(): void {
      time.advance(1);
      reactor.stop();
    }
  };
  const client = new ClientFactory();
  client.protocol = class Reader extends Protocol {
    override connectionMade(): void {
      time.advance(1);
    }
    override dataReceived(): void {
      time.advance(1);
      this.transport.loseConnection();
    }
  };
  function listen(): number {
    return reactor.listenTCP(0, server).getHost().port;
  }
  function connect(port: number): void {
    reactor.connectTCP("127.0.0.1", port, client);
  }
  connect(listen());
}

const SLOW_PAIR = [
  "call from outside of ClientFactory: connect",
  "doRead of Factory: listen",
  "doRead of Poet: listen",
  "doRead of Reader: connect",
];

Deno.test("SlowCalls: the report of a connection has the stack of its connectTCP, or of the port's listenTCP", async () => {
  const frozen = makeFrozenReactor();
  const places = collectPlaces(frozen);
  frozen.reactor.addInstrument(new SlowCalls());
  startSlowPair(frozen);
  await runReactor(frozen.reactor);
  assertEquals(places.toSorted(), SLOW_PAIR);
});

Deno.test("SlowCalls: connections of ports and attempts older than it are reported without the reactor's own stack", async () => {
  const frozen = makeFrozenReactor();
  const places = collectPlaces(frozen);
  startSlowPair(frozen);
  frozen.reactor.addInstrument(new SlowCalls());
  await runReactor(frozen.reactor);
  assertEquals(
    places.toSorted(),
    SLOW_PAIR.map((line) => line.replace(/\w+$/, "nowhere")),
  );
});

Deno.test("SlowCalls: while debugging is on, connections and ports that are older than the loop have their stacks too", async () => {
  setDebugging(true);
  const frozen = makeFrozenReactor();
  const places = collectPlaces(frozen);
  try {
    startSlowPair(frozen);
    await runReactor(frozen.reactor);
  } finally {
    setDebugging(false);
  }
  assertEquals(places.toSorted(), SLOW_PAIR);
});

/** Has an attempt to connect fail slowly, in a function named `connect`. */
async function placesOfFailure(options: ConnectTCPOptions): Promise<string[]> {
  const frozen = makeFrozenReactor();
  const { reactor, time } = frozen;
  const places = collectPlaces(frozen);
  reactor.addInstrument(new SlowCalls());
  const factory = new ClientFactory();
  factory.clientConnectionFailed = () => {
    time.advance(1);
    reactor.stop();
  };
  function connect(): void {
    reactor.connectTCP("127.0.0.1", 1, factory, options);
  }
  connect();
  await runReactor(reactor);
  return places;
}

Deno.test("SlowCalls: the report of an attempt that fails has the stack of its connectTCP", async () => {
  assertEquals(
    await placesOfFailure({}),
    ["call from outside of ClientFactory: connect"],
  );
});

Deno.test("SlowCalls: the report of an attempt that times out has the stack of its connectTCP", async () => {
  assertEquals(
    await placesOfFailure({ timeout: 0 }),
    ["delayed call of an anonymous function: connect"],
  );
});

Deno.test("SlowCalls: the report of a function has the stack of what it was handed to, each of its own", async () => {
  const frozen = makeFrozenReactor();
  const { reactor, time } = frozen;
  const places = collectPlaces(frozen);
  reactor.addInstrument(new SlowCalls());
  const grind = () => time.advance(1);
  function first(): void {
    reactor.callFromThread(grind);
  }
  function second(): void {
    reactor.callFromThread(grind);
  }
  function starting(): void {
    reactor.callWhenRunning(grind);
  }
  function stopping(): void {
    reactor.addSystemEventTrigger("before", "shutdown", grind);
  }
  first();
  second();
  starting();
  stopping();
  reactor.callLater(0, () => reactor.stop());
  await runReactor(reactor);
  assertEquals(places, [
    "trigger of grind (after startup): starting",
    "call from outside of grind: first",
    "call from outside of grind: second",
    "trigger of grind (before shutdown): stopping",
  ]);
});

Deno.test("SlowCalls: while debugging is on, functions that were handed over before the loop ran have their stacks too", async () => {
  setDebugging(true);
  const frozen = makeFrozenReactor();
  const { reactor, time } = frozen;
  const places = collectPlaces(frozen);
  const stop = () => {
    time.advance(1);
    reactor.stop();
  };
  function outside(): void {
    reactor.callFromThread(stop);
  }
  try {
    outside();
    await runReactor(reactor);
  } finally {
    setDebugging(false);
  }
  assertEquals(places, ["call from outside of stop: outside"]);
});

Deno.test("SlowCalls: the report of a reader of the program's own has the stack of its addReader", async () => {
  const frozen = makeFrozenReactor();
  const { reactor, time } = frozen;
  const places = collectPlaces(frozen);
  reactor.addInstrument(new SlowCalls());
  const port = reactor.listenTCP(0, new Factory());
  const [fileno = -1] = reactor.getReaders().map((one) => one.fileno());
  reactor.removeAll();
  function watch(): void {
    reactor.addReader({
      fileno: () => fileno,
      logPrefix: () => "Listener",
      connectionLost() {},
      doRead() {
        time.advance(1);
        reactor.stop();
      },
    });
  }
  watch();
  const client = ClientFactory.forProtocol(Protocol);
  reactor.connectTCP("127.0.0.1", port.getHost().port, client);
  await runReactor(reactor);
  assertEquals(places, ["doRead of Listener: watch"]);
});

Deno.test("SlowCalls: a stack has the functions of the program, down to the one that the loop has called", async () => {
  const frozen = makeFrozenReactor();
  const { reactor, time } = frozen;
  const stacks: (string | undefined)[] = [];
  reactor.log.addObserver(({ failure }) => {
    if (failure?.value instanceof Error) stacks.push(failure.value.stack);
  });
  reactor.addInstrument(new SlowCalls());
  function ask(): void {
    reactor.callLater(0, () => {
      time.advance(1);
      reactor.stop();
    });
  }
  reactor.callWhenRunning(function main() {
    ask();
  });
  await runReactor(reactor);
  const [, ...frames] = stacks[0]?.split("\n") ?? [];
  const names = frames.map((frame) => /(?<=at )[\w.]+/.exec(frame)?.[0]);
  assertEquals(names, ["ask", "main"]);
});

Deno.test("SlowCalls: while debugging is on every reactor that runs has one", async () => {
  setDebugging(true);
  const frozen = makeFrozenReactor();
  try {
    await runSlowCall(frozen, 0.3);
  } finally {
    setDebugging(false);
  }
  assertEquals(frozen.errors.length, 1);
});

Deno.test("SlowCalls: while debugging is on, a call that was asked for before the reactor ran has its stack too", async () => {
  setDebugging(true);
  const frozen = makeFrozenReactor();
  const stacks: (string | undefined)[] = [];
  frozen.reactor.log.addObserver(({ failure }) => {
    if (failure?.value instanceof Error) stacks.push(failure.value.stack);
  });
  try {
    await runSlowCall(frozen, 0.3);
  } finally {
    setDebugging(false);
  }
  assertMatch(`${stacks[0]}`, /\n +at runSlowCall/);
});

Deno.test("SlowCalls: debugging that is switched off while the loop runs takes it away", async () => {
  setDebugging(true);
  const frozen = makeFrozenReactor();
  frozen.reactor.callWhenRunning(() => setDebugging(false));
  await runSlowCall(frozen, 0.3);
  assertEquals(frozen.errors, []);
});

Deno.test("SlowCalls: a limit that is no number of 0 or more is refused", () => {
  for (const seconds of [-1, NaN]) {
    assertThrows(
      () => new SlowCalls({ seconds }),
      RangeError,
      `SlowCalls: seconds must be 0 or more, got ${seconds}`,
    );
  }
});
