import type { Socket } from "node:net";
import { startClient, startSlowServer } from "../support/programs.ts";
import {
  closesAtOnce,
  neverSends,
  refusingAddress,
  sends,
  startServer,
} from "../support/servers.ts";
import {
  check,
  DOWNLOAD_FAILED,
  expectAll,
  poemFailed,
  PROTOCOL_VERSIONS,
  STACK_OF_DATA,
  STACK_OF_POEM,
  VERSIONS,
  written,
} from "./expectations.ts";

Deno.test("a server that closes at once has sent an empty poem", async () => {
  await using server = await startServer(closesAtOnce);
  const { address } = server;
  const empty = "Task 1: 0 bytes of poetry\nGot 1 poems in TIME\n";
  await expectAll([address], {
    "async 1 2 2-stack": { stdout: `Task 1 finished\n${empty}` },
    "1-broken": {
      stdout: `Task 1: got 0 bytes of poetry from ${address}\n${empty}`,
    },
    "2.1 3 3.1 4 5 5.1": { stdout: "\n" },
    "4-stack": { stdout: STACK_OF_POEM },
  });
});

/**
 * Sends half a poem, and resets the connection a while later: a client that had not yet
 * been told that it is connected would see an attempt that failed.
 */
function resetsHalfway(socket: Socket): void {
  socket.write("Science! true daughter");
  setTimeout(() => socket.resetAndDestroy(), 1000);
}

/** What comes before the reset; the bytes may be lost to it. */
const HALF = String.raw`(Task 1: got 22 bytes of poetry from [^\n]*\n)?`;

Deno.test("a connection that is reset is an error without protocols", async () => {
  await using server = await startServer(resetsHalfway);
  await expectAll([server.address], {
    "async 1": {
      code: 1,
      stdout: new RegExp(
        `^${HALF}Task 1: (22|0) bytes of poetry\nGot 0 poems in TIME\n$`,
      ),
      stderr: "Task 1: the connection was lost: connection reset by peer\n",
    },
    "1-broken": {
      code: 1,
      stdout: /^Task 1: (22|0) bytes of poetry\nGot 0 poems in TIME\n$/,
      stderr: "Task 1: the connection was lost before it was closed\n",
    },
  }, ["async", "1", "1-broken"]);
});

Deno.test("before 3.1 half a poem passes for a whole one", async () => {
  await using server = await startServer(resetsHalfway);
  const { address } = server;
  // The timeout is only there so that nothing could wait for ever.
  await expectAll(["--timeout", "20", address], {
    "2": {
      stdout: new RegExp(
        `^${HALF}Task 1 finished\nTask 1: (22|0) bytes of poetry\nGot 1 poems in TIME\n$`,
      ),
    },
    "2.1 3": { stdout: /^(Science! true daughter)?\n$/ },
  }, ["2", "2.1", "3"]);
});

Deno.test("from 3.1 on half a poem has failed", async () => {
  await using server = await startServer(resetsHalfway);
  await expectAll(["--timeout", "20", server.address], {
    "3.1 4 4-stack": {
      code: 1,
      stderr: poemFailed(
        "ConnectionLost: The connection was lost: connection reset by peer",
      ),
    },
    "5 5.1": { code: 1, stderr: DOWNLOAD_FAILED },
  }, ["3.1", "4", "4-stack", "5", "5.1"]);
});

Deno.test("half a character at the end is shown as U+FFFD", async () => {
  await using server = await startServer(sends(new Uint8Array([0x61, 0xc3])));
  const { address } = server;
  const one = "Task 1: 2 bytes of poetry\nGot 1 poems in TIME\n";
  await expectAll([address], {
    "async 1": {
      stdout:
        `Task 1: got 2 bytes of poetry from ${address}\nTask 1 finished\n${one}`,
    },
    "1-broken": {
      stdout: `Task 1: got 2 bytes of poetry from ${address}\n${one}`,
    },
    "2": {
      stdout: `Task 1: got 2 bytes of poetry from ${
        written(address)
      }\nTask 1 finished\n${one}`,
    },
    "2-stack": { stdout: STACK_OF_DATA },
    "2.1 3 3.1 4 5 5.1": { stdout: "a\ufffd\n" },
    "4-stack": { stdout: STACK_OF_POEM },
  });
});

/** What every client says at the end of `--timeout`, and what those from 3.1 on add. */
const LATE = "TimeoutError: not every poem came within 1 s\n";
const LATE_POEM =
  /^TimeoutError: not every poem came within [\d.]+ s\nPoem failed: \[Failure instance: Traceback[^\n]*: [^]*\]\n$/;

Deno.test("with --timeout, a server that never sends is given up", async () => {
  await using server = await startServer(neverSends);
  const { address } = server;
  const late = { code: 1, stderr: LATE };
  await expectAll(["--timeout", "1", address], {
    "2 2-stack": { ...late, stdout: "Got 0 poems in TIME\n" },
    "2.1 3": late,
    "3.1 4 4-stack": { code: 1, stderr: LATE_POEM },
    "5 5.1": { code: 1, stderr: LATE + DOWNLOAD_FAILED },
  }, PROTOCOL_VERSIONS);
});

Deno.test("with --timeout, the poems that came in time are kept", async () => {
  await using silent = await startServer(neverSends);
  await using server = await startServer(sends("In time.\n"));
  const addresses = [silent.address, server.address];
  const late = { code: 1, stderr: LATE };
  await expectAll(["--timeout=1", ...addresses], {
    "2": {
      ...late,
      stdout:
        /\nTask \d finished\nTask \d: 9 bytes of poetry\nGot 1 poems in TIME\n$/,
    },
    "2.1 3": { ...late, stdout: "In time.\n\n" },
    "3.1 4": { code: 1, stdout: "In time.\n\n", stderr: LATE_POEM },
    "5 5.1": {
      code: 1,
      stdout: "in time.\n\n",
      stderr: LATE + DOWNLOAD_FAILED,
    },
  }, PROTOCOL_VERSIONS.filter((version) => !version.endsWith("-stack")));
});

Deno.test("a timeout that is not needed holds nothing up", async () => {
  await using server = await startServer(sends("a"));
  await expectAll(["--timeout", "3600", server.address], {
    "2": { stdout: /Got 1 poems in TIME\n$/ },
    "2-stack": { stdout: STACK_OF_DATA },
    "2.1 3 3.1 4 5 5.1": { stdout: "a\n" },
    "4-stack": { stdout: STACK_OF_POEM },
  }, PROTOCOL_VERSIONS);
});

/** Fills the queue of a port that accepts nobody, so that the next attempt gets no answer. */
async function unansweringPort(): Promise<{ port: number } & Disposable> {
  const listener = Deno.listen({
    hostname: "127.0.0.1",
    port: 0,
    tcpBacklog: 1,
  });
  const { port } = listener.addr;
  const queued: Deno.TcpConn[] = [];
  for (const _ of [1, 2]) {
    queued.push(await Deno.connect({ hostname: "127.0.0.1", port }));
  }
  return {
    port,
    [Symbol.dispose]() {
      for (const open of [...queued, listener]) open.close();
    },
  };
}

Deno.test({
  name: "--timeout covers connecting as well",
  // Only there is it known how many connections a queue of one takes.
  ignore: Deno.build.os !== "linux",
  async fn() {
    using unanswering = await unansweringPort();
    const address = `127.0.0.1:${unanswering.port}`;
    const late = {
      code: 1,
      stderr: "TimeoutError: not every poem came within 0.2 s\n",
    };
    await expectAll(["--timeout", "0.2", address], {
      "2 2-stack": {
        ...late,
        stdout: `Failed to connect to: ${
          written(address)
        }\nGot 0 poems in TIME\n`,
      },
      "2.1": { ...late, stdout: `Failed to connect to: ${written(address)}\n` },
      "3": late,
      "3.1 4 4-stack": { code: 1, stderr: LATE_POEM },
      "5 5.1": { code: 1, stderr: late.stderr + DOWNLOAD_FAILED },
    }, PROTOCOL_VERSIONS);
  },
});

Deno.test("where one server refuses, the others' poems still come, but for client 1.0", async () => {
  using refusing = await refusingAddress();
  await using server = await startSlowServer();
  const { address } = refusing;
  const reason = `cannot connect to ${address}: connection refused`;
  const poem = await Deno.readTextFile("poetry/science.txt");
  await expectAll([address, server.address], {
    async: {
      code: 1,
      stdout:
        /\nTask 2 finished\nTask 2: 648 bytes of poetry\nGot 1 poems in TIME\n$/,
      stderr: `Task 1: ${reason}\n`,
    },
    // It crashes, as it says in its own words, and takes the other poems with it.
    "1": {
      code: 1,
      stderr: new RegExp(
        `Uncaught .*ConnectionRefusedError: .*${address}: connection refused`,
      ),
    },
    "1-broken": { code: 1, stderr: `error: ${reason}\n` },
    "2": {
      code: 1,
      stdout: new RegExp(
        "^Failed to connect to: [^]*Task 1: 648 bytes of poetry\nGot 1 poems in TIME\n$",
      ),
    },
    "2-stack": { stdout: STACK_OF_DATA },
    "2.1": {
      code: 1,
      stdout: `Failed to connect to: ${written(address)}\n${poem}\n`,
    },
    "3.1 4": {
      code: 1,
      stdout: `${poem}\n`,
      stderr: poemFailed(
        `ConnectionRefusedError: Cannot connect to ${address}: connection refused`,
      ),
    },
    "4-stack": { stdout: STACK_OF_POEM, stderr: /ConnectionRefusedError/ },
    "5 5.1": {
      code: 1,
      stdout: `${poem.toLowerCase()}\n`,
      stderr: DOWNLOAD_FAILED,
    },
  }, VERSIONS.filter((version) => version !== "3"));
});

Deno.test("client 3.0 waits for a server that refuses, until Ctrl-C", async () => {
  using refusing = await refusingAddress();
  await using server = await startServer(sends("A poem\n"));
  await using client = startClient("3", [refusing.address, server.address]);
  await server.closed;
  client.kill("SIGINT");
  check("3", await client.outcome(), { code: 1, stdout: "A poem\n\n" });
});

Deno.test("client 3.0 waits for a server that refuses, until --timeout", async () => {
  using refusing = await refusingAddress();
  await expectAll(["--timeout", "0.2", refusing.address], {
    "3": {
      code: 1,
      stderr: "TimeoutError: not every poem came within 0.2 s\n",
    },
  }, ["3"]);
});

Deno.test("a host without an address fails like one that refuses", async () => {
  const address = "nosuch.invalid:1";
  const reason = `annot connect to ${address}: failed to lookup`;
  const failed = {
    code: 1,
    stderr: new RegExp(`^Poem failed: .*DNSLookupError: C${reason}`),
  };
  await expectAll([address], {
    async: {
      code: 1,
      stdout: "Got 0 poems in TIME\n",
      stderr: new RegExp(`^Task 1: c${reason}[^\n]*\n$`),
    },
    "1": {
      code: 1,
      stderr: new RegExp(`Uncaught .*DNSLookupError: C${reason}`),
    },
    "1-broken": { code: 1, stderr: new RegExp(`^error: c${reason}[^\n]*\n$`) },
    "2 2-stack": {
      code: 1,
      stdout: `Failed to connect to: ${
        written(address)
      }\nGot 0 poems in TIME\n`,
    },
    "2.1": { code: 1, stdout: `Failed to connect to: ${written(address)}\n` },
    "3.1 4 4-stack": failed,
    "5 5.1": { code: 1, stderr: DOWNLOAD_FAILED },
  }, VERSIONS.filter((version) => version !== "3"));
});
