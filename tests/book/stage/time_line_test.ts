import { assert, assertEquals } from "@std/assert";
import { TimeLine } from "../../../book/page/stage/time_line.ts";
import type { Event } from "../../../book/worker/messages.ts";
import { call, closed, connected, received, server } from "./events.ts";

function line(...events: Event[]): TimeLine {
  const line = new TimeLine([server(10000, "a poem")]);
  for (const event of events) line.add(event);
  return line;
}

Deno.test("time line: a long call has blocked the others", () => {
  const one = line(...call("poetry", 1, 10), ...call("quick", 10, 10.01));
  assertEquals(one.blocking(12), [{ name: "poetry", seconds: 9 }]);
  const svg = one.draw(12, 800);
  assert(svg.includes("errback ran"), svg);
  assert(svg.includes(">poetry<"), svg);
});

Deno.test("time line: a call that is not over blocks until now", () => {
  const [begin] = call("poetry", 1, 10);
  if (!begin) throw new Error("There is no call");
  assertEquals(line(begin).blocking(3), [{ name: "poetry", seconds: 2 }]);
});

Deno.test("time line: calls in the same place are one line", () => {
  const calls = Array.from(
    { length: 500 },
    (_, i) => call("quick", 1 + i * 1e-5, 1 + i * 1e-5),
  ).flat();
  const [, shape = ""] = /class="ours" d="([^"]*)"/.exec(
    line(...calls).draw(2, 400),
  ) ?? [];
  const lines = shape.split("M").length - 1;
  assert(lines === 1 || lines === 2, `${lines} lines`);
});

Deno.test("time line: a connection is a box, with a line for what came", () => {
  const svg = line(
    connected(1, 10000),
    received(2, 10000, 3),
    closed(3, 10000),
  ).draw(5, 524);
  // 100 pixels a second, behind a margin of 12.
  assert(svg.includes('class="task-1 waits" x="112" y="32" width="200"'), svg);
  assert(svg.includes('class="task-1" d="M212 32 v20"'), svg);
});

Deno.test("time line: the scale stands still while it fills", () => {
  const one = line(connected(0, 10000));
  const axis = (now: number) => one.draw(now, 800).match(/>[\d.]+ s</g)?.join();
  assertEquals(axis(5.5), axis(9.9));
  assert(axis(9.9) !== axis(10.1));
});

Deno.test("time line: without a reactor there is no loop on it", () => {
  const one = line(connected(0, 10000));
  assertEquals(one.hasLoop, false);
  assert(!one.draw(1, 400).includes("calls of the loop"));
});

Deno.test("time line: hours fit on it", () => {
  const svg = line(connected(0, 10000)).draw(7200, 300);
  assert((svg.match(/<text/g) ?? []).length < 40, "too many marks");
});
