import { assertEquals } from "@std/assert";
import { type Outcome, Program } from "../support/programs.ts";

async function run(mode: string, backend = "deno"): Promise<Outcome> {
  const file = "tests/reactor/programs/life.ts";
  await using program = new Program(file, [mode, backend], ["--allow-net"]);
  return await program.outcome();
}

async function printed(mode: string, backend?: string): Promise<string[]> {
  const { code, stdout, stderr } = await run(mode, backend);
  assertEquals([code, stderr], [0, ""]);
  return stdout.trimEnd().split("\n");
}

Deno.test("a reactor that runs keeps the program alive, with nothing open", async () => {
  assertEquals(await printed("nothing open"), ["still here", "run returned"]);
});

const ENDS = [
  "stopped",
  "crashed",
  "crashed while paused",
  "run twice",
  "opened late",
  "call left",
  "socket left",
];

for (const backend of ["deno", "node"]) {
  for (const mode of ENDS) {
    Deno.test(`a program ends by itself when run has returned: ${mode}, ${backend}`, async () => {
      assertEquals(await printed(mode, backend), ["run returned"]);
    });
  }
}

Deno.test("Deno.exit ends the program, also in a callback", async () => {
  const { code, stdout } = await run("exit");
  assertEquals([code, stdout], [3, ""]);
});
