import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { assertMatch, assertStringIncludes } from "@std/assert";
import { UsageError } from "../../cli/usage_error.ts";
import { CLIENTS, findClient } from "../../scripts/demo_clients.ts";
import { type Outcome, Program, projectPath } from "../support/programs.ts";

/** The demonstration, in a process group of its own, as a shell would run it. */
class Demo extends Program {
  constructor(...args: string[]) {
    const permissions = ["--quiet", "--allow-run"];
    super("scripts/demo.ts", args, permissions, { detached: true });
  }

  override async [Symbol.asyncDispose](): Promise<void> {
    try {
      Deno.kill(-this.pid, "SIGKILL");
    } catch {
      // All of it had ended before.
    }
    await this.outcome();
  }
}

async function runDemo(...args: string[]): Promise<Outcome> {
  await using demo = new Demo(...args);
  return await demo.outcome();
}

Deno.test("the demo shows the client that is asked for, and the command", async () => {
  const demo = await runDemo("--client", "blocking", "--delay", "0");
  assertEquals(demo.stderr, "");
  assertEquals(demo.code, 0);
  const command =
    /^\$ deno run --allow-net clients\/get-poetry-blocking\.ts \d+ \d+ \d+$/m;
  assertMatch(demo.stdout, command);
  assertMatch(demo.stdout, /^Got 3 poems in 0:00:/m);
});

Deno.test("the demo shows blocking, async and 5.0 without being asked", async () => {
  const demo = await runDemo("--delay", "0");
  assertEquals(demo.code, 0, demo.stderr);
  const shown = demo.stdout.matchAll(/^──── Client (.*) ────$/gm);
  const names = Array.from(shown, ([, name]) => name);
  assertEquals(names, ["blocking", "async", "5.0"]);
});

Deno.test("the demo knows every client there is", async () => {
  const files: string[] = [];
  for await (const { name } of Deno.readDir(projectPath("clients"))) {
    if (name.startsWith("get-poetry-")) files.push(`clients/${name}`);
  }
  assertEquals(CLIENTS.map(({ file }) => file).sort(), files.sort());
});

Deno.test("a client may be named in short", () => {
  assertEquals(findClient("2").name, "2.0");
  assertEquals(findClient("1.0-broken").name, "1-broken");
  assertEquals(findClient("4-stack").name, "4-stack");
  assertThrows(() => findClient("2.2"), UsageError, "No such client: 2.2.");
  assertThrows(() => findClient(""), UsageError, "No such client");
});

for (
  const [args, message] of [
    [["--client", "7"], "error: No such client: 7. There are: blocking, async"],
    [["--client"], "error: Option --client needs a value."],
    [["--delay", "-1"], "error: Delay must be 0 or more seconds: it is -1."],
    [["--clients", "2.0"], "error: No such option: --clients."],
    [["2.0"], "error: Clients are named with --client: 2.0."],
  ] as const
) {
  Deno.test(`the demo says what is wrong with ${args.join(" ")}`, async () => {
    const demo = await runDemo(...args);
    assertEquals(demo.code, 2);
    assertStringIncludes(demo.stderr, message);
    assertEquals(demo.stdout, "");
  });
}

/** With this, nothing ends by itself while the test is there to see it. */
const ENDLESS = ["--delay", "3600"];

const MOMENTS = {
  "while the servers start": [/Starting/, "blocking"],
  "while a client reads": [/Task 1: /, "blocking"],
  "while a client blocks its thread": [/get-poetry-1-broken/, "1-broken"],
} as const;

for (const [moment, [pattern, client]] of Object.entries(MOMENTS)) {
  for (
    const [signal, whom, status] of [
      ["SIGINT", "the group", 130],
      ["SIGINT", "the process", 130],
      ["SIGTERM", "the process", 143],
    ] as const
  ) {
    Deno.test(`${signal} to ${whom} ends the demo ${moment}`, async () => {
      await using demo = new Demo("--client", client, ...ENDLESS);
      await demo.stdout.waitFor(pattern);
      Deno.kill(whom === "the group" ? -demo.pid : demo.pid, signal);
      const { code, stdout, stderr } = await demo.outcome();
      assertEquals(stderr, "");
      assertEquals(code, status);
      for (const port of listeningPorts(stdout)) {
        await assertRejects(
          () => Deno.connect({ hostname: "127.0.0.1", port }),
          Deno.errors.ConnectionRefused,
        );
      }
    });
  }
}

/** The ports in the command that the demo has printed, if it came that far. */
function listeningPorts(stdout: string): number[] {
  const command = /^\$ deno .*?\.ts (.*)$/m.exec(stdout);
  return command?.[1]?.split(" ").map(Number) ?? [];
}
