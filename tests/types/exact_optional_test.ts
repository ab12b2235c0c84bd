import { assert } from "@std/assert";
import { projectPath } from "../support/programs.ts";

Deno.test("a program with exactOptionalPropertyTypes can use all of the library, and leave out by undefined", async () => {
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "check",
      "--quiet",
      "--no-lock",
      "--config",
      projectPath("tests/types/exact_optional.json"),
      projectPath("tests/types/exact_optional.ts"),
    ],
    env: { NO_COLOR: "1" },
    stdout: "null",
  }).output();
  assert(success, new TextDecoder().decode(stderr));
});
