import { assert, assertEquals } from "@std/assert";
import { examplesOf, isShown } from "./page.ts";

Deno.test("a page's commands are followed by what they print", () => {
  const page = "Run:\n\n```sh\none\ntwo\n```\n\nIt says\n\n```text\nso\n```\n" +
    "\n```ts\nthree();\n```\n\n```sh\nfour\n```\n";
  assertEquals(examplesOf(page), [
    { command: "one" },
    { command: "two", shown: "so\n" },
    { command: "four" },
  ]);
});

Deno.test("times, frames and pictures of time may differ from the page's", () => {
  const shown = "in 0:00:10.126361\n   12.5 s\nTask 1 ██░░ ██\n" +
    "    at a (x.ts:1:2)\n    …\nend\n";
  const printed = "in 0:00:09.000001\n    7.0 s\nTask 1 █ ░\n" +
    "    at b (y.ts:3:4)\n    at c (y.ts:5:6)\nend\n";
  assert(isShown(printed, shown));
});

Deno.test("lines that are left out may be many, or none", () => {
  for (const left of ["", "b\n", "b\nc\n"]) {
    assert(isShown(`a\n${left}d\n`, "a\n…\nd\n"));
  }
  assert(isShown("got 30 bytes\n", "got … bytes\n"));
});

Deno.test("anything else may not differ", () => {
  assert(!isShown("Got 3 poems\n", "Got 2 poems\n"));
  assert(!isShown("a\nb\n", "a\n"));
  assert(!isShown("a\n", "a\nb\n"));
  assert(!isShown("got 30\nand bytes\n", "got … bytes\n"));
});
