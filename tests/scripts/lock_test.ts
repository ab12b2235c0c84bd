import { assertEquals } from "@std/assert";
import { projectPath } from "../support/programs.ts";

/** The first program that somebody runs fetches all that deno.lock names. */
Deno.test("deno.lock: names what programs import, and no tool: deno task test has dev.lock", async () => {
  const text = await Deno.readTextFile(projectPath("deno.lock"));
  assertEquals(Object.keys(JSON.parse(text).npm), ["deno-std@1.4.0"]);
});
