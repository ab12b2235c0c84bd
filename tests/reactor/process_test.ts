import { assertEquals } from "@std/assert";
import { Program } from "../support.ts";

async function printed(mode: string): Promise<string[]> {
  const file = "tests/reactor/programs/life.ts";
  await using program = new Program(file, [mode], ["--allow-net"]);
  const { code, stdout, stderr } = await program.outcome();
  assertEquals([code, stderr], [0, ""]);
  return stdout.trimEnd().split("\n");
}

Deno.test("a reactor that runs keeps the program alive, with nothing open", async () => {
  assertEquals(await printed("nothing open"), ["still here", "run returned"]);
});

const ENDS = [
  "stopped",
  "crashed",
  "opened late",
  "call left",
  "socket left",
];

for (const mode of ENDS) {
  Deno.test(`a program ends by itself when run has returned: ${mode}`, async () => {
    assertEquals(await printed(mode), ["run returned"]);
  });
}
