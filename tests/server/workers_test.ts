import { assert, assertEquals } from "@std/assert";
import {
  type PoetryServer,
  Program,
  SERVER_PERMISSIONS,
  startPoetryServer,
} from "../support/programs.ts";
import { within } from "../support/within.ts";
import { linesWith, poemBytes, readPoem } from "./poetry_readers.ts";

const FAST = "server/fastpoetry.ts";
const SLOW = "server/slowpoetry-reactor.ts";
const POEM = "poetry/science.txt";
const PERMISSIONS = [...SERVER_PERMISSIONS, "--allow-run", "--unstable-net"];

/** Of so many connections some go to each of two workers, as good as certainly. */
const MANY = 64;

function startWithWorkers(
  file: string,
  options: string[],
  workers = 2,
): Promise<PoetryServer> {
  return startPoetryServer(file, POEM, {
    options: ["--workers", `${workers}`, ...options],
    permissions: PERMISSIONS,
  });
}

async function workersOf(server: PoetryServer): Promise<number[]> {
  const { stdout } = await new Deno.Command("pgrep", {
    args: ["-P", `${server.pid}`],
  }).output();
  const lines = new TextDecoder().decode(stdout).trim().split("\n");
  return lines.map(Number);
}

/** How many clients each worker has logged that it serves. */
function clientsOf({ stdout: { text } }: PoetryServer): Map<string, number> {
  const clients = new Map<string, number>();
  for (const [, worker = ""] of text.matchAll(/^(Worker \d+): Some.*wants/gm)) {
    clients.set(worker, (clients.get(worker) ?? 0) + 1);
  }
  return clients;
}

for (const file of [FAST, SLOW]) {
  Deno.test(`${file}: two workers share one port, and its clients`, async () => {
    const pace = ["--delay=0.01", "--num-bytes=100"];
    await using server = await startWithWorkers(
      file,
      file === SLOW ? pace : [],
    );
    assertEquals(
      server.stdout.text,
      `Serving ${POEM} on port ${server.port} with 2 workers.\n`,
    );
    const poem = await poemBytes("science");
    const poems = Array.from({ length: MANY }, () => readPoem(server.port));
    for (const read of await Promise.all(poems)) assertEquals(read, poem);
    await server.stdout.waitFor(linesWith("wants", MANY));
    const clients = clientsOf(server);
    assertEquals([...clients.keys()].sort(), ["Worker 1", "Worker 2"]);
    const [one = 0, other = 0] = clients.values();
    assertEquals(one + other, MANY);
    assertEquals(server.stderr.text, "");
  });
}

Deno.test("the workers listen on the port that they are given", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  await using server = await startWithWorkers(FAST, [`--port=${port}`], 3);
  assertEquals(server.port, port);
  assertEquals((await workersOf(server)).length, 3);
});

for (const options of [[], ["--listen=tcp:0:interface=127.0.0.1"]]) {
  Deno.test(`${["workers", ...options].join(" ")}: they may do what their parent may`, async () => {
    const [port, file] = ["--allow-net=127.0.0.1:0", `--allow-read=${POEM}`];
    await using server = await startPoetryServer(FAST, POEM, {
      options: ["--workers=2", ...options],
      permissions: [port, file, "--allow-run", "--unstable-net"],
    });
    assertEquals(await readPoem(server.port), await poemBytes("science"));
    for (const pid of await workersOf(server)) {
      const { stdout } = await new Deno.Command("ps", {
        args: ["-o", "args=", "-p", `${pid}`],
      }).output();
      const flags = new TextDecoder().decode(stdout).match(/--allow-\S+/g);
      assertEquals(flags?.[1], file);
      assert(
        /^--allow-net=127\.0\.0\.1:\d+$/.test(flags?.[0] ?? ""),
        flags?.[0],
      );
    }
  });
}

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.test(`${signal} to the parent ends all workers, in order`, async () => {
    await using server = await startWithWorkers(SLOW, ["--delay=3600"]);
    using connection = await Deno.connect(server);
    await connection.read(new Uint8Array(100));
    server.kill(signal);
    assertEquals(await connection.read(new Uint8Array(100)), null);
    // Its workers have stderr in common with it: this is how their end is known.
    const { code, stderr } = await server.outcome();
    assertEquals({ code, stderr }, { code: 0, stderr: "" });
  });
}

Deno.test("Ctrl-C, which reaches workers too, ends them in order", async () => {
  await using server = await startWithWorkers(SLOW, ["--delay=3600"]);
  const workers = await workersOf(server);
  for (const pid of workers) Deno.kill(pid, "SIGINT");
  for (const pid of workers) Deno.kill(pid, "SIGTERM");
  // They leave it to their parent.
  using connection = await Deno.connect(server);
  assertEquals(await connection.read(new Uint8Array(100)), 10);
  server.kill("SIGINT");
  const { code, stderr } = await server.outcome();
  assertEquals({ code, stderr }, { code: 0, stderr: "" });
});

Deno.test("a parent that is killed leaves no worker behind", async () => {
  await using server = await startWithWorkers(SLOW, ["--delay=3600"]);
  using connection = await Deno.connect(server);
  await connection.read(new Uint8Array(100));
  server.kill("SIGKILL");
  assertEquals(await connection.read(new Uint8Array(100)), null);
  const { signal, stderr } = await server.outcome();
  assertEquals({ signal, stderr }, { signal: "SIGKILL", stderr: "" });
});

Deno.test("a worker that dies ends the server, with exit status 1 and a line", async () => {
  await using server = await startWithWorkers(FAST, []);
  const [, second = 0] = await workersOf(server);
  Deno.kill(second, "SIGKILL");
  const { code, stderr } = await server.outcome();
  assertEquals({ code, stderr }, {
    code: 1,
    stderr: "error: Worker 2 was ended by SIGKILL, and the server with it.\n",
  });
});

Deno.test("--max-clients is divided among the workers", async () => {
  const options = ["--max-clients=3", "--delay=3600"];
  await using server = await startWithWorkers(SLOW, options);
  const open = await Promise.all(
    Array.from({ length: MANY }, () => Deno.connect(server)),
  );
  await server.stdout.waitFor(linesWith("Somebody", MANY));
  const clients = [...clientsOf(server)].sort();
  assertEquals(clients, [["Worker 1", 2], ["Worker 2", 1]]);
  for (const connection of open) connection.close();
});

Deno.test("with --drain the clients of all workers get their whole poems", async () => {
  const options = ["--drain=60", "--delay=0.05", "--num-bytes=20"];
  await using server = await startWithWorkers(SLOW, options);
  const poems = Array.from({ length: 16 }, () => readPoem(server.port));
  await server.stdout.waitFor(linesWith("wants", 16));
  server.kill("SIGTERM");
  const poem = await poemBytes("science");
  for (const read of await Promise.all(poems)) assertEquals(read, poem);
  const { code, stdout, stderr } = await server.outcome();
  assertEquals({ code, stderr }, { code: 0, stderr: "" });
  assert(/^Worker \d: Draining: \d+ clients?, at most/m.test(stdout), stdout);
});

Deno.test("a second signal ends workers whose clients are slow", async () => {
  const options = ["--drain=3600", "--delay=3600"];
  await using server = await startWithWorkers(SLOW, options);
  using _waiting = await Deno.connect(server);
  await server.stdout.waitFor(/Sending 10 bytes/);
  server.kill("SIGTERM");
  await server.stdout.waitFor(/Draining/);
  server.kill("SIGTERM");
  const { code, stderr } = await server.outcome();
  assertEquals({ code, stderr }, { code: 0, stderr: "" });
});

Deno.test("a worker that does not end is killed", async () => {
  await using server = await startWithWorkers(FAST, []);
  const [first = 0] = await workersOf(server);
  Deno.kill(first, "SIGSTOP");
  server.kill("SIGTERM");
  try {
    const { code, stderr } = await within(30, server.outcome());
    assertEquals({ code, stderr }, { code: 0, stderr: "" });
  } catch (error) {
    Deno.kill(first, "SIGKILL");
    throw error;
  }
});

Deno.test("workers are refused a port that others share already", async () => {
  await using server = await startWithWorkers(FAST, []);
  const args = ["--workers=2", `--port=${server.port}`, POEM];
  await using other = new Program(FAST, args, PERMISSIONS);
  const { code, stdout, stderr } = await within(30, other.outcome());
  assertEquals({ code, stdout, stderr }, {
    code: 2,
    stdout: "",
    stderr:
      `error: Cannot listen on 127.0.0.1:${server.port}: address already in use.\n`,
  });
});
