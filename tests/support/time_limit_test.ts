import { assertEquals, assertStringIncludes } from "@std/assert";
import { projectPath } from "./programs.ts";
import { tempFolder } from "./temp_folder.ts";

const PRELOAD = `import { limitTests } from "${new URL(
  "./time_limit.ts",
  import.meta.url,
)}";
limitTests(0.2);
`;

/** A test for each way to define one; some need longer than they may. */
const TESTS = `Deno.test("hangs", () => new Promise((resolve) => {
  setTimeout(resolve, 100_000);
}));
Deno.test("loops", () => { while (true); });
Deno.test("with options", { sanitizeOps: true }, () => { while (true); });
Deno.test({ name: "as an object", fn() { while (true); } });
Deno.test({ name: "options first" }, () => { while (true); });
Deno.test(function named() { while (true); });
Deno.test({ name: "a limit of its own", timeout: 10_000, async fn() {
  await new Promise((resolve) => setTimeout(resolve, 300));
} });
Deno.test.ignore("ignored", () => {});
Deno.test("short", () => {});
`;

Deno.test("a test that hangs fails by its name and place, and the others run", async () => {
  using folder = tempFolder();
  const write = (name: string, text: string) => {
    Deno.writeTextFileSync(`${folder.path}/${name}`, text);
  };
  write("preload.ts", PRELOAD);
  write("all_test.ts", TESTS);
  const { code, stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["test", "--no-check", "--preload=preload.ts", "all_test.ts"],
    cwd: folder.path,
    env: { NO_COLOR: "1" },
    stderr: "null",
  }).output();
  const text = new TextDecoder().decode(stdout);
  assertEquals(code, 1);
  assertStringIncludes(text, "2 passed | 6 failed | 1 ignored");
  assertStringIncludes(text, "hangs => ./all_test.ts:1:6\n");
  assertEquals(text.match(/Test timed out after 200ms/g)?.length, 6);
});

Deno.test("all tests are run with a limit", async () => {
  const config = await Deno.readTextFile(projectPath("deno.json"));
  assertStringIncludes(config, "deno test --preload=tests/preload.ts");
});
