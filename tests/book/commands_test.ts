import { assertEquals } from "@std/assert";
import { pageNames, renderPages } from "../../book/build/pages.ts";
import { PageCommands } from "../../book/build/commands.ts";
import { programsOf } from "../../book/build/programs.ts";
import { projectPath } from "../support/programs.ts";

const ROOT = projectPath("");

function commands(): PageCommands {
  return new PageCommands(programsOf(ROOT));
}

/** What a page shows of a command: its buttons, or why it has none. */
const ROW =
  /<div class="command"( data-program="[^"]*")?><code>(.*?)<\/code><\/div>(?:<p class="outside">(.*?)<\/p>)?/g;

Deno.test("book: each program of a page can be run there, or the page says why not", () => {
  const { files } = renderPages(ROOT, programsOf(ROOT));
  const silent: string[] = [];
  const outside: string[] = [];
  for (const name of pageNames(ROOT)) {
    const html = String(files.get(
      name.replace("README", "index")
        .replace(/\.md$/, ".html"),
    ));
    for (const [, program, command = "", reason] of html.matchAll(ROW)) {
      if (!command.startsWith("deno run ") || program !== undefined) continue;
      const path = /\S+\.ts\b/.exec(command)?.[0] ?? command;
      if (reason === undefined) silent.push(command);
      else outside.push(`${path}: ${reason}`);
    }
  }
  assertEquals(silent, []);
  assertEquals(outside, [
    "server/fastpoetry.ts: To be run in a terminal: in a page no processes can share a port.",
    "clients/get-poetry-2.1.ts: To be run in a terminal: the server that it reads from does not run in a page.",
    "scripts/draw_trace.ts: To be run in a terminal: a page cannot write your files.",
  ]);
});

Deno.test("book: a program that measures threads, and one that starts others, can be run", () => {
  const models = commands().read("deno run examples/models.ts").program;
  assertEquals(models?.hasThreads, true);
  const table = commands().read(
    "deno run --allow-run examples/exercises/part-2-1.ts --delay 0.02",
  ).program;
  assertEquals(table?.files, ["poetry/science.txt"]);
  assertEquals(table?.hasThreads, false);
});
