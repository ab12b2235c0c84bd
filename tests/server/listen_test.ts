import { assertEquals } from "@std/assert";
import {
  Program,
  projectPath,
  SERVER_PERMISSIONS,
  startPoetryServer,
} from "../support/programs.ts";
import { writeCertificates } from "../support/certificate_files.ts";
import { certificates } from "../support/certificates.ts";
import { linesWith, poemBytes, readPoem } from "./poetry_readers.ts";

const FILES = ["server/fastpoetry.ts", "server/slowpoetry-reactor.ts"];
const POEM = "poetry/science.txt";
const FOR_UNIX = [...SERVER_PERMISSIONS, "--allow-write"];
const FOR_WORKERS = [...SERVER_PERMISSIONS, "--allow-run", "--unstable-net"];

function optionsFor(file: string, endpoint: string): string[] {
  const pace = ["--num-bytes=100", "--delay=0.01"];
  return [`--listen=${endpoint}`, ...file.includes("slow") ? pace : []];
}

function readAll(conn: Deno.Conn): Promise<Uint8Array> {
  return new Response(conn.readable).bytes();
}

async function readOverTLS(port: number): Promise<Uint8Array> {
  using connection = await Deno.connectTls({
    hostname: "localhost",
    port,
    caCerts: [certificates().root.cert],
  });
  return await readAll(connection);
}

for (const file of FILES) {
  for (
    const [endpoint, host] of [
      ["tcp:0:interface=127.0.0.1", "127.0.0.1"],
      ["tcp6:0:interface=\\:\\:1", "::1"],
    ]
  ) {
    Deno.test(`${file} --listen ${endpoint}: the poem comes whole`, async () => {
      const options = optionsFor(file, `${endpoint}`);
      await using server = await startPoetryServer(file, POEM, { options });
      assertEquals(
        await readPoem(server.port, host),
        await poemBytes("science"),
      );
    });
  }

  Deno.test(`${file} --listen unix: the poem comes whole, and no socket stays`, async () => {
    const folder = await Deno.makeTempDir();
    const path = `${folder}/poetry`;
    try {
      await using server = await startPoetryServer(file, POEM, {
        options: optionsFor(file, `unix:${path}`),
        permissions: FOR_UNIX,
      });
      using connection = await Deno.connect({ transport: "unix", path });
      assertEquals(await readAll(connection), await poemBytes("science"));
      server.kill("SIGTERM");
      const { code, stdout, stderr } = await server.outcome();
      assertEquals({ code, stderr }, { code: 0, stderr: "" });
      assertEquals(
        stdout.split("\n").slice(0, 2),
        [
          `Serving ${POEM} on unix:${path}.`,
          "Somebody at a UNIX socket wants poetry!",
        ],
      );
      assertEquals(await Array.fromAsync(Deno.readDir(folder)), []);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });

  Deno.test(`${file} --listen ssl: the poem comes whole, over TLS, from two workers`, async () => {
    using files = writeCertificates();
    const endpoint =
      `ssl:0:interface=127.0.0.1:privateKey=${files.key}:certKey=${files.cert}`;
    await using server = await startPoetryServer(file, POEM, {
      options: ["--workers=2", ...optionsFor(file, endpoint)],
      permissions: FOR_WORKERS,
    });
    const poem = await poemBytes("science");
    const poems = Array.from({ length: 32 }, () => readOverTLS(server.port));
    for (const read of await Promise.all(poems)) assertEquals(read, poem);
    for (const worker of ["Worker 1: S", "Worker 2: S"]) {
      await server.stdout.waitFor(linesWith(worker, 1));
    }
    assertEquals(server.stderr.text, "");
  });
}

Deno.test("a server that may not use a UNIX socket says what is missing", async () => {
  const file = projectPath("poetry/nobody-there");
  const args = [`--listen=unix:${file}`, POEM];
  await using server = new Program(FILES[0] ?? "", args, SERVER_PERMISSIONS);
  const { code, stdout, stderr } = await server.outcome();
  assertEquals({ code, stdout, stderr }, {
    code: 2,
    stdout: "",
    stderr:
      `error: No permission to write ${file}: deno run needs --allow-write.\n`,
  });
});

Deno.test("a server whose certificate cannot be read says so", async () => {
  const args = ["--listen=ssl:0:privateKey=nosuch.pem", POEM];
  await using server = new Program(FILES[0] ?? "", args, SERVER_PERMISSIONS);
  const { code, stdout, stderr } = await server.outcome();
  assertEquals({ code, stdout, stderr }, {
    code: 2,
    stdout: "",
    stderr:
      'error: Cannot read the endpoint "ssl:0:privateKey=nosuch.pem": cannot read nosuch.pem: no such file or directory.\n',
  });
});
