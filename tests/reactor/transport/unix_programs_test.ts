import { assertEquals, assertMatch } from "@std/assert";
import { Program } from "../../support/programs.ts";

const SERVER = "tests/reactor/programs/unix_server.ts";
const PERMISSIONS = [
  "--no-prompt",
  "--allow-net",
  "--allow-read",
  "--allow-write",
  "--allow-env",
];

/** Gives a test a folder of its own. */
function test(name: string, fn: (folder: string) => Promise<void>): void {
  Deno.test(name, async () => {
    const folder = Deno.makeTempDirSync();
    try {
      await fn(folder);
    } finally {
      Deno.removeSync(folder, { recursive: true });
    }
  });
}

function files(folder: string): string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
}

function start(folder: string, backend: string): Program {
  return new Program(SERVER, [`${folder}/socket`, backend], PERMISSIONS);
}

/** Makes a lock look as if it had been there for long. */
function age(folder: string): void {
  const long = new Date("2020-02-20");
  Deno.utimeSync(`${folder}/socket.lock`, long, long);
}

for (const backend of ["deno", "node"]) {
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    test(`${backend}: ${signal} removes a UNIX socket and its lock`, async (folder) => {
      await using server = start(folder, backend);
      await server.stdout.waitFor(/listening\n/);
      assertEquals(files(folder), ["socket", "socket.lock"]);
      server.kill(signal);
      const { stdout, stderr } = await server.outcome();
      assertEquals([stdout, stderr], ["listening\nstopped\n", ""]);
      assertEquals(files(folder), []);
    });
  }
}

test("of servers that take a dead one's UNIX socket over at the same time one wins", async (folder) => {
  {
    await using first = start(folder, "deno");
    await first.stdout.waitFor(/listening\n/);
    first.kill("SIGKILL");
    await first.outcome();
  }
  assertEquals(files(folder), ["socket", "socket.lock"]);
  age(folder);
  await using one = start(folder, "deno");
  await using two = start(folder, "node");
  await using three = start(folder, "deno");
  await using four = start(folder, "node");
  const servers = [one, two, three, four];
  const said = await Promise.all(servers.map(async ({ stdout }) => {
    const [line] = await stdout.waitFor(/^.*\n/);
    return line;
  }));
  assertEquals(said.filter((line) => line === "listening\n").length, 1);
  for (const line of said) {
    if (line === "listening\n") continue;
    assertMatch(
      line,
      /^CannotListenError: Cannot listen on .*\/socket: (a process|process \d+) (has|is) /,
    );
  }
  const [winner] = servers.filter(({ stdout }) =>
    stdout.text === "listening\n"
  );
  winner?.kill("SIGTERM");
  await winner?.outcome();
  assertEquals(files(folder), []);
});

for (const missing of ["net", "read", "write"]) {
  test(`without --allow-${missing} the errors of UNIX sockets say what is needed`, async (folder) => {
    const path = `${folder}/socket`;
    const given = PERMISSIONS.filter((it) => it !== `--allow-${missing}`);
    const file = "tests/reactor/programs/unix_permissions.ts";
    await using program = new Program(file, [path], given);
    const { code, stdout, stderr } = await program.outcome();
    assertEquals([code, stderr], [0, ""]);
    const what = missing === "net" ? `unix:${path}` : path;
    const needs =
      "deno run needs --allow-read, --allow-write and --allow-net for it";
    const why =
      `${path}: ${needs} (there is no ${missing} access to "${what}")`;
    assertEquals(stdout.split("\n"), [
      `CannotListenError: Cannot listen on ${why}`,
      `ConnectError: Cannot connect to ${why}`,
      "",
    ]);
  });
}

test("permissions for the path, its lock and the next lock are enough", async (folder) => {
  const path = `${folder}/socket`;
  const scope = [path, `${path}.lock`, `${path}.lock.next`].join(",");
  const permissions = [
    "--no-prompt",
    `--allow-net=unix:${path}`,
    `--allow-read=${scope}`,
    `--allow-write=${scope}`,
  ];
  const file = "tests/reactor/programs/unix_server.ts";
  {
    await using first = start(folder, "deno");
    await first.stdout.waitFor(/listening\n/);
    first.kill("SIGKILL");
    await first.outcome();
  }
  age(folder);
  await using server = new Program(file, [path], permissions);
  await server.stdout.waitFor(/listening\n/);
  server.kill("SIGTERM");
  const { stdout, stderr } = await server.outcome();
  assertEquals([stdout, stderr], ["listening\nstopped\n", ""]);
  assertEquals(files(folder), []);
});
