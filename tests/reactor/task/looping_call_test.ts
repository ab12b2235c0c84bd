import { assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import {
  CancelledError,
  Clock,
  Deferred,
  type Failure,
  LoopingCall,
  succeed,
} from "../../../mod.ts";
import { resultsOf, unhandledAfter } from "../../defer/support.ts";

/** A clock, a function that notes when it is called, and a loop of the two. */
function makeLoop(behaviour: (clock: Clock) => unknown = () => {}) {
  const clock = new Clock();
  const times: number[] = [];
  const loop = new LoopingCall(clock, () => {
    times.push(clock.seconds());
    return behaviour(clock);
  });
  return { clock, times, loop };
}

Deno.test("LoopingCall calls first inside start, then at every interval", () => {
  const { clock, times, loop } = makeLoop();
  loop.start(2);
  assertEquals(times, [0]);
  clock.pump([2, 2, 2]);
  assertEquals(times, [0, 2, 4, 6]);
});

Deno.test("LoopingCall.start's deferred fires with the loop when that is stopped", () => {
  const { clock, times, loop } = makeLoop();
  const results = resultsOf(loop.start(2));
  clock.advance(2);
  assertEquals(results, []);
  loop.stop();
  assertStrictEquals(results[0], loop);
  clock.advance(10);
  assertEquals(times, [0, 2]);
  assertEquals(clock.getDelayedCalls(), []);
});

Deno.test("LoopingCall.start with now=false calls first after one interval", () => {
  const { clock, times, loop } = makeLoop();
  loop.start(2, false);
  assertEquals(times, []);
  clock.pump([2, 2]);
  assertEquals(times, [2, 4]);
});

Deno.test("LoopingCall leaves out the calls that a jump of the clock passed, and stays on its grid", () => {
  const { clock, times, loop } = makeLoop();
  loop.start(2);
  clock.advance(7);
  assertEquals(times, [0, 7]);
  clock.advance(1);
  assertEquals(times, [0, 7, 8]);
});

Deno.test("LoopingCall goes on at the next point of its grid after a slow function", () => {
  const { clock, times, loop } = makeLoop((clock) => clock.advance(1.5));
  loop.start(1);
  assertEquals(clock.getDelayedCalls().map((call) => call.getTime()), [2]);
  assertEquals(times, [0]);
});

Deno.test("LoopingCall waits for a deferred, then goes on at the next point of its grid", () => {
  const d = new Deferred<void>();
  const { clock, times, loop } = makeLoop(() => d.called ? undefined : d);
  loop.start(1);
  clock.advance(2.5);
  assertEquals(times, [0]);
  d.callback();
  clock.advance(0.5);
  assertEquals(times, [0, 3]);
});

Deno.test("LoopingCall goes on strictly after a deferred that fires at a point of its grid", () => {
  const d = new Deferred<void>();
  const { clock, times, loop } = makeLoop(() => d.called ? undefined : d);
  loop.start(1);
  clock.advance(2);
  d.callback();
  clock.advance(0);
  assertEquals(times, [0]);
  clock.advance(1);
  assertEquals(times, [0, 3]);
});

Deno.test("LoopingCall waits for an async function", async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const { clock, times, loop } = makeLoop(async () => await promise);
  loop.start(1);
  clock.advance(2.5);
  assertEquals(times, [0]);
  resolve();
  // The promises of the function and of the loop each take a few microtasks.
  for (let i = 0; i < 10; i++) await Promise.resolve();
  clock.advance(0.5);
  assertEquals(times, [0, 3]);
});

Deno.test("LoopingCall ends with what the function throws", () => {
  const { clock, loop } = makeLoop((clock) => {
    if (clock.seconds() > 0) throw new RangeError("no more lines");
  });
  const results: (Failure | LoopingCall)[] = [];
  loop.start(1).addBoth((result) => void results.push(result));
  clock.advance(1);
  assertEquals(loop.running, false);
  assertEquals(clock.getDelayedCalls(), []);
  const [failure] = results;
  assertStrictEquals(
    failure && "check" in failure && failure.check(RangeError),
    RangeError,
  );
});

Deno.test("LoopingCall ends with the failure of the function's deferred", () => {
  const d = new Deferred<void>();
  const { clock, loop } = makeLoop(() => d);
  const messages: string[] = [];
  loop.start(1).addErrback((failure) =>
    void messages.push(failure.getErrorMessage())
  );
  d.errback(new Error("no more lines"));
  assertEquals(messages, ["no more lines"]);
  assertEquals(loop.running, false);
  assertEquals(clock.getDelayedCalls(), []);
});

Deno.test("LoopingCall's error is logged if nobody listens", () => {
  const messages = unhandledAfter(() => {
    const { loop } = makeLoop(() => {
      throw new Error("nobody listens");
    });
    loop.start(1);
  });
  assertEquals(messages, ["nobody listens"]);
});

Deno.test("LoopingCall stopped by its function fires its deferred after the function has returned", () => {
  const order: string[] = [];
  const clock = new Clock();
  const loop = new LoopingCall(clock, () => {
    if (clock.seconds() === 0) return;
    loop.stop();
    order.push("function returns");
  });
  loop.start(1).addCallback(() => order.push("deferred fires"));
  clock.advance(1);
  assertEquals(order, ["function returns", "deferred fires"]);
  assertEquals(clock.getDelayedCalls(), []);
});

Deno.test("LoopingCall stopped while it waits for a deferred fires its own only then", () => {
  const d = new Deferred<void>();
  const { clock, loop } = makeLoop(() => d);
  const results = resultsOf(loop.start(1));
  loop.stop();
  assertEquals(loop.running, false);
  assertEquals(results, []);
  d.callback();
  assertStrictEquals(results[0], loop);
  assertEquals(clock.getDelayedCalls(), []);
});

Deno.test("LoopingCall stopped while it waits, and started again, keeps the two runs apart", () => {
  const waits: Deferred<void>[] = [];
  const { clock, times, loop } = makeLoop(() => {
    const d = new Deferred<void>();
    waits.push(d);
    return d;
  });
  const first = resultsOf(loop.start(1));
  loop.stop();
  const second = resultsOf(loop.start(5));
  waits[0]?.callback();
  assertStrictEquals(first[0], loop);
  assertEquals(second, []);
  assertEquals(clock.getDelayedCalls(), []);
  waits[1]?.callback();
  clock.advance(5);
  assertEquals(times, [0, 0, 5]);
});

Deno.test("LoopingCall stopped while it waits, and started again, goes on when the first run fails", () => {
  const waiting = new Deferred<void>();
  const clock = new Clock();
  const times: number[] = [];
  const loop = new LoopingCall(clock, () => {
    times.push(clock.seconds());
    return times.length === 1 ? waiting : undefined;
  });
  const first = resultsOf(loop.start(1).addErrback((failure) => failure.value));
  loop.stop();
  const second = resultsOf(loop.start(1));
  const oops = new Error("oops");
  waiting.errback(oops);
  assertEquals([first, second, loop.running], [[oops], [], true]);
  clock.advance(1);
  assertEquals(times, [0, 0, 1]);
  loop.stop();
  assertEquals(second, [loop]);
});

Deno.test("LoopingCall cannot be stopped or reset when it is not running, nor started when it is", () => {
  const { loop } = makeLoop();
  assertThrows(() => loop.stop(), Error, "Cannot stop LoopingCall");
  assertThrows(() => loop.reset(), Error, "Cannot reset LoopingCall");
  loop.start(1);
  assertThrows(() => loop.start(1), Error, "Cannot start LoopingCall<1>");
  loop.stop();
  assertThrows(() => loop.stop(), Error, "it is not running");
});

Deno.test("LoopingCall.start refuses an interval that is negative or NaN", () => {
  const { loop, times } = makeLoop();
  assertThrows(() => loop.start(-1), RangeError, "0 or more seconds, got -1");
  assertThrows(() => loop.start(NaN), RangeError, "got NaN");
  assertEquals(loop.running, false);
  assertEquals(times, []);
});

Deno.test("LoopingCall.reset puts the next call off by one interval, and begins a new grid there", () => {
  const { clock, times, loop } = makeLoop();
  loop.start(5);
  clock.advance(3);
  loop.reset();
  clock.advance(4);
  assertEquals(times, [0]);
  clock.advance(1);
  assertEquals(times, [0, 8]);
  clock.advance(5);
  assertEquals(times, [0, 8, 13]);
});

Deno.test("LoopingCall.reset moves the whole grid, not only the next call", () => {
  const { clock, times, loop } = makeLoop();
  loop.start(10);
  clock.advance(3);
  loop.reset();
  clock.pump(Array(30).fill(1));
  assertEquals(times, [0, 13, 23, 33]);
});

Deno.test("LoopingCall.interval can be set, and holds from the next call on", () => {
  const { clock, times, loop } = makeLoop();
  loop.interval = 7;
  assertEquals(String(loop), "LoopingCall<7>(anonymous function)");
  loop.start(2);
  assertEquals(loop.interval, 2);
  loop.interval = 3;
  clock.pump([2, 1, 1, 1, 1, 3]);
  assertEquals(times, [0, 2, 3, 6, 9]);
  loop.interval = 5;
  loop.reset();
  clock.pump([4, 1]);
  assertEquals(times.slice(5), [14]);
});

Deno.test("LoopingCall.interval refuses what start refuses, and stays", () => {
  const { loop } = makeLoop();
  loop.interval = 2;
  for (const interval of [-1, NaN]) {
    assertThrows(
      () => loop.interval = interval,
      RangeError,
      `got ${interval}`,
    );
  }
  assertEquals(loop.interval, 2);
});

Deno.test("LoopingCall.reset inside the function changes nothing", () => {
  const clock = new Clock();
  const times: number[] = [];
  const loop = new LoopingCall(clock, () => {
    times.push(clock.seconds());
    loop.reset();
  });
  loop.start(2);
  clock.pump([3, 1]);
  assertEquals(times, [0, 3, 4]);
});

Deno.test("LoopingCall.withCount counts 1 at the first call, with now=true", () => {
  const counts: number[] = [];
  const clock = new Clock();
  LoopingCall.withCount(clock, (count) => counts.push(count)).start(1);
  assertEquals(counts, [1]);
});

Deno.test("LoopingCall.withCount counts the intervals since the last call", () => {
  const counts: number[] = [];
  const clock = new Clock();
  LoopingCall.withCount(clock, (count) => counts.push(count)).start(1);
  clock.advance(3.5);
  assertEquals(counts, [1, 3]);
  clock.advance(0.5);
  assertEquals(counts, [1, 3, 1]);
});

Deno.test("LoopingCall.withCount counts from the start, with now=false", () => {
  const counts: number[] = [];
  const clock = new Clock();
  LoopingCall.withCount(clock, (count) => counts.push(count)).start(1, false);
  clock.advance(2.5);
  assertEquals(counts, [2]);
});

Deno.test("LoopingCall.withCount leaves a call out where the count is 0", () => {
  const counts: number[] = [];
  const clock = new Clock();
  // Sums of 0.1 fall short of some multiples of it.
  LoopingCall.withCount(clock, (count) => counts.push(count)).start(0.1, false);
  for (let i = 0; i < 100; i++) clock.advance(0.1);
  assertEquals(counts.includes(0), false);
  assertEquals(counts.includes(2), true);
});

Deno.test("LoopingCall.withCount always counts 1 with an interval of 0", () => {
  const counts: number[] = [];
  const clock = new Clock();
  const loop = LoopingCall.withCount(clock, (count) => {
    counts.push(count);
    if (counts.length === 3) loop.stop();
  });
  loop.start(0);
  clock.advance(7);
  assertEquals(counts, [1, 1, 1]);
});

Deno.test("LoopingCall with an interval of 0 calls again and again in a single advance", () => {
  const { clock, times, loop } = makeLoop(() => {
    if (times.length === 100) loop.stop();
  });
  loop.start(0);
  assertEquals(times.length, 1);
  clock.advance(0);
  assertEquals(times.length, 100);
  assertEquals(loop.running, false);
});

Deno.test("LoopingCall can be started again after a stop, with a new deferred", () => {
  const { clock, times, loop } = makeLoop();
  const first = loop.start(1);
  loop.stop();
  clock.advance(10);
  const second = loop.start(3);
  assertEquals(first === second, false);
  clock.advance(3);
  assertEquals(times, [0, 10, 13]);
  assertEquals(loop.interval, 3);
});

Deno.test("LoopingCall goes on when the deferred of start is cancelled", () => {
  const { clock, times, loop } = makeLoop();
  const d = loop.start(1);
  const cancelled: unknown[] = [];
  d.addErrback((failure) => void cancelled.push(failure.check(CancelledError)));
  d.cancel();
  assertEquals(cancelled, [CancelledError]);
  assertEquals(loop.running, true);
  clock.advance(1);
  assertEquals(times, [0, 1]);
  loop.stop();
});

Deno.test("LoopingCall's error is logged if the deferred of start was cancelled", () => {
  const messages = unhandledAfter(() => {
    const { clock, loop } = makeLoop((clock) => {
      if (clock.seconds() > 0) throw new Error("after the cancel");
    });
    const d = loop.start(1);
    d.addErrback(() => {});
    d.cancel();
    clock.advance(1);
    assertEquals(loop.running, false);
  });
  assertEquals(messages, ["after the cancel"]);
});

Deno.test("LoopingCall prints its interval, its function and the arguments", () => {
  function beat(_times: number, _what: string, _after: () => void) {}
  const loop = new LoopingCall(
    new Clock(),
    beat,
    5,
    "a drum",
    function end() {},
  );
  assertEquals(String(loop), 'LoopingCall<undefined>(beat, 5, "a drum", end)');
  loop.start(1);
  assertEquals(String(loop), 'LoopingCall<1>(beat, 5, "a drum", end)');
  const counting = LoopingCall.withCount(new Clock(), function count() {});
  assertEquals(String(counting), "LoopingCall<undefined>(count)");
});

Deno.test("LoopingCall calls its function with the arguments", () => {
  const lines: string[] = [];
  const say = (line: string, times: number) => lines.push(line.repeat(times));
  const loop = new LoopingCall(new Clock(), say, "la", 3);
  loop.start(1);
  assertEquals(lines, ["lalala"]);
  // @ts-expect-error -- the arguments are those of the function
  new LoopingCall(new Clock(), say, "la");
});

Deno.test("LoopingCall takes another clock before it starts", () => {
  const { clock, times, loop } = makeLoop();
  const other = new Clock();
  loop.clock = other;
  loop.start(1);
  clock.advance(5);
  assertEquals(times.length, 1);
  other.advance(1);
  assertEquals(times.length, 2);
});

Deno.test("LoopingCall refuses what is no clock and what is no function", () => {
  const fn = function beat() {};
  assertThrows(
    // @ts-expect-error -- the clock comes first
    () => new LoopingCall(fn),
    TypeError,
    "LoopingCall: clock must be an object with a callLater, like a reactor, got a Function",
  );
  assertThrows(
    // @ts-expect-error -- a string cannot be called
    () => new LoopingCall(new Clock(), "beat"),
    TypeError,
    'LoopingCall: fn must be a function, got the string "beat"',
  );
});

Deno.test("LoopingCall over a function whose deferreds have fired does not grow the stack", () => {
  const { clock, times, loop } = makeLoop(() => {
    if (times.length === 10_000) loop.stop();
    return succeed("at once");
  });
  loop.start(0);
  clock.advance(0);
  assertEquals(times.length, 10_000);
});
