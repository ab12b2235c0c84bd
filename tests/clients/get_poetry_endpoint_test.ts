import { assertEquals, assertInstanceOf, assertThrows } from "@std/assert";
import { parseEndpoint } from "../../clients/shared/endpoint_arguments.ts";
import { UsageError } from "../../cli/exit.ts";
import {
  SSL4ClientEndpoint,
  TCP4ClientEndpoint,
  TCP6ClientEndpoint,
  UNIXClientEndpoint,
} from "../../mod.ts";
import {
  CLIENT_PERMISSIONS,
  type Outcome,
  projectPath,
  runClient,
  SERVER_PERMISSIONS,
  startClient,
  startPoetryServer,
} from "../support/programs.ts";
import {
  neverSends,
  refusingAddress,
  startServer,
} from "../support/servers.ts";
import { writeCertificates } from "../support/certificate_files.ts";
import { certificates } from "../support/certificates.ts";
import { tempFolder } from "../support/temp_folder.ts";
import { check, poemFailed } from "./expectations.ts";

const CLIENT = "endpoint";
const USAGE = "Usage: get-poetry-endpoint.ts [options] endpoint ...\n";

function run(args: string[], permissions?: string[]): Promise<Outcome> {
  return runClient(CLIENT, args, permissions);
}

for (const args of [[], ["--help"], ["tcp:h:1", "-h"]]) {
  const line = args.join(" ") || "no endpoint";
  Deno.test(`get-poetry-endpoint.ts: with ${line}, it prints its help`, async () => {
    check(CLIENT, await run(args), {
      stdout:
        /^Usage: get-poetry-endpoint\.ts \[options\] endpoint \.\.\.\n\nThis is the poetry client[^]*Options:\n {2}--timeout SECONDS .*\n {2}--help /,
    });
  });
}

const ENDPOINTS = {
  "tcp:localhost:10000": TCP4ClientEndpoint,
  "tcp:localhost:10000:timeout=5": TCP4ClientEndpoint,
  "tcp6:localhost:10000": TCP6ClientEndpoint,
  "unix:/tmp/poetry": UNIXClientEndpoint,
  "ssl:localhost:10000": SSL4ClientEndpoint,
};

for (const [text, type] of Object.entries(ENDPOINTS)) {
  Deno.test(`get-poetry-endpoint.ts: ${text} is an endpoint`, () => {
    assertInstanceOf(parseEndpoint(text), type);
  });
}

const BAD: [text: string, message: string][] = [
  [
    "10000",
    'Cannot read the endpoint "10000": it must begin with tcp:, tcp6:, unix:, ssl:, tls:.',
  ],
  [
    "tcp:h:x",
    'Cannot read the endpoint "tcp:h:x": the port must be an integer, got "x".',
  ],
  [
    "ssl:h:1:nosuch=1",
    'Cannot read the endpoint "ssl:h:1:nosuch=1": there is no argument nosuch: ' +
    "ssl: takes host, port, timeout, bindAddress, hostname, caCertsDir, certKey, privateKey, verify, handshakeTimeout.",
  ],
];

for (const [text, message] of BAD) {
  Deno.test(`get-poetry-endpoint.ts: ${text} is refused: ${message}`, async () => {
    const error = assertThrows(() => parseEndpoint(text), UsageError);
    assertEquals(error.message, message);
    check(CLIENT, await run([text]), {
      code: 2,
      stderr: `${USAGE}\nerror: ${message}\n`,
    });
  });
}

Deno.test("get-poetry-endpoint.ts: a poem comes from tcp:, with options as well", async () => {
  await using server = await startServer((socket) => socket.end("A Poem\n"));
  const { address } = server;
  for (const text of [`tcp:${address}`, `tcp:${address}:timeout=20`]) {
    check(CLIENT, await run([text]), { stdout: "A Poem\n\n" });
  }
});

Deno.test("get-poetry-endpoint.ts: where one server refuses, the others' poems still come", async () => {
  using refusing = await refusingAddress();
  await using server = await startServer((socket) => socket.end("A Poem\n"));
  const args = [`tcp:${refusing.address}`, `tcp:${server.address}`];
  check(CLIENT, await run(args), {
    code: 1,
    stdout: "A Poem\n\n",
    stderr: poemFailed(
      `ConnectionRefusedError: Cannot connect to ${refusing.address}: connection refused`,
    ),
  });
});

Deno.test("get-poetry-endpoint.ts: a poem that takes too long is given up", async () => {
  await using server = await startServer(neverSends);
  check(CLIENT, await run(["--timeout=1", `tcp:${server.address}`]), {
    code: 1,
    stderr: /^TimeoutError: not every poem came within 1 s\nPoem failed: /,
  });
});

Deno.test("get-poetry-endpoint.ts: Ctrl-C ends it, and it prints what has come", async () => {
  await using whole = await startServer((socket) => socket.end("all"));
  await using endless = await startServer((socket) => void socket.write("h"));
  const args = [`tcp:${whole.address}`, `tcp:${endless.address}`];
  await using client = startClient(CLIENT, args);
  await endless.connected;
  await whole.closed;
  client.kill("SIGINT");
  check(CLIENT, await client.outcome(), {
    code: 1,
    stdout: "all\n",
    stderr: /reactor stopped/,
  });
});

Deno.test("get-poetry-endpoint.ts: a poem comes over TLS", async () => {
  await using server = await startServer(
    (socket) => socket.end("A Poem\n"),
    certificates().server,
  );
  check(CLIENT, await run([`ssl:${server.address}:verify=no`]), {
    stdout: "A Poem\n\n",
  });
});

Deno.test("get-poetry-endpoint.ts: a server that is not trusted is a poem that failed", async () => {
  await using server = await startServer(
    (socket) => socket.end("A Poem\n"),
    certificates().server,
  );
  const text =
    `tls:localhost:${server.port}:endpoint=tcp\\:127.0.0.1\\:${server.port}`;
  check(CLIENT, await run([text]), {
    code: 1,
    stderr: /^Poem failed: \[Failure[^:]*: Traceback[^:]*: CertificateError: /,
  });
});

Deno.test("get-poetry-endpoint.ts: tls: takes the roots to trust from a folder", async () => {
  using files = writeCertificates();
  await using server = await startServer(
    (socket) => socket.end("A Poem\n"),
    certificates().server,
  );
  const text = `tls:localhost:${server.port}:trustRoots=${files.roots}`;
  const permissions = [...CLIENT_PERMISSIONS, "--allow-read"];
  check(CLIENT, await run([text], permissions), { stdout: "A Poem\n\n" });
});

Deno.test("get-poetry-endpoint.ts: a poem comes from a UNIX socket", async () => {
  using folder = tempFolder();
  const path = `${folder.path}/poetry`;
  await using server = await startPoetryServer(
    "server/fastpoetry.ts",
    "poetry/science.txt",
    {
      options: [`--listen=unix:${path}`],
      permissions: [...SERVER_PERMISSIONS, "--allow-write"],
    },
  );
  const poem = await Deno.readTextFile(projectPath("poetry/science.txt"));
  const permissions = [...CLIENT_PERMISSIONS, "--allow-read", "--allow-write"];
  check(CLIENT, await run([`unix:${path}`], permissions), {
    stdout: `${poem}\n`,
  });
  await server.stdout.waitFor(/Somebody at a UNIX socket wants poetry!/);
});

Deno.test("get-poetry-endpoint.ts: names the permission that it was not given", async () => {
  const missing = (use: string, name: string) => ({
    code: 2,
    stderr: `error: No permission to ${use}: deno run needs --allow-${name}.\n`,
  });
  const unix = ["unix:/poetry"];
  check(CLIENT, await run(unix), missing("read /poetry", "read"));
  const permissions = [...CLIENT_PERMISSIONS, "--allow-read"];
  check(
    CLIENT,
    await run(unix, permissions),
    missing("write /poetry", "write"),
  );
  check(CLIENT, await run(["tcp:h:1"], []), missing("use h:1", "net"));
});
