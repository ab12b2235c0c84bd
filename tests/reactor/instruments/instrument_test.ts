import { assertEquals, assertStringIncludes } from "@std/assert";
import {
  ClientFactory,
  Clock,
  Deferred,
  DeferredList,
  Factory,
  gatherResults,
  type Instrument,
  Protocol,
  succeed,
} from "../../../mod.ts";
import { makeReactor, portOf, runReactor } from "../../support/reactors.ts";

class Poet extends Protocol {
  override connectionMade(): void {
    this.transport.write(new TextEncoder().encode("a poem"));
    this.transport.loseConnection();
  }
}

class Reader extends Protocol {
  override connectionLost(): void {}
}

/** An instrument that notes, in a line each, what the test wants to see. */
function noting(lines: string[], instrument: Instrument): Instrument {
  return new Proxy(instrument, {
    get(target, notice: keyof Instrument) {
      if (!(notice in target)) return undefined;
      return (...args: unknown[]) => {
        lines.push([notice, ...args.filter(isPlain)].join(" "));
      };
    },
  });
}

function isPlain(value: unknown): boolean {
  return typeof value === "string" || typeof value === "number";
}

Deno.test("instrument: turns and calls are told in the order in which they happen", async () => {
  const { reactor } = makeReactor();
  const lines: string[] = [];
  reactor.addInstrument({
    turnBegan: () => lines.push("turn"),
    turnEnded: () => lines.push("sleep"),
    callBegan: ({ kind, name }) => lines.push(`${kind}: ${name}`),
    callEnded: ({ kind }) => lines.push(`${kind} over`),
  });
  reactor.callLater(0, function greet() {
    lines.push("greeting");
    reactor.callFromThread(function leave() {
      reactor.stop();
    });
  });
  await runReactor(reactor);
  assertEquals(lines, [
    "turn",
    "delayed call: greet",
    "greeting",
    "delayed call over",
    "sleep",
    "turn",
    "call from outside: leave",
    "call from outside over",
    "trigger: during shutdown",
    "trigger over",
    "sleep",
  ]);
});

Deno.test("instrument: a turn tells how long the loop has waited before it", async () => {
  const { reactor } = makeReactor();
  const slept: number[] = [];
  reactor.addInstrument({ turnBegan: (seconds) => slept.push(seconds) });
  reactor.callLater(0.02, () => reactor.stop());
  await runReactor(reactor);
  assertEquals(slept[0], 0);
  const total = slept.reduce((sum, seconds) => sum + seconds);
  assertEquals(total >= 0.019, true, `${slept}`);
});

Deno.test("instrument: triggers are calls with a phase, an event, and the function's name if it has one", async () => {
  const { reactor } = makeReactor();
  const names: string[] = [];
  reactor.addInstrument({
    callBegan: ({ kind, name }) => {
      if (kind === "trigger") names.push(name);
    },
  });
  reactor.addSystemEventTrigger("before", "shutdown", () => {});
  reactor.callWhenRunning(function main(_argument: string) {
    reactor.stop();
  }, "an argument");
  await runReactor(reactor);
  assertEquals(names, [
    "main (after startup)",
    "before shutdown",
    "during shutdown",
  ]);
});

/** Notes calls, with what was called meanwhile between their beginning and their end. */
function notingCalls(lines: string[]): Instrument {
  return {
    callBegan: ({ kind, name }) => lines.push(`${kind}: ${name}`),
    callEnded: ({ kind, name }) => lines.push(`end of ${kind}: ${name}`),
  };
}

Deno.test("instrument: what a protocol does at the end of its connection lies within a call", async () => {
  const { reactor } = makeReactor();
  const lines: string[] = [];
  const server = Factory.forProtocol(Poet);
  const client = new ClientFactory();
  client.protocol = class Mourner extends Protocol {
    override connectionLost(): void {
      lines.push("lost");
      reactor.stop();
    }
  };
  const port = reactor.listenTCP(0, server);
  reactor.addInstrument(notingCalls(lines));
  reactor.connectTCP("127.0.0.1", portOf(port.getHost()), client);
  await runReactor(reactor);
  const at = lines.indexOf("lost");
  assertEquals(lines.slice(at - 1, at + 2), [
    "doRead: Mourner",
    "lost",
    "end of doRead: Mourner",
  ]);
});

Deno.test("instrument: what a client does when it is connected lies within a call of its factory's", async () => {
  const { reactor } = makeReactor();
  const lines: string[] = [];
  class Poems extends ClientFactory {
    override buildProtocol(): undefined {
      lines.push("connected");
      reactor.stop();
    }
  }
  const port = reactor.listenTCP(0, Factory.forProtocol(Poet));
  reactor.addInstrument(notingCalls(lines));
  reactor.connectTCP("127.0.0.1", portOf(port.getHost()), new Poems());
  await runReactor(reactor);
  const at = lines.indexOf("connected");
  assertEquals(lines.slice(at - 1, at + 2), [
    "call from outside: Poems",
    "connected",
    "end of call from outside: Poems",
  ]);
});

Deno.test("instrument: connections that the end of the reactor ends are lost within a call", async () => {
  const { reactor } = makeReactor();
  const lines: string[] = [];
  const port = reactor.listenTCP(0, Factory.forProtocol(Protocol));
  const client = new ClientFactory();
  client.protocol = class extends Protocol {
    override connectionMade(): void {
      reactor.stop();
    }
    override connectionLost(): void {
      lines.push("lost");
    }
  };
  reactor.addInstrument(notingCalls(lines));
  reactor.connectTCP("127.0.0.1", portOf(port.getHost()), client);
  await runReactor(reactor);
  assertEquals(lines.slice(-3), [
    "trigger: during shutdown",
    "lost",
    "end of trigger: during shutdown",
  ]);
});

Deno.test("instrument: a call that throws ends as well", async () => {
  const { reactor, errors } = makeReactor();
  const lines: string[] = [];
  const fail = (what: string) => () => {
    throw new Error(what);
  };
  class Thrower extends Protocol {
    override connectionMade = fail("connectionMade");
  }
  const port = reactor.listenTCP(0, Factory.forProtocol(Thrower));
  const client = ClientFactory.forProtocol(Protocol);
  client.clientConnectionLost = () => reactor.stop();
  reactor.addInstrument(notingCalls(lines));
  reactor.connectTCP("127.0.0.1", portOf(port.getHost()), client);
  reactor.callWhenRunning(fail("trigger"));
  reactor.callFromThread(fail("call from outside"));
  reactor.callLater(0, fail("delayed call"));
  await runReactor(reactor);
  assertEquals(errors.length, 4);
  const ends = lines.filter((line) => line.startsWith("end of "));
  assertEquals(ends.length * 2, lines.length);
});

Deno.test("instrument: a call from outside has its function's name, also of one that was asked for earlier", async () => {
  const { reactor } = makeReactor();
  const lines: string[] = [];
  reactor.callFromThread(function early(_argument: number) {}, 1);
  reactor.addInstrument(notingCalls(lines));
  reactor.callFromThread(function late(_argument: number) {
    reactor.stop();
  }, 2);
  await runReactor(reactor);
  assertEquals(lines.slice(0, 4), [
    "call from outside: early",
    "end of call from outside: early",
    "call from outside: late",
    "end of call from outside: late",
  ]);
});

Deno.test("instrument: one that is added within a call is not told of its end, one that is removed neither", async () => {
  const { reactor } = makeReactor();
  const lines: string[] = [];
  const instrument = notingCalls(lines);
  reactor.callLater(0, function add() {
    reactor.addInstrument(instrument);
    reactor.callLater(0, function remove() {
      reactor.removeInstrument(instrument);
      reactor.stop();
    });
  });
  await runReactor(reactor);
  assertEquals(lines, ["delayed call: remove"]);
});

Deno.test("instrument: of calls that a clock of the program's makes it is told nothing", () => {
  const clock = new Clock();
  const { reactor } = makeReactor({ clock });
  const lines: string[] = [];
  reactor.addInstrument(
    noting(lines, { delayedCallAdded() {}, callBegan() {} }),
  );
  reactor.callLater(1, () => lines.push("called"));
  clock.advance(1);
  assertEquals(lines, ["called"]);
});

Deno.test("instrument: two reactors, one inside a call of the other, tell each its own", async () => {
  const outer = makeReactor();
  const inner = makeReactor();
  const lines: string[] = [];
  outer.reactor.addInstrument(notingCalls(lines));
  inner.reactor.addInstrument({
    callBegan: ({ name }) => lines.push(`inner: ${name}`),
  });
  outer.reactor.callWhenRunning(async function nest() {
    inner.reactor.callLater(0, function innermost() {
      inner.reactor.stop();
    });
    await runReactor(inner.reactor);
    outer.reactor.stop();
  });
  await runReactor(outer.reactor);
  assertEquals(lines, [
    "trigger: nest (after startup)",
    // The first turn of a loop is part of `run()`.
    "inner: innermost",
    "inner: during shutdown",
    "end of trigger: nest (after startup)",
    "trigger: during shutdown",
    "end of trigger: during shutdown",
  ]);
});

Deno.test("instrument: a function that is handed over is told as the subject of its call, each time another", async () => {
  const { reactor } = makeReactor();
  const added: object[] = [];
  const called: object[] = [];
  reactor.addInstrument({
    callAdded: (subject) => added.push(subject),
    callBegan: ({ subject }) => called.push(subject),
  });
  const greet = (_name: string) => {};
  reactor.addSystemEventTrigger("before", "startup", greet, "a name");
  reactor.callWhenRunning(() => {});
  reactor.callFromThread(greet, "a name");
  reactor.callFromThread(greet, "another name");
  reactor.callFromThread(() => reactor.stop());
  await runReactor(reactor);
  assertEquals(new Set(added).size, 5);
  // The last one is the end of the reactor.
  assertEquals(called.slice(0, -1).map((one) => added.indexOf(one)), [
    0,
    1,
    2,
    3,
    4,
  ]);
});

Deno.test("instrument: a delayed call is told when it is made, moved and cancelled", () => {
  const { reactor } = makeReactor();
  const lines: string[] = [];
  reactor.addInstrument({
    delayedCallAdded: (call) => lines.push(`added ${call}`),
    delayedCallMoved: (call) => lines.push(`moved ${call}`),
    delayedCallCancelled: (call) => lines.push(`cancelled ${call}`),
  });
  const call = reactor.callLater(5, function wait() {});
  call.reset(6);
  call.delay(1);
  call.cancel();
  assertEquals(lines, [
    "added DelayedCall(wait)",
    "moved DelayedCall(wait)",
    "moved DelayedCall(wait)",
    "cancelled DelayedCall(wait)",
  ]);
});

Deno.test("instrument: a port and both sides of a connection are told, with their bytes and end", async () => {
  const { reactor } = makeReactor();
  const lines: string[] = [];
  const server = new Factory();
  server.protocol = Poet;
  const client = new ClientFactory();
  client.protocol = Reader;
  client.clientConnectionLost = () => reactor.stop();
  reactor.addInstrument(noting(lines, {
    attemptBegan() {},
    attemptEnded() {},
    connectionMade() {},
    bytesReceived() {},
    bytesSent() {},
    connectionLost() {},
    portOpened() {},
    portClosed() {},
  }));
  const port = reactor.listenTCP(0, server);
  reactor.connectTCP("127.0.0.1", port.getHost().port, client);
  await runReactor(reactor);
  assertEquals(lines.sort(), [
    "attemptBegan",
    "attemptEnded",
    "bytesReceived 6",
    "bytesSent 6",
    "connectionLost",
    "connectionLost",
    "connectionMade",
    "connectionMade",
    "portClosed",
    "portOpened",
  ]);
});

Deno.test("instrument: a failed attempt is told with its reason", async () => {
  const { reactor } = makeReactor();
  const reasons: (string | undefined)[] = [];
  const client = new ClientFactory();
  client.clientConnectionFailed = () => reactor.stop();
  reactor.addInstrument({
    attemptEnded: (_connector, reason) => reasons.push(reason?.type?.name),
  });
  reactor.connectTCP("127.0.0.1", 1, client);
  await runReactor(reactor);
  assertEquals(reasons, ["ConnectionRefusedError"]);
});

Deno.test("instrument: a connection that pauses and resumes is told, each once", async () => {
  const { reactor } = makeReactor();
  const lines: string[] = [];
  class Pausing extends Protocol {
    override connectionMade(): void {
      this.transport.pauseProducing();
      this.transport.pauseProducing();
      this.transport.resumeProducing();
      this.transport.resumeProducing();
    }
  }
  const server = new Factory();
  server.protocol = Poet;
  const client = new ClientFactory();
  client.protocol = Pausing;
  client.clientConnectionLost = () => reactor.stop();
  reactor.addInstrument(noting(lines, {
    connectionPaused() {},
    connectionResumed() {},
  }));
  const port = reactor.listenTCP(0, server);
  reactor.connectTCP("127.0.0.1", port.getHost().port, client);
  await runReactor(reactor);
  assertEquals(lines, ["connectionPaused", "connectionResumed"]);
});

Deno.test("instrument: each reader and writer that is added is removed once", async () => {
  const { reactor } = makeReactor();
  const watched: string[] = [];
  const server = new Factory();
  server.protocol = Poet;
  const client = new ClientFactory();
  client.protocol = Reader;
  client.clientConnectionLost = () => reactor.stop();
  let balance = 0;
  reactor.addInstrument({
    descriptorAdded: (_descriptor, kind) => {
      watched.push(kind);
      balance++;
    },
    descriptorRemoved: () => balance--,
  });
  const port = reactor.listenTCP(0, server);
  reactor.connectTCP("127.0.0.1", port.getHost().port, client);
  await runReactor(reactor);
  assertEquals([...new Set(watched)].sort(), ["reader", "writer"]);
  assertEquals(balance, 0);
});

Deno.test("instrument: one that throws is reported and removed, and the loop goes on", async () => {
  const { reactor, errors } = makeReactor();
  const removed: string[] = [];
  let turns = 0;
  reactor.addInstrument({
    turnBegan() {
      turns++;
      throw new Error("broken");
    },
    removedFrom: () => removed.push("removed"),
  });
  reactor.callLater(0, () => reactor.callLater(0, () => reactor.stop()));
  await runReactor(reactor);
  assertEquals(turns, 1);
  assertEquals(removed, ["removed"]);
  assertEquals(errors, [
    "An instrument was removed, because it threw: Error: broken",
  ]);
});

Deno.test("instrument: one whose methods all throw is removed all the same", () => {
  const { reactor, errors } = makeReactor();
  const fail = () => {
    throw new Error("broken");
  };
  reactor.addInstrument({ addedTo: fail, removedFrom: fail, turnBegan: fail });
  reactor.callLater(1, () => {}).cancel();
  assertEquals(errors.length, 2);
});

Deno.test("instrument: one that is removed is told nothing more, and one added twice is told once", () => {
  const { reactor } = makeReactor();
  const lines: string[] = [];
  const instrument = { delayedCallAdded: () => lines.push("added") };
  reactor.addInstrument(instrument);
  reactor.addInstrument(instrument);
  reactor.callLater(1, () => {}).cancel();
  reactor.removeInstrument(instrument);
  reactor.removeInstrument(instrument);
  reactor.callLater(1, () => {}).cancel();
  assertEquals(lines, ["added"]);
});

Deno.test("instrument: one can remove itself, and others, while it is told", () => {
  const { reactor, errors } = makeReactor();
  const lines: string[] = [];
  const second: Instrument = { delayedCallAdded: () => lines.push("second") };
  const first: Instrument = {
    delayedCallAdded: () => {
      lines.push("first");
      reactor.removeInstrument(first);
      reactor.removeInstrument(second);
    },
  };
  reactor.addInstrument(first);
  reactor.addInstrument(second);
  reactor.callLater(1, () => {}).cancel();
  reactor.callLater(1, () => {}).cancel();
  assertEquals([lines, errors], [["first"], []]);
});

Deno.test("instrument: one that another removes is told nothing more of a deferred", () => {
  const { reactor } = makeReactor();
  const lines: string[] = [];
  const second: Instrument = { deferredCreated: () => lines.push("second") };
  const first: Instrument = {
    deferredCreated: () => {
      lines.push("first");
      reactor.removeInstrument(second);
    },
  };
  reactor.addInstrument(first);
  reactor.addInstrument(second);
  new Deferred();
  reactor.removeInstrument(first);
  assertEquals(lines, ["first"]);
});

Deno.test("instrument: a deferred is told when it is created, fired, runs a stage, waits and ends", () => {
  const { reactor } = makeReactor();
  const lines: string[] = [];
  const instrument: Instrument = {
    deferredCreated: () => lines.push("created"),
    deferredFired: (_d, result) => lines.push(`fired ${result}`),
    stageBegan: (_d, { side, name }) => lines.push(`${side} ${name}`),
    stageEnded: (_d, { result }) => {
      const isDeferred = result instanceof Deferred;
      lines.push(`gave ${isDeferred ? "a deferred" : result}`);
    },
    deferredWaiting: () => lines.push("waits"),
    deferredEnded: (_d, result) => lines.push(`ended ${result}`),
  };
  reactor.addInstrument(instrument);
  try {
    const inner = new Deferred<string>();
    const d = new Deferred<string>();
    d.addCallback(function ask() {
      return inner;
    }).addCallback(function shout(poem) {
      return poem.toUpperCase();
    });
    d.callback("go");
    inner.callback("poem");
  } finally {
    reactor.removeInstrument(instrument);
  }
  assertEquals(lines, [
    "created",
    "created",
    "fired go",
    "callback ask",
    "gave a deferred",
    "waits",
    "fired poem",
    "ended undefined",
    "callback shout",
    "gave POEM",
    "ended POEM",
  ]);
});

Deno.test("instrument: one that throws at a deferred is removed from its reactor, whose log has the error", () => {
  const { reactor, errors } = makeReactor();
  const lines: string[] = [];
  reactor.addInstrument({
    deferredCreated() {
      throw new Error("broken");
    },
    delayedCallAdded: () => lines.push("added"),
    removedFrom: () => lines.push("removed"),
  });
  new Deferred();
  new Deferred();
  reactor.callLater(1, () => {}).cancel();
  assertEquals(lines, ["removed"]);
  assertEquals(errors, [
    "An instrument was removed, because it threw: Error: broken",
  ]);
});

Deno.test("instrument: of an older deferred it is told no stages", () => {
  const { reactor } = makeReactor();
  const lines: string[] = [];
  const older = new Deferred<number>();
  older.addCallback((n) => n + 1);
  const instrument = noting(lines, { stageBegan() {}, deferredEnded() {} });
  reactor.addInstrument(instrument);
  older.callback(1);
  const newer = new Deferred<number>();
  newer.addCallback((n) => n + 1);
  newer.callback(2);
  reactor.removeInstrument(instrument);
  assertEquals(lines, ["stageBegan", "deferredEnded 3"]);
});

Deno.test("instrument: it may use deferreds itself, of which it is not told", () => {
  const { reactor, errors } = makeReactor();
  let told = 0;
  const instrument: Instrument = {
    deferredCreated() {
      told++;
      succeed(1).addCallback((one) => one + 1);
    },
  };
  reactor.addInstrument(instrument);
  new Deferred();
  reactor.removeInstrument(instrument);
  new Deferred();
  assertEquals([told, errors], [1, []]);
});

Deno.test("instrument: callbacks run and fail with an instrument as they do without", () => {
  const { reactor } = makeReactor();
  const instrument: Instrument = { stageBegan() {} };
  reactor.addInstrument(instrument);
  const d = new Deferred<number>();
  let text = "";
  d.addCallback((): number => {
    throw new Error("no");
  }).addErrback((failure) => {
    text = failure.getErrorMessage();
    return 3;
  }).addCallback((n) => n + 1);
  d.callback(1);
  reactor.removeInstrument(instrument);
  d.addCallback((n) => assertEquals(n, 4));
  assertStringIncludes(text, "no");
});

Deno.test("instrument: an empty list is fired and ended", () => {
  const { reactor } = makeReactor();
  const lines: string[] = [];
  const instrument: Instrument = {
    deferredFired: () => lines.push("fired"),
    deferredEnded: () => lines.push("ended"),
  };
  reactor.addInstrument(instrument);
  gatherResults([]);
  new DeferredList([]);
  reactor.removeInstrument(instrument);
  assertEquals(lines, ["fired", "ended", "fired", "ended"]);
});
