import {
  assert,
  assertEquals,
  assertFalse,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import {
  type Backend,
  ClientFactory,
  Clock,
  createMemoryBackend,
  Deferred,
  Factory,
  Protocol,
  Reactor,
  ReactorAlreadyRunning,
  ReactorNotRestartable,
  ReactorNotRunning,
  runtimeBackend,
} from "../../mod.ts";
import {
  closeDescriptor,
  openDescriptor,
} from "../../reactor/loop/descriptors.ts";
import {
  makeFrozenReactor,
  makeReactor,
  runReactor,
  runWith,
  turns,
} from "../support/reactors.ts";

function boom(): never {
  throw new Error("boom");
}

// --- Stopping

Deno.test("a reactor cannot be stopped before it runs, and runs all the same", async () => {
  const { reactor } = makeReactor();
  assertThrows(() => reactor.stop(), ReactorNotRunning);
  await runWith(reactor, () => assert(reactor.running));
});

Deno.test("a reactor cannot be stopped twice, nor while or after it stops", async () => {
  const { reactor, errors } = makeReactor();
  for (const phase of ["before", "during", "after"] as const) {
    reactor.addSystemEventTrigger(phase, "shutdown", () => {
      assertThrows(() => reactor.stop(), ReactorNotRunning);
    });
  }
  reactor.callWhenRunning(() => {
    reactor.stop();
    assertThrows(() => reactor.stop(), ReactorNotRunning);
  });
  await runReactor(reactor);
  assertThrows(() => reactor.stop(), ReactorNotRunning);
  assertEquals(errors, []);
});

Deno.test("stop leaves the reactor running until the shutdown", async () => {
  const { reactor } = makeReactor();
  const seen: string[] = [];
  const look = (when: string) => seen.push(`${when} ${reactor.running}`);
  look("new");
  for (const event of ["startup", "shutdown"]) {
    for (const phase of ["before", "during", "after"] as const) {
      reactor.addSystemEventTrigger(phase, event, look, `${phase} ${event}`);
    }
  }
  reactor.callLater(0, () => {
    reactor.stop();
    look("stopped");
  });
  await runReactor(reactor);
  look("run");
  assertEquals(seen, [
    "new false",
    "before startup false",
    "during startup true",
    "after startup true",
    "stopped true",
    "before shutdown true",
    "during shutdown false",
    "after shutdown false",
    "run false",
  ]);
});

Deno.test("run gives nothing", async () => {
  const { reactor } = makeReactor();
  reactor.callWhenRunning(() => reactor.stop());
  assertEquals(await reactor.run({ installSignalHandlers: false }), undefined);
});

Deno.test("a reactor that is stopped as it starts still makes what is due", async () => {
  const { reactor } = makeReactor();
  const order: string[] = [];
  reactor.addSystemEventTrigger("before", "startup", () => reactor.stop());
  reactor.callWhenRunning(() => order.push("when running"));
  reactor.callLater(0, () => order.push("due"));
  await runReactor(reactor);
  assertEquals(order, ["when running", "due"]);
});

Deno.test("stop in a timer lets the others that are due be made first", async () => {
  const { reactor, time } = makeFrozenReactor();
  const order: string[] = [];
  reactor.callLater(1, () => {
    order.push("stop");
    reactor.stop();
    reactor.callLater(0, () => order.push("too late"));
    reactor.callFromThread(() => order.push("too late"));
  });
  reactor.callLater(2, () => order.push("due"));
  reactor.addSystemEventTrigger(
    "during",
    "shutdown",
    () => order.push("shutdown"),
  );
  reactor.callWhenRunning(() => time.advance(2));
  await runReactor(reactor);
  assertEquals(order, ["stop", "due", "shutdown"]);
  assertEquals(reactor.getDelayedCalls().length, 1);
});

Deno.test("stop on I/O lets what is asked for right behind it be done before the shutdown", async () => {
  const { reactor } = makeReactor();
  const order: string[] = [];
  class Stopping extends Protocol {
    override connectionMade(): void {
      reactor.stop();
      reactor.callLater(0, () => order.push("timer"));
      reactor.callFromThread(() => order.push("call"));
    }
  }
  const port = reactor.listenTCP(0, Factory.forProtocol(Stopping));
  const client = ClientFactory.forProtocol(Protocol);
  reactor.connectTCP("localhost", port.getHost().port, client);
  reactor.addSystemEventTrigger(
    "before",
    "shutdown",
    () => order.push("shutdown"),
  );
  await runReactor(reactor);
  assertEquals(order, ["call", "timer", "shutdown"]);
});

Deno.test("timers go on while something holds the shutdown up", async () => {
  const { reactor, errors } = makeReactor();
  const order: string[] = [];
  const finished = new Deferred<void>();
  reactor.addSystemEventTrigger("before", "shutdown", () => finished);
  reactor.addSystemEventTrigger(
    "during",
    "shutdown",
    () => order.push("shutdown"),
  );
  reactor.callWhenRunning(() => {
    reactor.stop();
    reactor.callLater(0.001, () => {
      order.push(`timer ${reactor.running}`);
      finished.callback();
    });
  });
  await runReactor(reactor);
  assertEquals(order, ["timer true", "shutdown"]);
  assertEquals(errors, []);
});

Deno.test("a startup that is held up holds up who waits for it, but not the timers", async () => {
  const { reactor } = makeReactor();
  const order: string[] = [];
  const ready = new Deferred<void>();
  reactor.addSystemEventTrigger("before", "startup", () => ready);
  reactor.callWhenRunning(() => {
    order.push(`started ${reactor.running}`);
    reactor.stop();
  });
  reactor.callLater(0, () => {
    order.push(`timer ${reactor.running}`);
    ready.callback();
  });
  await runReactor(reactor);
  assertEquals(order, ["timer false", "started true"]);
});

Deno.test("a reactor can be stopped while its startup is held up", async () => {
  const { reactor } = makeReactor();
  const order: string[] = [];
  reactor.addSystemEventTrigger("before", "startup", () => new Deferred());
  reactor.callWhenRunning(() => order.push("started"));
  reactor.addSystemEventTrigger(
    "during",
    "shutdown",
    () => order.push("shutdown"),
  );
  reactor.callLater(0, () => reactor.stop());
  await runReactor(reactor);
  assertEquals(order, ["shutdown"]);
});

Deno.test("a shutdown that is fired by hand ends the run as well", async () => {
  const { reactor } = makeReactor();
  const order: string[] = [];
  reactor.addSystemEventTrigger(
    "after",
    "shutdown",
    () => order.push("shutdown"),
  );
  reactor.callWhenRunning(() => reactor.fireSystemEvent("shutdown"));
  await runReactor(reactor);
  assertEquals(order, ["shutdown"]);
});

// --- Running again

Deno.test("a reactor that runs cannot be run, not even while it stops", async () => {
  const { reactor, errors } = makeReactor();
  let refused = 0;
  const runAgain = () =>
    assertRejects(() => reactor.run(), ReactorAlreadyRunning)
      .then(() => refused++);
  for (const phase of ["before", "during", "after"] as const) {
    reactor.addSystemEventTrigger(phase, "startup", runAgain);
    reactor.addSystemEventTrigger(phase, "shutdown", runAgain);
  }
  await runWith(reactor, runAgain);
  assertEquals([refused, errors.length], [7, 0]);
});

Deno.test("a reactor that was stopped cannot be run again", async () => {
  const { reactor } = makeReactor();
  await runWith(reactor, () => {});
  await assertRejects(() => reactor.run(), ReactorNotRestartable);
  assertFalse(reactor.running);
});

Deno.test("a reactor whose backend is missing can be run when there is one", async () => {
  const given: { backend?: Backend } = {};
  const reactor = new Reactor({ backend: () => given.backend ?? boom() });
  await assertRejects(() => reactor.run(), Error, "boom");
  assertFalse(reactor.running);
  given.backend = createMemoryBackend();
  await runWith(reactor, () => assert(reactor.running));
});

// --- Crashing

Deno.test("crash ends the loop at once, without a shutdown", async () => {
  const { reactor } = makeReactor();
  const order: string[] = [];
  reactor.addSystemEventTrigger(
    "before",
    "shutdown",
    () => order.push("shutdown"),
  );
  reactor.callLater(0, () => {
    reactor.crash();
    order.push(`crashed ${reactor.running}`);
  });
  reactor.callLater(0, () => order.push("same pass"));
  await runReactor(reactor);
  assertEquals(order, ["crashed false", "same pass"]);
});

Deno.test("a reactor that has crashed can be run again, and again", async () => {
  const { reactor } = makeReactor();
  const seen: string[] = [];
  for (const run of [1, 2, 3]) {
    reactor.callWhenRunning(() => {
      seen.push(`${run} ${reactor.running}`);
      reactor.crash();
      reactor.crash();
    });
    await runReactor(reactor);
  }
  await runWith(reactor, () => seen.push(`4 ${reactor.running}`));
  assertEquals(seen, ["1 true", "2 true", "3 true", "4 true"]);
});

for (const phase of ["before", "during", "after"] as const) {
  Deno.test(`a reactor that crashes ${phase} its startup is not running, and can be run again`, async () => {
    const { reactor } = makeReactor();
    reactor.addSystemEventTrigger(phase, "startup", () => reactor.crash());
    await runReactor(reactor);
    assertFalse(reactor.running);
    await runWith(reactor, () => assert(reactor.running));
  });
}

Deno.test("crash does nothing to a reactor that does not run", async () => {
  const { reactor } = makeReactor();
  reactor.crash();
  await runWith(reactor, () => assert(reactor.running));
  reactor.crash();
  await assertRejects(() => reactor.run(), ReactorNotRestartable);
});

Deno.test("stop after a crash says nothing, but is the end", async () => {
  const { reactor } = makeReactor();
  reactor.callWhenRunning(() => reactor.crash());
  await runReactor(reactor);
  reactor.stop();
  await assertRejects(() => reactor.run(), ReactorNotRestartable);
});

Deno.test("what waited when the reactor crashed is done in the next run", async () => {
  const { reactor, time } = makeFrozenReactor();
  const order: string[] = [];
  reactor.callWhenRunning(() => {
    reactor.crash();
    reactor.callFromThread(() => order.push("call"));
    reactor.callLater(1, () => order.push("timer"));
  });
  await runReactor(reactor);
  time.advance(1);
  assertEquals(order, []);
  await runWith(reactor, () => turns(reactor, 2));
  assertEquals(order, ["call", "timer"]);
});

Deno.test("a shutdown that is held up can be ended by a crash", async () => {
  const { reactor } = makeReactor();
  const never = new Deferred<void>();
  reactor.addSystemEventTrigger("before", "shutdown", () => never);
  reactor.callWhenRunning(() => {
    reactor.stop();
    reactor.callLater(0, () => reactor.callLater(0, () => reactor.crash()));
  });
  await runReactor(reactor);
  assertFalse(reactor.running);
  await assertRejects(() => reactor.run(), ReactorNotRestartable);
});

// --- callWhenRunning and callFromThread

Deno.test("callWhenRunning waits for the startup, and gives a trigger to take it back", async () => {
  const { reactor } = makeReactor();
  const order: string[] = [];
  reactor.callWhenRunning(
    (...args: number[]) => order.push(`first ${args}`),
    1,
    2,
  );
  reactor.addSystemEventTrigger("after", "startup", () => order.push("second"));
  const trigger = reactor.callWhenRunning(() => order.push("taken back"));
  reactor.callWhenRunning(() => order.push("third"));
  if (trigger !== undefined) reactor.removeSystemEventTrigger(trigger);
  assertEquals(order, []);
  await runWith(reactor, () => {});
  assertEquals(order, ["first 1,2", "second", "third"]);
});

Deno.test("callWhenRunning in a reactor that runs calls at once, and lets errors out", async () => {
  const { reactor } = makeReactor();
  await runWith(reactor, () => {
    const sum: number[] = [];
    const add = (a: number, b: number) => sum.push(a + b);
    assertEquals(reactor.callWhenRunning(add, 1, 2), undefined);
    assertEquals(sum, [3]);
    assertThrows(() => reactor.callWhenRunning(boom), Error, "boom");
  });
});

Deno.test("callFromThread never calls at once, and wakes the loop", async () => {
  const { reactor } = makeFrozenReactor();
  const order: string[] = [];
  await runWith(reactor, async () => {
    // By now the loop sleeps, and no time will ever wake it.
    await new Promise<void>((resolve) => reactor.backend.nextTurn(resolve));
    reactor.callFromThread((line: string) => order.push(line), "called");
    order.push("returned");
    await turns(reactor, 1);
  });
  assertEquals(order, ["returned", "called"]);
});

Deno.test("what is no function is refused at once", () => {
  const { reactor } = makeReactor();
  const wrong = "text" as unknown as () => void;
  assertThrows(() => reactor.callFromThread(wrong), TypeError);
  assertThrows(() => reactor.callWhenRunning(wrong), TypeError);
  assertThrows(() => reactor.callLater(0, wrong), TypeError);
  assertThrows(
    () => reactor.addSystemEventTrigger("before", "x", wrong),
    TypeError,
  );
});

Deno.test("a delayed call must not be due in the past", () => {
  const { reactor } = makeReactor();
  assertThrows(() => reactor.callLater(-0.001, () => {}), RangeError);
  assertThrows(() => reactor.callLater(NaN, () => {}), RangeError);
  assertEquals(reactor.getDelayedCalls(), []);
});

// --- Turns and errors

Deno.test("a turn makes the calls from outside, then the timers, then the shutdown", async () => {
  const { reactor } = makeReactor();
  const order: string[] = [];
  reactor.callLater(0, () => order.push("timer"));
  reactor.callFromThread(() => order.push("call"));
  reactor.addSystemEventTrigger(
    "before",
    "shutdown",
    () => order.push("shutdown"),
  );
  reactor.callWhenRunning(() => reactor.stop());
  await runReactor(reactor);
  assertEquals(order, ["call", "timer", "shutdown"]);
});

Deno.test("what a turn adds has to wait for the next one", async () => {
  const { reactor } = makeReactor();
  const order: string[] = [];
  reactor.callFromThread(() => {
    reactor.callFromThread(() => order.push("second call"));
    order.push("first call");
  });
  reactor.callLater(0, () => {
    reactor.callLater(0, () => order.push("second timer"));
    order.push("first timer");
  });
  await runWith(reactor, () => turns(reactor, 4));
  assertEquals(order, [
    "first call",
    "first timer",
    "second call",
    "second timer",
  ]);
});

Deno.test("an error in a callback is logged, and everything goes on", async () => {
  const { reactor, errors } = makeReactor();
  const order: string[] = [];
  reactor.addSystemEventTrigger("before", "startup", boom);
  reactor.callWhenRunning(boom);
  reactor.callWhenRunning(() => order.push("started"));
  reactor.callFromThread(boom);
  reactor.callFromThread(() => order.push("called"));
  reactor.callLater(0, boom);
  reactor.callLater(0, () => order.push("later"));
  reactor.addSystemEventTrigger("during", "shutdown", boom);
  reactor.addSystemEventTrigger(
    "after",
    "shutdown",
    () => order.push("stopped"),
  );
  await runWith(reactor, () => turns(reactor, 2));
  assertEquals(order, ["started", "called", "later", "stopped"]);
  assertEquals(errors, [
    "Unhandled error in a trigger before startup: Error: boom",
    "Unhandled error in a trigger after startup: Error: boom",
    "Unhandled error in a function called from outside the loop: Error: boom",
    "Unhandled error in DelayedCall(boom): Error: boom",
    "Unhandled error in a trigger during shutdown: Error: boom",
  ]);
});

Deno.test("a promise that a callback returned and that is rejected is logged", async () => {
  const { reactor, errors } = makeReactor();
  const rejecting = () => Promise.reject(new Error("boom"));
  reactor.callWhenRunning(rejecting);
  reactor.callFromThread(rejecting);
  reactor.callLater(0, rejecting);
  await runWith(reactor, () => turns(reactor, 3));
  assertEquals(errors.length, 3);
});

// --- Descriptors of a reactor that does not run

class Asked {
  times = 0;
  readonly #fileno: number = openDescriptor({
    pollRead: () => void this.times++,
    pollWrite() {},
  });

  fileno(): number {
    return this.#fileno;
  }

  logPrefix(): string {
    return "Asked";
  }

  doRead(): void {}

  connectionLost(): void {}

  [Symbol.dispose](): void {
    closeDescriptor(this.#fileno);
  }
}

Deno.test("a reader that is added after a crash is asked in the next run", async () => {
  const { reactor } = makeReactor();
  using reader = new Asked();
  reactor.callWhenRunning(() => reactor.crash());
  await runReactor(reactor);
  reactor.addReader(reader);
  assertEquals(reader.times, 0);
  await runWith(reactor, () => assertEquals(reader.times, 1));
});

Deno.test("a reader that is added once the reactor has shut down is asked nothing", async () => {
  const { reactor } = makeReactor();
  using reader = new Asked();
  reactor.addSystemEventTrigger("after", "shutdown", () => {
    reactor.addReader(reader);
  });
  await runWith(reactor, () => {});
  assertEquals([reader.times, reactor.getReaders().length], [0, 1]);
});

// --- Sleeping, in a time that stands still

Deno.test("a call for a time that comes sooner wakes the loop in time", async () => {
  const { reactor, time } = makeFrozenReactor();
  const order: string[] = [];
  reactor.callLater(100, () => order.push("later"));
  await runWith(reactor, async () => {
    await turns(reactor, 2);
    // From a promise, while the loop sleeps.
    reactor.callLater(5, () => order.push("sooner"));
    await turns(reactor, 2);
    time.advance(5);
    await turns(reactor, 2);
    assertEquals(order, ["sooner"]);
  });
});

Deno.test("a call for a time that comes sooner wakes a loop that nothing else wakes", async () => {
  const { reactor, time } = makeFrozenReactor();
  const { nextTurn } = reactor.backend;
  const pass = () => new Promise<void>((resolve) => nextTurn(resolve));
  const order: string[] = [];
  reactor.callLater(100, () => order.push("later"));
  const over = runReactor(reactor);
  for (let passes = 0; passes < 5; passes++) await pass();
  reactor.callLater(5, () => order.push("sooner"));
  for (let passes = 0; passes < 5; passes++) await pass();
  time.advance(5);
  for (let passes = 0; passes < 5; passes++) await pass();
  assertEquals(order, ["sooner"]);
  reactor.stop();
  await over;
});

Deno.test("a run leaves no alarm behind, however often a sooner one was needed", async () => {
  const { reactor, time } = makeFrozenReactor();
  await runWith(reactor, async () => {
    for (const seconds of [100, 10, 1]) {
      await turns(reactor, 2);
      reactor.callLater(seconds, () => {});
    }
    await turns(reactor, 2);
    assertEquals(time.getDelayedCalls().map((it) => it.getTime()), [1]);
  });
  assertEquals(time.getDelayedCalls(), []);
});

Deno.test("the delayed calls of a reactor with a clock are those of the clock", () => {
  const clock = new Clock();
  const { reactor } = makeReactor({ clock });
  const later = reactor.callLater(2, () => {});
  const sooner = clock.callLater(1, () => {});
  assertEquals(reactor.getDelayedCalls(), [sooner, later]);
});

Deno.test("a call that is moved to a sooner time wakes the loop in time", async () => {
  const { reactor, time } = makeFrozenReactor();
  let calls = 0;
  await runWith(reactor, async () => {
    const call = reactor.callLater(100, () => calls++);
    await turns(reactor, 2);
    call.reset(5);
    await turns(reactor, 2);
    time.advance(5);
    await turns(reactor, 2);
    assertEquals(calls, 1);
  });
});

Deno.test("a call in the far future is not made early", async () => {
  const { reactor, time } = makeFrozenReactor();
  const years = 100 * 365 * 24 * 60 * 60;
  let calls = 0;
  await runWith(reactor, async () => {
    reactor.callLater(years, () => calls++);
    for (let day = 0; day < 30; day++) {
      time.advance(24 * 60 * 60);
      await turns(reactor, 2);
    }
    assertEquals(calls, 0);
    time.advance(years);
    await turns(reactor, 2);
    assertEquals(calls, 1);
  });
});

Deno.test("a reactor with nothing to do sets one alarm, and does nothing", async () => {
  const memory = createMemoryBackend();
  const asked = { alarms: 0, turns: 0 };
  const backend: Backend = {
    ...memory,
    setAlarm: (...args) => (asked.alarms++, memory.setAlarm(...args)),
    nextTurn: (fn) => (asked.turns++, memory.nextTurn(fn)),
  };
  const { reactor } = makeReactor({ backend });
  await runWith(reactor, async () => {
    await turns(reactor, 2);
    const before = asked.turns;
    for (let turn = 0; turn < 20; turn++) {
      await new Promise<void>((resolve) => memory.nextTurn(resolve));
    }
    assertEquals([asked.alarms, asked.turns], [1, before]);
  });
});

Deno.test("the time is the epoch's, and never goes back", () => {
  const { reactor } = makeReactor();
  assert(Math.abs(reactor.seconds() - Date.now() / 1000) < 60);
  let last = reactor.seconds();
  for (let i = 0; i < 1000; i++) {
    const now = reactor.seconds();
    assert(now >= last);
    last = now;
  }
});

Deno.test("a rejection of what callWhenRunning calls is logged, before and while the reactor runs", async () => {
  const { reactor, errors } = makeReactor();
  const failing = async () => {
    await undefined;
    boom();
  };
  reactor.callWhenRunning(failing);
  await runWith(reactor, async () => {
    reactor.callWhenRunning(failing);
    await turns(reactor, 3);
  });
  assertEquals(errors, [
    "Unhandled error in a trigger after startup: Error: boom",
    "Unhandled error in a function called at once: Error: boom",
  ]);
});

Deno.test("whoever runs a stopped reactor again is told how to make another", async () => {
  const { reactor } = makeReactor();
  await runWith(reactor, () => {});
  const error = await assertRejects(() => reactor.run(), ReactorNotRestartable);
  assertStringIncludes(
    error.message,
    "new Reactor({ backend: runtimeBackend })",
  );
  await runWith(new Reactor({ backend: runtimeBackend }), () => {});
});

Deno.test("two reactors run beside each other, each for itself", async () => {
  const one = makeReactor().reactor;
  const other = makeReactor().reactor;
  const order: string[] = [];
  one.callLater(0, () => {
    order.push("one");
    one.stop();
  });
  const both = Promise.all([runReactor(one), runReactor(other)]);
  other.callWhenRunning(async () => {
    while (one.running) await turns(other, 1);
    order.push("other");
    other.stop();
  });
  await both;
  assertEquals(order, ["one", "other"]);
});
