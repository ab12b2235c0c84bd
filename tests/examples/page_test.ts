import { assert, assertEquals } from "@std/assert";
import { examplesOf, isShown, withFrames } from "./page.ts";

Deno.test("a page's commands are followed by what they print", () => {
  const page = "Run:\n\n```sh\none\ntwo\n```\n\nIt says\n\n```text\nso\n```\n" +
    "\n```ts\nthree();\n```\n\n```sh\nfour\n```\n";
  assertEquals(examplesOf(page), [
    { command: "one" },
    { command: "two", shown: "so\n" },
    { command: "four" },
  ]);
});

Deno.test("page: times and pictures of time may differ", () => {
  const shown = "in 0:00:10.126361\n   12.5 s\nTask 1 ██░░ ██\nend\n";
  const printed = "in 0:00:09.000001\n    7.0 s\nTask 1 █ ░\nend\n";
  assert(isShown(printed, shown));
});

const ROOT = new URL("../../", import.meta.url).href;
const PRINTED = `Error: a
    at f (${ROOT}x.ts:3:4)
    at ${ROOT}y.ts:5:6
    at async C.#g (ext:core/z.js:7:8)
end
`;

Deno.test("page: of a stack, names and files are compared, line numbers not", () => {
  const shown = `Error: a
    at f (file:///deferno/x.ts:1:2)
    at file:///deferno/y.ts:1:2
    at async C.#g (ext:core/z.js:1:2)
end
`;
  assert(isShown(PRINTED, shown));
  assert(isShown(PRINTED, shown.replace(/ +at async.*/, "    …")));
  assert(isShown(PRINTED, shown.replace("end", "    …\nend")));
  for (
    const other of [
      shown.replace("at f", "at g"),
      shown.replace("x.ts", "z.ts"),
      shown.replace(/ +at async.*\n/, ""),
      shown.replace(/ +at f.*\n/, ""),
      shown.replace("end", "    at h (a.ts:1:2)\nend"),
    ]
  ) assert(!isShown(PRINTED, other), other);
});

Deno.test("page: stacks are replaced by what was printed, and end where they ended", () => {
  const whole = PRINTED.replaceAll(ROOT, "file:///deferno/");
  const old = "…\nError: a\n    at old (x.ts:1:2)\nend\n";
  assertEquals(withFrames(old, `b\n${PRINTED}`), `…\n${whole}`);
  const short = whole.replace(/ +at async.*/, "    …");
  const one = "Error: a\n    at y.ts:1:2\n    …\nend\n";
  assertEquals(
    withFrames(one, PRINTED),
    short.replace(/ +at file.*\n/, ""),
  );
  assertEquals(
    withFrames(one.replace("at y.ts", "at file:///deferno/y.ts"), PRINTED),
    short,
  );
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
