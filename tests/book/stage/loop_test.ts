import { assertEquals } from "@std/assert";
import { counted, Loop } from "../../../book/page/stage/loop.ts";
import { describeCall, describeLoop } from "../../../book/page/stage/words.ts";
import type { Event } from "../../../book/worker/messages.ts";
import { call, received } from "./events.ts";

function loop(...events: Event[]): Loop {
  const loop = new Loop();
  for (const event of events) loop.add(event);
  return loop;
}

const ASLEEP: Event = {
  what: "asleep",
  timers: [{ name: "stop", time: 3 }],
  readers: ["PoetryProtocol", "PoetryProtocol", "Other"],
  writers: [],
  time: 2,
};

Deno.test("loop: a call knows whose bytes came in it", () => {
  const { calls } = loop(
    ...call("PoetryProtocol", 1, 2, [received(1, 10001, 30)]),
  );
  assertEquals(calls.map(describeCall), [
    "PoetryProtocol, doRead: 30 bytes from 10001",
  ]);
});

Deno.test("loop: it is in a call until the call is over", () => {
  const [begin, end] = call("poetry", 1, 2);
  if (!begin || !end) throw new Error("There is no call");
  const one = loop(begin);
  assertEquals(one.current?.name, "poetry");
  assertEquals(
    describeLoop(one),
    "Turn 1: it is in a call: poetry, doRead.",
  );
  one.add(end);
  assertEquals(one.current, undefined);
});

Deno.test("loop: a turn begins without the calls of the last one", () => {
  const one = loop(
    { what: "turn", slept: 0, time: 0 },
    ...call("a", 0, 1),
    ...call("b", 1, 2),
    ASLEEP,
  );
  assertEquals(one.calls.map(({ name }) => name), ["a", "b"]);
  one.add({ what: "turn", slept: 1, time: 3 });
  assertEquals(one.calls, []);
  assertEquals([one.turns, one.state], [2, "calling"]);
});

Deno.test("loop: calls before the first turn was told of are in one", () => {
  assertEquals(loop(...call("a", 0, 1), ...call("b", 1, 2)).turns, 1);
});

Deno.test("loop: it sleeps, and waits for descriptors and timers", () => {
  const one = loop(...call("a", 0, 1), ASLEEP);
  assertEquals(describeLoop(one), "Turn 1: it waits.");
  assertEquals(counted(one.readers), ["PoetryProtocol ×2", "Other"]);
  assertEquals(one.timers, [{ name: "stop", time: 3 }]);
});

Deno.test("loop: calls of a name are counted together, the most often first", () => {
  const one = loop(
    ...call("rare", 0, 4),
    ...call("often", 4, 5),
    ...call("often", 5, 8),
  );
  assertEquals(one.totals, [
    { kind: "doRead", name: "often", count: 2, total: 4, longest: 3 },
    { kind: "doRead", name: "rare", count: 1, total: 4, longest: 4 },
  ]);
});

Deno.test("loop: one that has not run says so", () => {
  assertEquals(describeLoop(loop()), "No loop has run yet.");
});
