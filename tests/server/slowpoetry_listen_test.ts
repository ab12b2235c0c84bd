import { assertEquals, assertStringIncludes } from "@std/assert";
import { Program, projectPath, SERVER_PERMISSIONS } from "../support.ts";
import { tempFolder } from "../support/temp_folder.ts";

const POEM = "poetry/science.txt";
const FAST = ["--delay=0", "--num-bytes=1000", POEM];

/** Starts the slow server where it is told to listen. */
function startAt(
  endpoint: string,
  permissions = [...SERVER_PERMISSIONS, "--allow-write"],
): Program {
  const args = ["--listen", endpoint, ...FAST];
  return new Program("server/slowpoetry.ts", args, permissions);
}

async function textOf(connection: Deno.Conn): Promise<string> {
  return await new Response(connection.readable).text();
}

Deno.test("slowpoetry.ts listens at tcp: with --listen", async () => {
  await using server = startAt("tcp:0:interface=127.0.0.1:backlog=5");
  const serving = /^Serving .* on port (\d+)\.\n/;
  const [, port] = await server.stdout.waitFor(serving);
  using connection = await Deno.connect({
    hostname: "127.0.0.1",
    port: Number(port),
  });
  const poem = await Deno.readTextFile(projectPath(POEM));
  assertEquals(await textOf(connection), poem);
  assertStringIncludes(server.stdout.text, "Somebody at ('127.0.0.1', ");
});

Deno.test("slowpoetry.ts listens on a UNIX socket with --listen, whatever a dead server left", async () => {
  using folder = tempFolder();
  const path = `${folder.path}/socket`;
  const poem = await Deno.readTextFile(projectPath(POEM));
  for (let time = 0; time < 2; time++) {
    // Leaving the loop kills it, so that the next finds its socket and its lock.
    await using server = startAt(`unix:${path}:mode=600`);
    await server.stdout.waitFor(/^Serving .*\n/);
    assertEquals(
      server.stdout.text,
      `Serving ${POEM} on unix:${path}.\n`,
    );
    assertEquals((Deno.statSync(path).mode ?? 0) & 0o777, 0o600);
    using connection = await Deno.connect({ transport: "unix", path });
    assertEquals(await textOf(connection), poem);
    await server.stdout.waitFor(/Somebody at a UNIX socket wants poetry!/);
    // A lock that has just been made is taken for that of a server that starts.
    Deno.utimeSync(`${path}.lock`, 0, 0);
  }
});

const REFUSED: [endpoint: string, message: string][] = [
  [
    "80",
    'Cannot read the endpoint "80": it must begin with tcp:, tcp6:, unix:, ssl:.',
  ],
  [
    "tcp:x",
    'Cannot read the endpoint "tcp:x": the port must be an integer, got "x".',
  ],
  [
    "ssl:443:privateKey=nosuch.pem",
    'Cannot read the endpoint "ssl:443:privateKey=nosuch.pem": ' +
    "cannot read nosuch.pem: no such file or directory.",
  ],
  [
    "tcp:0:interface=192.0.2.1",
    "Cannot listen on 192.0.2.1:0: cannot assign requested address.",
  ],
  [
    "unix:/nosuch/socket",
    "Cannot listen on /nosuch/socket: no such file or directory.",
  ],
];

for (const [endpoint, message] of REFUSED) {
  Deno.test(`slowpoetry.ts --listen ${endpoint} exits with 2: ${message}`, async () => {
    await using server = startAt(endpoint);
    const { code, stdout, stderr } = await server.outcome();
    assertEquals({ code, stdout, stderr }, {
      code: 2,
      stdout: "",
      stderr: `error: ${message}\n`,
    });
  });
}

Deno.test("slowpoetry.ts names the permission that a UNIX socket needs", async () => {
  await using server = startAt("unix:/nosuch/socket", SERVER_PERMISSIONS);
  const { code, stderr } = await server.outcome();
  assertEquals({ code, stderr }, {
    code: 2,
    stderr:
      "error: No permission to write /nosuch/socket: deno run needs --allow-write.\n",
  });
});
