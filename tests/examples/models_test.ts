import { assert, assertEquals, assertMatch } from "@std/assert";
import { runExample } from "./run_example.ts";

/** The lines of three tasks, without their names. */
type Picture = string[];

Deno.test("models draws three tasks in each model, with and without waits", async () => {
  const { code, stdout, stderr } = await runExample("models");
  assertEquals({ code, stderr }, { code: 0, stderr: "" });
  const [legend = "", ...blocks] = stdout.trimEnd().split("\n\n");
  assertMatch(legend, /^█ computes {2}░ waits {2}One column is \d+ ms\.$/);
  const pictures = new Map(blocks.map(parsePicture));
  assertEquals([...pictures.keys()], [
    "Synchronous",
    "In threads",
    "Asynchronous",
    "Synchronous, with waits that block",
    "In threads, with waits that block",
    "Asynchronous, with waits that let others go on",
  ]);
  const [sync, threads, async, syncWaits, threadsWait, asyncWaits] = pictures
    .values();
  for (const picture of pictures.values()) assertEquals(picture.length, 3);
  oneAfterTheOther(sync);
  interleaved(async);
  oneAfterTheOther(syncWaits);
  interleaved(asyncWaits);
  for (const line of [sync, threads, async].flatMap((it) => it ?? [])) {
    assertMatch(line, /^[ █]*█$/);
  }
  for (const line of [syncWaits, threadsWait, asyncWaits].flat()) {
    assertMatch(line ?? "", /░.*░/);
  }
  assert(
    columns(asyncWaits).some((it) => it.includes("█") && it.includes("░")),
    "while one task waits, others compute",
  );
});

function parsePicture(block: string): [title: string, picture: Picture] {
  const [heading = "", ...lines] = block.split("\n");
  const [, title = ""] = /^(.*): \d+ ms$/.exec(heading) ?? [];
  return [
    title,
    lines.map((line, i) => {
      assert(line.startsWith(`Task ${i + 1} `), line);
      return line.slice("Task 1 ".length);
    }),
  ];
}

function oneAfterTheOther(picture: Picture = []) {
  const starts = picture.map((line) => line.search(/[█░]/));
  const [, second = 0, third = 0] = starts;
  assert((picture[0] ?? "").length <= second, picture.join("\n"));
  assert((picture[1] ?? "").length <= third, picture.join("\n"));
}

/** All tasks go on by turns, and never two at once: there is one thread. */
function interleaved(picture: Picture = []) {
  for (const column of columns(picture)) {
    assert(column.replaceAll(/[^█]/g, "").length <= 1, picture.join("\n"));
  }
  const start = picture.map((line) => line.indexOf("█"));
  const end = picture.map((line) => line.lastIndexOf("█"));
  assert(Math.max(...start) < Math.min(...end), picture.join("\n"));
}

function columns(picture: Picture = []): string[] {
  const width = Math.max(...picture.map((line) => line.length));
  return Array.from(
    { length: width },
    (_, at) => picture.map((line) => line[at] ?? " ").join(""),
  );
}
