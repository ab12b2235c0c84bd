import { assertEquals, assertStringIncludes } from "@std/assert";
import {
  ClientFactory,
  Deferred,
  Factory,
  type Instrument,
  Protocol,
  succeed,
} from "../../../mod.ts";
import { makeReactor, runReactor } from "../../support/reactors.ts";

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

Deno.test("instrument: triggers are calls with a phase and an event", async () => {
  const { reactor } = makeReactor();
  const names: string[] = [];
  reactor.addInstrument({
    callBegan: ({ kind, name }) => {
      if (kind === "trigger") names.push(name);
    },
  });
  reactor.addSystemEventTrigger("before", "shutdown", () => {});
  reactor.callWhenRunning(() => reactor.stop());
  await runReactor(reactor);
  assertEquals(names, ["after startup", "before shutdown"]);
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
  assertEquals([lines[0], lines.length <= 2, errors], ["first", true, []]);
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
