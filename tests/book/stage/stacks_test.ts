import { assertEquals } from "@std/assert";
import {
  drawnFrames,
  groupFrames,
  Stacks,
} from "../../../book/page/stage/stacks.ts";

const INNERMOST_FIRST = [
  { name: "print", place: "cli/exit.ts:72:5" },
  { name: "dataReceived", place: "clients/get-poetry-2.ts:60:3" },
  { name: "doRead", place: "reactor/transport/connection.ts:1:1" },
  { name: "dispatch", place: "reactor/loop/poller.ts:2:1" },
  { name: "main", place: "clients/get-poetry-2.ts:99:3" },
];

function names(stacks: Stacks): string[][] | undefined {
  return stacks.moments.at(-1)?.groups.map(({ frames }) =>
    frames.map(({ name }) => name)
  );
}

Deno.test("stacks: there is a border wherever the code changes hands", () => {
  assertEquals(
    groupFrames(INNERMOST_FIRST).map(({ whose, frames }) => [
      whose,
      frames.length,
    ]),
    [["ours", 1], ["library", 2], ["ours", 2]],
  );
});

Deno.test("stacks: output is shown with who called whom, outermost first", () => {
  const stacks = new Stacks();
  stacks.addOutput(1, INNERMOST_FIRST);
  assertEquals(names(stacks), [
    ["main"],
    ["dispatch", "doRead"],
    ["dataReceived"],
  ]);
});

Deno.test("stacks: a stage of a deferred is the innermost", () => {
  const stacks = new Stacks();
  stacks.add({
    what: "stage",
    deferred: 1,
    side: "callback",
    name: "gotPoem",
    passed: false,
    argument: "poem",
    failed: false,
    stack: [{ name: "Deferred.callback", place: "defer/deferred.ts:1:1" }],
    time: 1,
  });
  assertEquals(names(stacks), [["Deferred.callback"], ["gotPoem"]]);
});

Deno.test("stacks: a side that lets results pass calls nobody", () => {
  const stacks = new Stacks();
  stacks.add({
    what: "stage",
    deferred: 1,
    side: "errback",
    name: "",
    passed: true,
    argument: "poem",
    failed: false,
    stack: INNERMOST_FIRST,
    time: 1,
  });
  assertEquals(stacks.moments, []);
});

Deno.test("stacks: only the newest are kept", () => {
  const stacks = new Stacks();
  for (let time = 0; time < 1000; time++) {
    stacks.addOutput(time, INNERMOST_FIRST);
  }
  assertEquals(stacks.moments.length, 200);
  assertEquals(stacks.moments.at(-1)?.time, 999);
});

Deno.test("stacks: what a program does by itself is shown until the library calls it", () => {
  const stacks = new Stacks();
  const main = INNERMOST_FIRST.slice(-1);
  stacks.addOutput(1, main);
  stacks.addOutput(2, INNERMOST_FIRST);
  stacks.addOutput(3, main);
  assertEquals(stacks.moments.map(({ time }) => time), [1, 2]);
});

Deno.test("stacks: what is private to the library is not drawn, unless there is nothing else", () => {
  const place = "reactor/loop/poller.ts:2:1";
  const group = (whose: "library" | "ours", ...names: string[]) =>
    drawnFrames({ whose, frames: names.map((name) => ({ name, place })) })
      .map(({ name }) => name);
  assertEquals(
    group("library", "Poller.dispatch", "Poller.#call", "(anonymous)", "stop"),
    ["Poller.dispatch", "stop"],
  );
  assertEquals(group("library", "Poller.#call", "(anonymous)"), [
    "Poller.#call",
  ]);
  assertEquals(group("ours", "(anonymous)", "Poem.#end"), [
    "(anonymous)",
    "Poem.#end",
  ]);
});
