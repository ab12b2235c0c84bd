import { assertEquals } from "@std/assert";
import { countTests } from "../../scripts/test_report.ts";

/** The report of a real run of one test file with this content. */
async function report(source: string): Promise<string> {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${folder}/a_test.ts`, source);
    await new Deno.Command(Deno.execPath(), {
      args: ["test", "--no-config", "--junit-path=report.xml", "a_test.ts"],
      cwd: folder,
      stdout: "null",
      stderr: "null",
    }).output();
    return await Deno.readTextFile(`${folder}/report.xml`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("passed, failed and ignored tests are counted", async () => {
  const source = `
    Deno.test("a", () => {});
    Deno.test("b > c", () => {});
    Deno.test("d", () => { throw new Error("</testcase>"); });
    Deno.test.ignore("e", () => {});
  `;
  const counts = { passed: 2, failed: 1, skipped: 1 };
  assertEquals(countTests(await report(source)), counts);
});

Deno.test("a step belongs to its test", async () => {
  const source = `
    Deno.test("a", async (t) => {
      await t.step("b", async (t) => { await t.step("c", () => {}); });
      await t.step("d", () => { throw new Error("d"); });
    });
  `;
  const counts = { passed: 0, failed: 1, skipped: 0 };
  assertEquals(countTests(await report(source)), counts);
});

Deno.test("a test that another one's error cut off has failed", async () => {
  const source = `
    Deno.test("a", () => new Promise(() => {
      setTimeout(() => { throw new Error("late"); });
    }));
    Deno.test("b", () => {});
  `;
  const counts = { passed: 0, failed: 2, skipped: 0 };
  assertEquals(countTests(await report(source)), counts);
});

Deno.test("a report that was never written counts nothing", () => {
  assertEquals(countTests(""), { passed: 0, failed: 0, skipped: 0 });
});
