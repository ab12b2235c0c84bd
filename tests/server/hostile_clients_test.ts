import { assertEquals, assertStringIncludes } from "@std/assert";
import { connect } from "node:net";
import {
  type PoetryServer,
  Program,
  projectPath,
  SERVER_PERMISSIONS,
  startPoetryServer,
} from "../support/programs.ts";
import { writeCertificates } from "../support/certificate_files.ts";
import { certificates } from "../support/certificates.ts";
import { tempFolder } from "../support/temp_folder.ts";
import { within } from "../support/within.ts";
import { poemBytes, readPoem } from "./poetry_readers.ts";

const SLOW = "server/slowpoetry.ts";
const FAST = "server/fastpoetry.ts";
const POEM = "poetry/science.txt";
const FOR_UNIX = [...SERVER_PERMISSIONS, "--allow-write"];

/** More than the buffers of a connection take. */
const LARGE = 20_000_000;

/** Writes a long poem, which is removed with its folder. */
function largePoem(): { path: string; folder: string } & Disposable {
  const { path: folder, ...rest } = tempFolder();
  const path = `${folder}/large.txt`;
  Deno.writeFileSync(path, new Uint8Array(LARGE).fill(10));
  return { path, folder, ...rest };
}

async function reset(port: number, bytes = new Uint8Array(0)): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const socket = connect({ host: "127.0.0.1", port }, () => {
    if (bytes.length === 0) socket.resetAndDestroy();
    else socket.write(bytes, () => socket.resetAndDestroy());
  });
  socket.on("error", () => {});
  socket.on("close", () => resolve());
  await promise;
}

async function assertServes(server: PoetryServer): Promise<void> {
  assertEquals(await readPoem(server.port), await poemBytes("science"));
  assertEquals(server.stderr.text, "");
}

Deno.test("slowpoetry.ts serves on after connections that were reset before it accepted them", async () => {
  await using server = await startPoetryServer(SLOW, POEM, {
    options: ["--delay=0.01", "--num-bytes=100"],
  });
  // While it serves this one, the others wait in the queue of the system.
  const reading = readPoem(server.port);
  await server.stdout.waitFor(/Sending 100 bytes/);
  await Promise.all(Array.from({ length: 200 }, () => reset(server.port)));
  assertEquals(await reading, await poemBytes("science"));
  await assertServes(server);
});

const NO_REST = ["--delay=0", `--num-bytes=${LARGE}`];
const ONE = "--max-clients=1";
const SERVERS: [file: string, options: string[]][] = [
  [SLOW, NO_REST],
  [FAST, [ONE]],
  ["server/slowpoetry-reactor.ts", [ONE, ...NO_REST]],
  [FAST, ["--workers=2", "--max-clients=2"]],
];

/** Reads a poem, as soon as there is room for one more. */
async function readWhenLetIn(open: () => Promise<Deno.Conn>): Promise<number> {
  while (true) {
    using connection = await open();
    // Over TLS, to be turned away is to be cut off in the handshake.
    const read = new Response(connection.readable).bytes();
    const { length } = await read.catch(() => new Uint8Array(0));
    if (length > 0) return length;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

for (const [file, options] of SERVERS) {
  for (const carrier of ["TCP", "UNIX"]) {
    const isTCPAlone = file === SLOW || options.includes("--workers=2");
    if (carrier === "UNIX" && isTCPAlone) continue;
    const name = [file, ...options].join(" ");
    Deno.test(`${name} over ${carrier}: clients that read nothing make room for the next`, async () => {
      using poem = largePoem();
      const path = `${poem.folder}/socket`;
      const where = carrier === "UNIX" ? [`--listen=unix:${path}`] : [];
      await using server = await startPoetryServer(file, poem.path, {
        options: ["--send-timeout=1", ...options, ...where],
        permissions: [...FOR_UNIX, "--allow-run", "--unstable-net"],
      });
      const open = (): Promise<Deno.Conn> =>
        carrier === "UNIX"
          ? Deno.connect({ transport: "unix", path })
          : Deno.connect(server);
      using _idle = await open();
      await server.stdout.waitFor(/wants poetry!/);
      assertEquals(await within(30, readWhenLetIn(open)), LARGE);
      await server.stdout.waitFor(
        /has read nothing for 1 seconds: disconnecting\.$/m,
      );
      assertEquals(server.stderr.text, "");
    });
  }
}

for (
  const [what, bytes] of [
    ["say nothing", []],
    ["talk nonsense", [0x16, 3, 1, 2, 0, 1, 2, 3]],
  ] as const
) {
  Deno.test(`fastpoetry.ts over TLS: clients that ${what} in the handshake make room for the next`, async () => {
    using files = writeCertificates();
    const endpoint =
      `ssl:0:interface=127.0.0.1:privateKey=${files.key}:certKey=${files.cert}`;
    await using server = await startPoetryServer(FAST, POEM, {
      options: ["--send-timeout=1", ONE, `--listen=${endpoint}`],
    });
    using stalling = await Deno.connect(server);
    await stalling.write(new Uint8Array(bytes));
    await server.stdout.waitFor(/wants poetry!/);
    const caCerts = [certificates().root.cert];
    const open = () =>
      Deno.connectTls({ hostname: "localhost", port: server.port, caCerts });
    assertEquals(await within(30, readWhenLetIn(open)), 648);
  });
}

Deno.test("slowpoetry.ts: a client that stays after its poem holds nobody up", async () => {
  await using server = await startPoetryServer(SLOW, POEM, {
    options: ["--delay=0", "--num-bytes=1000"],
  });
  using staying = await Deno.connect(server);
  await server.stdout.waitFor(/Sending/);
  using next = await Deno.connect(server);
  const poem = await poemBytes("science");
  const read = await within(10, new Response(next.readable).bytes());
  assertEquals(read, poem);
  assertEquals(await new Response(staying.readable).bytes(), poem);
});

for (
  const [file, options] of [
    [SLOW, ["--delay=0", "--num-bytes=100"]],
    ["server/slowpoetry-reactor.ts", ["--delay=0", "--num-bytes=100"]],
    [FAST, []],
  ] as const
) {
  Deno.test(`${file} serves on after clients that break, talk, hang up and say nothing`, async () => {
    await using server = await startPoetryServer(file, POEM, {
      options: [...options],
    });
    const garbage = crypto.getRandomValues(new Uint8Array(60_000));
    for (let client = 0; client < 10; client++) {
      await reset(server.port);
      await reset(server.port, garbage.subarray(0, 1 + client * 6000));
      (await Deno.connect(server)).close();
      using half = await Deno.connect(server);
      await half.closeWrite();
      const poem = await poemBytes("science");
      assertEquals(await new Response(half.readable).bytes(), poem);
    }
    const silent: Deno.Conn[] = [];
    for (let i = 0; i < 5; i++) silent.push(await Deno.connect(server));
    await assertServes(server);
    for (const connection of silent) connection.close();
  });

  Deno.test(`${file} serves on after a reset behind each byte of the poem`, async () => {
    using folder = tempFolder();
    const path = `${folder.path}/short.txt`;
    Deno.writeTextFileSync(path, "A very short poem.\n");
    await using server = await startPoetryServer(file, path, {
      options: options.map((option) => option.replace(/=100$/, "=1")),
    });
    for (let count = 1; count <= 19; count++) {
      await resetBehind(server.port, count);
    }
    const poem = await Deno.readFile(path);
    assertEquals(await readPoem(server.port), poem);
    assertEquals(server.stderr.text, "");
  });
}

/** Breaks a connection when so many bytes have come. */
async function resetBehind(port: number, count: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let received = 0;
  const socket = connect({ host: "127.0.0.1", port });
  socket.on("data", (bytes) => {
    received += bytes.length;
    if (received >= count) socket.resetAndDestroy();
  });
  socket.on("error", () => {});
  socket.on("close", () => resolve());
  await promise;
}

Deno.test("the help of each server says how long it waits for a client that reads nothing", async () => {
  for (const [file] of SERVERS) {
    await using server = new Program(file, ["--help"], SERVER_PERMISSIONS);
    const { stdout } = await server.outcome();
    assertStringIncludes(stdout, "--send-timeout SECONDS");
    assertStringIncludes(stdout, "Default: 30.");
  }
  const page = await Deno.readTextFile(projectPath("docs/servers.md"));
  assertStringIncludes(page.replace(/\s+/g, " "), "for 30 seconds");
});
