import { assert, assertEquals } from "@std/assert";
import {
  Printed,
  projectPath,
  startPoetryServer,
} from "../support/programs.ts";
import { linesWith, poemBytes } from "./poetry_readers.ts";

const FILE = "server/slowpoetry-reactor.ts";
const POEM = "poetry/science.txt";
const CONFIGURATION = "docs/haproxy.cfg";

function hasHAProxy(): boolean {
  try {
    const output = { stdout: "null", stderr: "null" } as const;
    return new Deno.Command("haproxy", { args: ["-v"], ...output })
      .outputSync().success;
  } catch {
    return false;
  }
}

const ignore = !hasHAProxy();

/** Tests behind a load balancer; where there is none, the name says so. */
function testWithHAProxy(name: string, fn: () => Promise<void>) {
  const why = ignore ? " (ignored: no haproxy)" : "";
  Deno.test({ name: name + why, ignore, fn });
}

/**
 * Starts HAProxy as the docs configure it, but for these servers, and on a UNIX socket:
 * of that it is known before that nobody else has it.
 */
async function startHAProxy(ports: number[]) {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/poetry`;
  const [one, two] = ports;
  const configuration = await Deno.readTextFile(projectPath(CONFIGURATION));
  const file = `${folder}/haproxy.cfg`;
  await Deno.writeTextFile(
    file,
    // Two threads that choose at the same moment may choose the same server.
    configuration.replace("global\n", "global\n    nbthread 1\n")
      .replace("bind :10000", `bind unix@${path}`)
      .replace("127.0.0.1:10001", `127.0.0.1:${one}`)
      .replace("127.0.0.1:10002", `127.0.0.1:${two}`),
  );
  const child = new Deno.Command("haproxy", {
    args: ["-db", "-f", file],
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  return {
    told: new Printed(child.stderr),
    async connect(): Promise<Deno.UnixConn> {
      while (true) {
        try {
          return await Deno.connect({ transport: "unix", path });
        } catch (error) {
          // It has not begun to listen yet.
          const { NotFound, ConnectionRefused } = Deno.errors;
          const isEarly = error instanceof NotFound ||
            error instanceof ConnectionRefused;
          if (!isEarly) throw error;
        }
      }
    },
    async [Symbol.asyncDispose]() {
      child.kill("SIGTERM");
      await child.status;
      await this.told.ended;
      await Deno.remove(folder, { recursive: true });
    },
  };
}

type HAProxy = Awaited<ReturnType<typeof startHAProxy>>;

async function readAll(conn: Deno.Conn): Promise<Uint8Array> {
  return await new Response(conn.readable).bytes();
}

async function readPoem(proxy: HAProxy): Promise<Uint8Array> {
  using connection = await proxy.connect();
  return await readAll(connection);
}

/** Slow enough for a signal in the middle. */
const PACE = ["--delay=0.02", "--num-bytes=10", "--drain=60"];

function startServer(port = 0) {
  const options = [`--port=${port}`, ...PACE];
  return startPoetryServer(FILE, POEM, { options });
}

testWithHAProxy(
  "behind HAProxy both servers serve, and a drained one finishes",
  async () => {
    await using one = await startServer();
    await using two = await startServer();
    await using proxy = await startHAProxy([one.port, two.port]);
    const poem = await poemBytes("science");

    const poems = [1, 2, 3, 4].map(() => readPoem(proxy));
    for (const { stdout } of [one, two]) {
      await stdout.waitFor(linesWith("wants", 2));
    }
    one.kill("SIGTERM");
    for (const read of await Promise.all(poems)) assertEquals(read, poem);
    assertEquals((await one.outcome()).code, 0);

    await proxy.told.waitFor(/Server servers\/one is DOWN/);
    assertEquals(await readPoem(proxy), poem);
    await using again = await startServer(one.port);
    await proxy.told.waitFor(/Server servers\/one is UP/);
    await Promise.all([readPoem(proxy), readPoem(proxy)]);
    await again.stdout.waitFor(/wants poetry!/);
  },
);

testWithHAProxy(
  "clients of a server that is killed get a part, the next ones all",
  async () => {
    await using one = await startServer();
    await using two = await startServer();
    await using proxy = await startHAProxy([one.port, two.port]);
    const poem = await poemBytes("science");
    const poems = [readPoem(proxy), readPoem(proxy)];
    for (const { stdout } of [one, two]) await stdout.waitFor(/Sending/);
    one.kill("SIGKILL");
    await one.outcome();
    // Nobody has noticed yet. Whoever comes is taken to the other server.
    assertEquals(await readPoem(proxy), poem);
    const lengths = (await Promise.all(poems)).map(({ length }) => length);
    assert(Math.min(...lengths) < poem.length, `${lengths}`);
    assertEquals(Math.max(...lengths), poem.length);
  },
);
