import { assertEquals, assertMatch } from "@std/assert";
import { Program } from "../support/programs.ts";

const FORGOTTEN = `Unhandled error at the program's end:
Traceback (failure with no frames):
ReactorNotRunning: Cannot call what waits for the reactor: it was never run. End the program with \`await reactor.run();\`
`;

async function run(use: string): Promise<[number, string]> {
  const file = "tests/reactor/programs/forgotten_run.ts";
  await using program = new Program(file, [use], ["--allow-net"]);
  const { code, stderr } = await program.outcome();
  return [code, stderr];
}

for (
  const use of [
    "listens",
    "listens with Node's backend",
    "connects",
    "calls later",
    "awaits a deferred",
    "listens in memory",
    "has a log observer",
  ]
) {
  Deno.test(`forgotten run: a program that ${use} is told so when it ends`, async () => {
    assertEquals(await run(use), [0, FORGOTTEN]);
  });
}

for (
  const use of [
    "nothing",
    "asks the time",
    "cancels its call",
    "exits by itself",
    "runs",
    "crashes",
  ]
) {
  Deno.test(`forgotten run: nothing to tell where nothing was forgotten: ${use}`, async () => {
    assertEquals(await run(use), [0, ""]);
  });
}

Deno.test("forgotten run: of an await at the top level the runtime says it", async () => {
  const [code, stderr] = await run("awaits at the top level");
  assertEquals(code, 1);
  assertMatch(stderr, /Top-level await promise never resolved/);
});
