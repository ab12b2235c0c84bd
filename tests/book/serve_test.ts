import { assertEquals } from "@std/assert";
import { LOCK } from "../../book/build/bundle.ts";
import { projectPath } from "../support/programs.ts";

async function refused(...args: string[]): Promise<string> {
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", LOCK, "--quiet", "--allow-all", "book/serve.ts", ...args],
    cwd: projectPath(""),
    env: { NO_COLOR: "1" },
  }).output();
  assertEquals(code, 2);
  return new TextDecoder().decode(stderr);
}

Deno.test("book: a wrong command line is refused, and says why", async () => {
  const usage = "Usage: deno task book [--port N]\n\n";
  for (const [args, why] of WRONG) {
    assertEquals(await refused(...args), `${usage}error: ${why}\n`);
  }
});

const WRONG = [
  [["--port", "x"], "Port must be an integer: it is x."],
  [["--port=99999"], "Port must be from 0 to 65535: it is 99999."],
  [["--port"], "Option --port needs a value."],
  [["part-3"], "No argument is needed: this is part-3."],
] as const;

Deno.test("book: a port that is taken is one clear line", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  assertEquals(
    await refused(`--port=${port}`),
    `error: Cannot listen on port ${port}: address already in use.\n`,
  );
});
