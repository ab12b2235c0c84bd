import {
  CLIENT_PERMISSIONS,
  neverSends,
  Program,
  projectPath,
  refusingAddress,
  runClient,
  SERVER_PERMISSIONS,
  startServer,
} from "../support.ts";
import { writeCertificates } from "../support/certificate_files.ts";
import { certificates } from "../support/certificates.ts";
import { tempFolder } from "../support/temp_folder.ts";
import {
  byVersion,
  check,
  DOWNLOAD_FAILED,
  expectAll,
  poemFailed,
  PROTOCOL_VERSIONS,
  STACK_OF_DATA,
  STACK_OF_POEM,
  withChance,
  written,
} from "./expectations.ts";

/** An endpoint for an address: with a timeout, it is more than a host and a port. */
function endpoint(address: string): string {
  return `tcp:${address}:timeout=20`;
}

Deno.test("every client gets a poem from tcp: with a host and a port", async () => {
  await using server = await startServer((socket) => socket.end("A Poem\n"));
  const { address } = server;
  const one = "Task 1: 7 bytes of poetry\nGot 1 poems in TIME\n";
  await expectAll([`tcp:${address}`], {
    "async 1": {
      stdout:
        `Task 1: got 7 bytes of poetry from ${address}\nTask 1 finished\n${one}`,
    },
    "1-broken": {
      stdout: `Task 1: got 7 bytes of poetry from ${address}\n${one}`,
    },
    "2": {
      stdout: `Task 1: got 7 bytes of poetry from ${
        written(address)
      }\nTask 1 finished\n${one}`,
    },
    "2-stack": { stdout: STACK_OF_DATA },
    "2.1 3 3.1 4": { stdout: "A Poem\n\n" },
    "4-stack": { stdout: STACK_OF_POEM },
    "5 5.1": { stdout: "a poem\n\n" },
  });
});

Deno.test("every client with a protocol gets a poem from an endpoint", async () => {
  await using server = await startServer((socket) => socket.end("A Poem\n"));
  const { address } = server;
  await expectAll([endpoint(address)], {
    "2": {
      stdout: `Task 1: got 7 bytes of poetry from ${written(address)}\n` +
        "Task 1 finished\nTask 1: 7 bytes of poetry\nGot 1 poems in TIME\n",
    },
    "2-stack": { stdout: STACK_OF_DATA },
    "2.1 3 3.1 4": { stdout: "A Poem\n\n" },
    "4-stack": { stdout: STACK_OF_POEM },
    "5 5.1": { stdout: "a poem\n\n" },
  }, PROTOCOL_VERSIONS);
});

Deno.test("an endpoint that refuses is a failure like any other", async () => {
  using refusing = await refusingAddress();
  const { address } = refusing;
  const text = endpoint(address);
  const failed = `Failed to connect to: ${text}\n`;
  await expectAll([text], {
    "2 2-stack": { code: 1, stdout: `${failed}Got 0 poems in TIME\n` },
    "2.1": { code: 1, stdout: failed },
    "3.1 4 4-stack": {
      code: 1,
      stderr: poemFailed(
        `ConnectionRefusedError: Cannot connect to ${address}: connection refused`,
      ),
    },
    "5 5.1": { code: 1, stderr: DOWNLOAD_FAILED },
  }, PROTOCOL_VERSIONS.filter((version) => version !== "3"));
});

Deno.test("a poem from an endpoint that takes too long is given up", async () => {
  await using server = await startServer(neverSends);
  const late = "TimeoutError: not every poem came within 1 s\n";
  const lost = `Lost the connection to: ${endpoint(server.address)}\n`;
  await expectAll(["--timeout=1", endpoint(server.address)], {
    "2 2-stack": {
      code: 1,
      stdout: "Got 0 poems in TIME\n",
      stderr: late + lost,
    },
    "2.1 3": { code: 1, stderr: late + lost },
    "3.1 4 4-stack": { code: 1, stderr: /^Poem failed: .* TimeoutError: / },
    "5 5.1": { code: 1, stderr: DOWNLOAD_FAILED },
  }, PROTOCOL_VERSIONS);
});

Deno.test("clients without protocols say that TLS is nothing for them", async () => {
  const text = "tls:poems.test:10000";
  const message =
    `error: TLS is nothing for this program, which has sockets alone: ${text}.\n`;
  const refused = (version: string) => ({
    code: 2,
    stderr:
      `Usage: get-poetry-${version}.ts [options] [hostname]:port ...\n\n${message}`,
  });
  await expectAll([text], {
    "async": refused("async"),
    "1": refused("1"),
    "1-broken": refused("1-broken"),
  }, ["async", "1", "1-broken"]);
});

Deno.test("every client with a protocol gets a poem over TLS", async () => {
  await using server = await startServer(
    (socket) => socket.end("A Poem\n"),
    certificates().server,
  );
  const { address } = server;
  await expectAll([`ssl:${address}:verify=no`], {
    "2": {
      stdout: `Task 1: got 7 bytes of poetry from ${written(address)}\n` +
        "Task 1 finished\nTask 1: 7 bytes of poetry\nGot 1 poems in TIME\n",
    },
    "2-stack": { stdout: STACK_OF_DATA },
    "2.1 3 3.1 4": { stdout: "A Poem\n\n" },
    "4-stack": { stdout: STACK_OF_POEM },
    "5 5.1": { stdout: "a poem\n\n" },
  }, PROTOCOL_VERSIONS);
});

Deno.test("a server that is not trusted is a poem that failed", async () => {
  await using server = await startServer(
    (socket) => socket.end("A Poem\n"),
    certificates().server,
  );
  const text =
    `tls:localhost:${server.port}:endpoint=tcp\\:127.0.0.1\\:${server.port}`;
  const lost = { code: 1, stderr: `Lost the connection to: ${text}\n` };
  await expectAll([text], {
    "2.1 3": { ...lost, stdout: "\n" },
    "3.1 4 4-stack": {
      code: 1,
      stderr:
        /^Poem failed: \[Failure[^:]*: Traceback[^:]*: CertificateError: /,
    },
    "5 5.1": { code: 1, stderr: DOWNLOAD_FAILED },
  }, ["2.1", "3", "3.1", "4", "4-stack", "5", "5.1"]);
});

Deno.test("tls: takes the roots to trust from a folder", async () => {
  using files = writeCertificates();
  await using server = await startServer(
    (socket) => socket.end("A Poem\n"),
    certificates().server,
  );
  const text = `tls:localhost:${server.port}:trustRoots=${files.roots}`;
  const permissions = [...CLIENT_PERMISSIONS, "--allow-read"];
  for (const version of ["2.1", "3.1", "4"]) {
    const outcome = await runClient(version, [text], permissions);
    check(version, outcome, { stdout: "A Poem\n\n" });
  }
});

/** Starts a slow server on a UNIX socket, and waits until it listens. */
async function startAtSocket(path: string): Promise<Program> {
  const options = [`--listen=unix:${path}`, "--delay=0", "--num-bytes=1000"];
  const server = new Program(
    "server/slowpoetry.ts",
    [...options, "poetry/science.txt"],
    [...SERVER_PERMISSIONS, "--allow-write"],
  );
  await server.stdout.waitFor(/^Serving poetry\/science.txt on unix:.*\n/);
  return server;
}

Deno.test("every client gets a poem from a UNIX socket", async () => {
  using folder = tempFolder();
  const path = `${folder.path}/poetry`;
  await using server = await startAtSocket(path);
  const poem = await Deno.readTextFile(projectPath("poetry/science.txt"));
  const one = "Task 1: 648 bytes of poetry\nGot 1 poems in TIME\n";
  const got = `Task 1: got 648 bytes of poetry from unix:${path}\n`;
  const expected = byVersion({
    "async 1": { stdout: `${got}Task 1 finished\n${one}` },
    "1-broken": { stdout: `${got}${one}` },
    "2": {
      stdout:
        `Task 1: got 648 bytes of poetry from UNIXAddress('${path}')\nTask 1 finished\n${one}`,
    },
    "2-stack": { stdout: STACK_OF_DATA },
    "2.1 3 3.1 4": { stdout: `${poem}\n` },
    "4-stack": { stdout: STACK_OF_POEM },
    "5 5.1": { stdout: `${poem.toLowerCase()}\n` },
  });
  expected.set("blocking", {
    stdout:
      /^Task 1: get poetry from: unix:.*\nTask 1: got 648 bytes of poetry from unix:/,
  });
  const permissions = [...withChance(0), "--allow-read", "--allow-write"];
  for (const [version, wanted] of expected) {
    const outcome = await runClient(version, [`unix:${path}`], permissions);
    check(version, outcome, wanted);
  }
  await server.stdout.waitFor(/Somebody at a UNIX socket wants poetry!/);
});

Deno.test("without --allow-read and --allow-write a UNIX socket is nothing to clients", async () => {
  const message = (name: string) => ({
    code: 2,
    stderr:
      `error: No permission to ${name} /poetry: deno run needs --allow-${name}.\n`,
  });
  for (const version of ["blocking", "1", "4"]) {
    const args = ["unix:/poetry"];
    check(version, await runClient(version, args), message("read"));
    const permissions = [...CLIENT_PERMISSIONS, "--allow-read"];
    check(
      version,
      await runClient(version, args, permissions),
      message("write"),
    );
  }
});
