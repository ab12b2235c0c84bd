import { assertEquals, assertThrows } from "@std/assert";
import { Clock } from "../../../mod.ts";

Deno.test("a clock starts at 0 and stands still", () => {
  const clock = new Clock();
  assertEquals(clock.seconds(), 0);
  clock.callLater(0, () => {});
  assertEquals(clock.seconds(), 0);
});

Deno.test("advance(0) makes the calls that are due", () => {
  const clock = new Clock();
  let calls = 0;
  clock.callLater(0, () => calls++);
  clock.callLater(1, () => calls++);
  clock.advance(0);
  assertEquals(calls, 1);
});

Deno.test("all calls of one advance see the new time", () => {
  const clock = new Clock();
  const times: number[] = [];
  for (const seconds of [1, 2, 5]) {
    clock.callLater(seconds, () => times.push(clock.seconds()));
  }
  clock.advance(5);
  assertEquals(times, [5, 5, 5]);
});

Deno.test("a call that is due at once is made in the advance that added it", () => {
  const clock = new Clock();
  const order: string[] = [];
  clock.callLater(1, () => {
    order.push("outer");
    clock.callLater(0, () => order.push("inner"));
  });
  clock.advance(1);
  assertEquals(order, ["outer", "inner"]);
});

Deno.test("a call that calls itself again counts from the time it was turned to", () => {
  const clock = new Clock();
  let calls = 0;
  const again = () => {
    calls++;
    clock.callLater(1, again);
  };
  clock.callLater(1, again);
  clock.advance(3.5);
  assertEquals(calls, 1);
  assertEquals(clock.getDelayedCalls()[0]?.getTime(), 4.5);
});

Deno.test("what a call throws comes out of advance, and the next one goes on", () => {
  const clock = new Clock();
  const order: string[] = [];
  clock.callLater(1, () => {
    throw new Error("out of ink");
  });
  clock.callLater(1, () => order.push("second"));
  assertThrows(() => clock.advance(1), Error, "out of ink");
  assertEquals(order, []);
  clock.advance(0);
  assertEquals(order, ["second"]);
});

Deno.test("a clock can be turned back, and a call be due in the past", () => {
  const clock = new Clock();
  const order: string[] = [];
  clock.callLater(-1, () => order.push("past"));
  assertEquals(order, []);
  clock.advance(0);
  assertEquals(order, ["past"]);
  clock.callLater(1, () => order.push("future"));
  clock.advance(-2);
  assertEquals(clock.seconds(), -2);
  clock.advance(2.5);
  assertEquals(order, ["past"]);
  clock.advance(0.5);
  assertEquals(order, ["past", "future"]);
});

Deno.test("pump turns a clock step by step", () => {
  const clock = new Clock();
  const times: number[] = [];
  const again = () => {
    times.push(clock.seconds());
    clock.callLater(1, again);
  };
  clock.callLater(1, again);
  clock.pump([0.5, 0.5, 1, 2]);
  assertEquals(times, [1, 2, 4]);
});

Deno.test("a call that turns the clock itself makes the calls in between", () => {
  const clock = new Clock();
  const order: string[] = [];
  clock.callLater(1, () => {
    order.push("first");
    clock.advance(2);
    order.push("first again");
  });
  clock.callLater(2, () => order.push("second"));
  clock.advance(1);
  assertEquals(order, ["first", "second", "first again"]);
  assertEquals(clock.seconds(), 3);
});
