import { assertEquals } from "@std/assert";
import { Program } from "../support.ts";

const TOO_LATE = "Cannot install the backend memory: the reactor uses";

const CASES = {
  nothing: "installed memory",
  triggers: "installed memory",
  time: `${TOO_LATE} deno already`,
  run: `${TOO_LATE} deno already`,
  install: `${TOO_LATE} memory already`,
};

for (const [use, printed] of Object.entries(CASES)) {
  Deno.test(`installing a backend after "${use}": ${printed}`, async () => {
    const file = "tests/reactor/programs/install.ts";
    await using program = new Program(file, [use], []);
    const { code, stdout, stderr } = await program.outcome();
    assertEquals([code, stdout.trimEnd(), stderr], [0, printed, ""]);
  });
}
