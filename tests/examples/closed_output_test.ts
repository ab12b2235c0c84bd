import { assertEquals } from "@std/assert";
import { projectPath } from "../support/programs.ts";
import { runUnheard } from "../support/output.ts";

/** Run for ever, print nothing, or have a test of their own. */
const OTHERS = ["simple", "simple-other", "slow-call", "deferred-simulator"];

/** Are about an error that is told at the end of the program, on stderr. */
const TELLING = ["defer-debugging", "defer-unhandled", "lost-this"];

const ARGS: Record<string, string[]> = {
  "countdown": ["--every=0.01"],
  "defer-block": ["--seconds=0.1"],
  "exercises/part-3-1": ["--every=0.01"],
  "exercises/part-3-2": ["--every=0.01"],
};

function examples(): string[] {
  const files = [...Deno.readDirSync(projectPath("examples"))];
  const names = files.filter(({ isFile }) => isFile).map(({ name }) =>
    name.replace(/\.ts$/, "")
  );
  return [
    ...names,
    "exercises/part-3-1",
    "exercises/part-3-2",
    "exercises/part-10-2",
  ]
    .filter((name) => !OTHERS.includes(name)).sort();
}

for (const name of examples()) {
  const args = [`examples/${name}.ts`, ...ARGS[name] ?? []];

  Deno.test(`${name} ends quietly when nobody reads what it prints`, async () => {
    const { code, stderr } = await runUnheard("unread", args);
    const told = TELLING.includes(name) ? stderr : "";
    assertEquals({ code, stderr }, { code: 141, stderr: told });
  });

  Deno.test(`${name} says that its output cannot be written`, async () => {
    const { code, stderr } = await runUnheard("fullDisk", args);
    const [first, ...others] = stderr.split("\n");
    assertEquals(first, "error: Cannot print: no space left on device.");
    assertEquals(code, 1);
    if (!TELLING.includes(name)) assertEquals(others, [""]);
  });
}

Deno.test("the simulator draws for nobody without a stack trace", async () => {
  const simulator =
    `echo "return a passthru" | deno run examples/deferred-simulator.ts`;
  for (
    const [how, code, stderr] of [
      [">/dev/full", 1, "error: Cannot print: no space left on device.\n"],
      ["2>/dev/full >/dev/null", 0, ""],
    ] as const
  ) {
    const ended = await new Deno.Command("sh", {
      args: ["-c", `${simulator.replace("deno", Deno.execPath())} ${how}`],
      cwd: projectPath(""),
    }).output();
    assertEquals(ended.code, code);
    assertEquals(new TextDecoder().decode(ended.stderr), stderr);
  }
});
