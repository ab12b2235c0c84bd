import { assertEquals } from "@std/assert";
import { projectPath } from "../support/programs.ts";

/** A documented field with its initial value, which may stand in its docstring. */
const FIELD =
  /@default \{(.*)\}\n\s*\*\/\n(?:\s*\/\/.*\n)*\s*(?:override )?(\w+)(?:: [^=\n]+)? = (.+);\n/g;

async function sources(folder: string): Promise<string[]> {
  const files: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = `${folder}/${name}`;
    if (isDirectory) files.push(...await sources(path));
    else if (name.endsWith(".ts")) files.push(path);
  }
  return files;
}

Deno.test("docstrings: the default of a field is the one that it has", async () => {
  const wrong: string[] = [];
  const found: string[] = [];
  for (const file of await sources(projectPath("reactor"))) {
    for (
      const [, stated, field, value] of (await Deno.readTextFile(file))
        .matchAll(FIELD)
    ) {
      found.push(`${field}`);
      if (stated !== value) wrong.push(`${file}: ${field} is ${value}`);
    }
  }
  assertEquals(wrong, []);
  assertEquals([...new Set(found)].sort(), [
    "MAX_LENGTH",
    "delimiter",
    "factor",
    "initialDelay",
    "jitter",
    "maxDelay",
    "maxRetries",
  ]);
});
