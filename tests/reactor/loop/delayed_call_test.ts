import { assert, assertEquals, assertFalse, assertThrows } from "@std/assert";
import {
  AlreadyCalled,
  AlreadyCancelled,
  Clock,
  type DelayedCall,
  type ReactorTime,
} from "../../../mod.ts";
import { makeFrozenReactor, runWith, turns } from "../../support/reactors.ts";

/** Something that keeps time, and how to let some pass. */
interface Timekeeper {
  time: ReactorTime;
  advance(seconds: number): Promise<void>;
}

type Body = (keeper: Timekeeper) => Promise<void>;

/** Defines a test twice: for a `Clock`, and for a reactor's own timers. */
function test(name: string, body: Body): void {
  Deno.test(`DelayedCall of a Clock: ${name}`, async () => {
    const time = new Clock();
    await body({
      time,
      advance: (seconds) => Promise.resolve(time.advance(seconds)),
    });
  });
  Deno.test(`DelayedCall of a reactor: ${name}`, async () => {
    const { reactor, time, errors } = makeFrozenReactor();
    await runWith(reactor, () =>
      body({
        time: reactor,
        async advance(seconds) {
          time.advance(seconds);
          await turns(reactor, 3);
        },
      }));
    assertEquals(errors, []);
  });
}

test("a call is made when its time has come, with its arguments", async ({ time, advance }) => {
  const lines: string[] = [];
  const add = (line: string, times: number) => lines.push(line.repeat(times));
  const call = time.callLater(2, add, "line ", 2);
  await advance(1.5);
  assertEquals(lines, []);
  assert(call.active());
  await advance(0.5);
  assertEquals(lines, ["line line "]);
  assertFalse(call.active());
  assertEquals([call.called, call.cancelled], [true, false]);
});

test("a call is never made before callLater returns", async ({ time, advance }) => {
  let calls = 0;
  time.callLater(0, () => calls++);
  assertEquals(calls, 0);
  await advance(0);
  assertEquals(calls, 1);
});

test("calls are made in the order of their times", async ({ time, advance }) => {
  const order: number[] = [];
  for (const seconds of [3, 1, 2, 0, 5, 4]) {
    time.callLater(seconds, () => order.push(seconds));
  }
  await advance(10);
  assertEquals(order, [0, 1, 2, 3, 4, 5]);
});

test("calls for the same time are made first come, first served", async ({ time, advance }) => {
  const order: number[] = [];
  for (let i = 0; i < 50; i++) time.callLater(1, () => order.push(i));
  await advance(1);
  assertEquals(order, Array.from({ length: 50 }, (_, i) => i));
});

test("a call that is cancelled is not made", async ({ time, advance }) => {
  let calls = 0;
  const call = time.callLater(1, () => calls++);
  call.cancel();
  assertFalse(call.active());
  assertEquals([call.called, call.cancelled], [false, true]);
  assertEquals(time.getDelayedCalls(), []);
  await advance(2);
  assertEquals(calls, 0);
});

test("a call that was made or cancelled can no longer be changed", async ({ time, advance }) => {
  const changes: ((call: DelayedCall) => void)[] = [
    (call) => call.cancel(),
    (call) => call.reset(1),
    (call) => call.delay(1),
  ];
  const made = time.callLater(1, () => {});
  const cancelled = time.callLater(1, () => {});
  cancelled.cancel();
  await advance(1);
  for (const change of changes) {
    assertThrows(() => change(made), AlreadyCalled);
    assertThrows(() => change(cancelled), AlreadyCancelled);
  }
});

test("a call counts as made within its own function", async ({ time, advance }) => {
  const seen: unknown[] = [];
  const call: DelayedCall = time.callLater(1, () => {
    seen.push(call.active(), call.called, time.getDelayedCalls().length);
    assertThrows(() => call.cancel(), AlreadyCalled);
  });
  await advance(1);
  assertEquals(seen, [false, true, 0]);
});

test("getTime tells when a call is due, delays included, also afterwards", async ({ time, advance }) => {
  const start = time.seconds();
  const call = time.callLater(3, () => {});
  assertEquals(call.getTime(), start + 3);
  call.delay(2);
  assertEquals(call.getTime(), start + 5);
  await advance(1);
  call.reset(2);
  assertEquals(call.getTime(), start + 3);
  call.cancel();
  assertEquals(call.getTime(), start + 3);
});

test("reset counts from now, later or sooner", async ({ time, advance }) => {
  const order: string[] = [];
  const later = time.callLater(2, () => order.push("later"));
  const sooner = time.callLater(9, () => order.push("sooner"));
  await advance(1);
  later.reset(3);
  sooner.reset(1);
  await advance(1);
  assertEquals(order, ["sooner"]);
  await advance(1.9);
  assertEquals(order, ["sooner"]);
  await advance(0.1);
  assertEquals(order, ["sooner", "later"]);
});

test("a reset to the past is due at once", async ({ time, advance }) => {
  let calls = 0;
  const call = time.callLater(9, () => calls++);
  call.reset(-5);
  assertEquals(calls, 0);
  await advance(0);
  assertEquals(calls, 1);
});

test("delay counts from when the call was due, later or sooner", async ({ time, advance }) => {
  const order: string[] = [];
  const later = time.callLater(2, () => order.push("later"));
  const sooner = time.callLater(9, () => order.push("sooner"));
  await advance(1);
  later.delay(3);
  sooner.delay(-7.5);
  await advance(0.5);
  assertEquals(order, ["sooner"]);
  await advance(3.4);
  assertEquals(order, ["sooner"]);
  await advance(0.1);
  assertEquals(order, ["sooner", "later"]);
});

test("a call that is moved to the time of another comes after it", async ({ time, advance }) => {
  const order: string[] = [];
  const first = time.callLater(1, () => order.push("first"));
  time.callLater(1, () => order.push("second"));
  first.reset(1);
  await advance(1);
  assertEquals(order, ["second", "first"]);
});

test("a call can cancel another that is due in the same pass", async ({ time, advance }) => {
  const order: string[] = [];
  time.callLater(1, () => {
    order.push("canceller");
    other.cancel();
  });
  const other = time.callLater(1, () => order.push("cancelled"));
  await advance(2);
  assertEquals(order, ["canceller"]);
});

test("a call can put off another that is due in the same pass", async ({ time, advance }) => {
  const order: string[] = [];
  time.callLater(1, () => {
    order.push("first");
    other.reset(1);
  });
  const other = time.callLater(1, () => order.push("put off"));
  await advance(1);
  assertEquals(order, ["first"]);
  await advance(1);
  assertEquals(order, ["first", "put off"]);
});

test("getDelayedCalls gives the calls that are to come, in their order", async ({ time, advance }) => {
  const first = () => {};
  const second = () => {};
  const third = () => {};
  const names = () => time.getDelayedCalls().map(String);
  const lastCall = time.callLater(3, third);
  time.callLater(1, first);
  const middleCall = time.callLater(2, second);
  time.callLater(1, () => {}).cancel();
  assertEquals(names(), [
    "DelayedCall(first)",
    "DelayedCall(second)",
    "DelayedCall(third)",
  ]);
  lastCall.reset(0);
  assertEquals(names(), [
    "DelayedCall(third)",
    "DelayedCall(first)",
    "DelayedCall(second)",
  ]);
  await advance(1);
  assertEquals(names(), ["DelayedCall(second)"]);
  middleCall.cancel();
  assertEquals(names(), []);
});

test("anything but a function and a number is refused at once", ({ time }) => {
  const wrong = ["text", undefined, null, {}] as unknown as (() => void)[];
  for (const fn of wrong) {
    assertThrows(() => time.callLater(1, fn), TypeError);
  }
  for (const seconds of [NaN, undefined, "1"] as number[]) {
    assertThrows(() => time.callLater(seconds, () => {}), RangeError);
  }
  const call = time.callLater(1, () => {});
  assertThrows(() => call.reset(NaN), RangeError);
  assertThrows(() => call.delay(NaN), RangeError);
  assertEquals(time.getDelayedCalls().length, 1);
  call.cancel();
  return Promise.resolve();
});

test("a call for a time that never comes waits for ever", async ({ time, advance }) => {
  let calls = 0;
  const call = time.callLater(Infinity, () => calls++);
  await advance(1e12);
  assertEquals([calls, call.active()], [0, true]);
  call.reset(1);
  await advance(1);
  assertEquals(calls, 1);
});

test("a call that is over does not hold its function and its arguments", async ({ time, advance }) => {
  // The name is all that can be seen of the function from here.
  function poem(): void {}
  const made = time.callLater(1, poem);
  const cancelled = time.callLater(1, poem);
  assertEquals(`${made}`, "DelayedCall(poem)");
  cancelled.cancel();
  await advance(1);
  assertFalse(`${made} ${cancelled}`.includes("poem"));
});

test("a function whose name is not a string is called like any other", async ({ time, advance }) => {
  let calls = 0;
  const strange = Object.defineProperty(() => calls++, "name", {
    value: Symbol("strange"),
  });
  const call = time.callLater(1, strange);
  assertEquals(`${call}`, "DelayedCall(anonymous function)");
  await advance(1);
  assertEquals(calls, 1);
});
