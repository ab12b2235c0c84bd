import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { assertMatch, assertStringIncludes } from "@std/assert";
import { UsageError } from "../../cli/exit.ts";
import type { TraceEvent } from "../../mod.ts";
import { parseTrace } from "../../scripts/demo_trace.ts";
import { CLIENTS, findClient } from "../../scripts/demo_clients.ts";
import { type Outcome, Program, projectPath } from "../support/programs.ts";

/** Those of `deno task poetry`. */
const PERMISSIONS = [
  "--quiet",
  "--allow-run",
  "--allow-read",
  "--allow-write",
  "--allow-env=npm_command,TERM",
];

/** The demonstration, in a process group of its own, as a shell would run it. */
class Demo extends Program {
  constructor(...args: string[]) {
    super("scripts/demo.ts", args, PERMISSIONS, { detached: true });
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
    /^\$ (?:deno|npx -y deno@\S+) run --allow-net clients\/get-poetry-blocking\.ts \d+ \d+ \d+$/m;
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

/** Runs clients with `--record`, and gives the trace. */
async function recordDemo(...args: string[]): Promise<readonly TraceEvent[]> {
  const file = await Deno.makeTempFile();
  try {
    const demo = await runDemo("--record", file, "--delay", "0", ...args);
    assertEquals(demo.stderr.replaceAll("The poem download failed.\n", ""), "");
    assertStringIncludes(demo.stdout, `What they did is in ${file}:`);
    return parseTrace(await Deno.readTextFile(file)).traceEvents;
  } finally {
    await Deno.remove(file);
  }
}

Deno.test("the demo records a client under the reactor: the loop and each connection", async () => {
  const events = await recordDemo("--client", "2.0");
  const tracks = events.filter(({ name }) => name === "thread_name");
  assertEquals(tracks.length, 4);
  assertEquals(tracks[0]?.args, { name: "the loop" });
  const reads = events.filter(({ name }) => name === "doRead: PoetryProtocol");
  // At least one for each poem, and one for the end of its connection.
  assert(reads.length >= 6, `${reads.length} reads`);
  assertEquals(new Set(events.map(({ pid }) => pid)), new Set([1]));
});

Deno.test("the demo records all clients in one file, each as a process, none with another's arrows", async () => {
  const events = await recordDemo();
  const names = events.filter(({ name }) => name === "process_name");
  assertEquals(names.map(({ pid, args }) => [pid, args?.name]), [
    [1, "client blocking"],
    [2, "client async"],
    [3, "client 5.0"],
  ]);
  const begun = events.flatMap(({ ph, id }) => ph === "s" ? id ?? [] : []);
  assertEquals(new Set(begun).size, begun.length);
  const open = new Map<string, string[]>();
  for (const { ph, pid, tid, name } of events) {
    const slices = open.get(`${pid} ${tid}`) ?? [];
    open.set(`${pid} ${tid}`, slices);
    if (ph === "B") slices.push(name);
    if (ph === "E") assertEquals(slices.pop(), name);
  }
  assertEquals([...open.values()].flat(), []);
});

Deno.test("the demo records that the blocking client has one connection at a time", async () => {
  const events = await recordDemo("--client", "blocking");
  const connections = events.filter(({ name }) => name === "connection");
  assertEquals(connections.map(({ ph }) => ph).join(""), "BEBEBE");
  const bytes = events.map(({ args }) => Number(args?.bytes ?? 0));
  assertEquals(bytes.reduce((sum, count) => sum + count), 3003 + 611 + 648);
});

Deno.test("the demo says where it cannot record, before it starts", async () => {
  const demo = await runDemo("--record", "/no/such/folder/trace.json");
  assertEquals([demo.code, demo.stdout], [2, ""]);
  assertStringIncludes(
    demo.stderr,
    "error: Cannot write /no/such/folder/trace.json: no such file or directory",
  );
});

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
