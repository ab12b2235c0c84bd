import { assert, assertEquals } from "@std/assert";
import { fencedBlocks } from "./examples/page.ts";
import { projectPath } from "./support/programs.ts";
import { tempFolder } from "./support/temp_folder.ts";

/** The first line of a block that other blocks import. */
const NAME = /^\/\/ ([\w-]+\.ts)$/m;

/** The code of a page, by file names: modules have theirs, tests are numbered. */
function codeOf(markdown: string): Map<string, string> {
  const blocks = fencedBlocks(markdown).filter(([, language]) =>
    language === "ts"
  );
  return new Map(blocks.map(([, , code = ""], index) => {
    const name = NAME.exec(code)?.[1] ?? `block_${index}_test.ts`;
    const root = `file://${projectPath("")}`;
    return [name, code.replaceAll('"../', `"${root}`)];
  }));
}

Deno.test("docs/testing.md: every block of code runs, with the sanitizers on", async () => {
  const markdown = await Deno.readTextFile(projectPath("docs/testing.md"));
  const code = codeOf(markdown);
  using folder = tempFolder();
  for (const [name, text] of code) {
    await Deno.writeTextFile(`${folder.path}/${name}`, text);
  }
  const { code: status, stdout, stderr } = await new Deno.Command(
    Deno.execPath(),
    {
      args: [
        "test",
        "--check",
        `--config=${projectPath("deno.json")}`,
        "--sanitize-ops",
        "--sanitize-resources",
        "--allow-net=127.0.0.1",
        ...[...code.keys()].filter((name) => name.endsWith("_test.ts")),
      ],
      cwd: folder.path,
      env: { NO_COLOR: "1" },
      stdin: "null",
    },
  ).output();
  const decoder = new TextDecoder();
  const printed = decoder.decode(stdout) + decoder.decode(stderr);
  assertEquals(status, 0, printed);
  const tests = markdown.match(/Deno\.test\(/g)?.length ?? 0;
  // One block of the page makes its test for each of two backends.
  assert(printed.includes(`${tests + 1} passed | 0 failed`), printed);
});
