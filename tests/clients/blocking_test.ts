import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import {
  runClient,
  startClient,
  startSlowServer,
} from "../support/programs.ts";
import {
  closesAtOnce,
  neverSends,
  refusingAddress,
  resets,
  sends,
  startServer,
} from "../support/servers.ts";

const TIME = String.raw`0:00:\d\d\.\d{6}`;
const USAGE = "Usage: get-poetry-blocking.ts [options] [hostname]:port ...\n";

Deno.test("the blocking client gets one poem after the other", async () => {
  await using first = await startSlowServer("poetry/ecstasy.txt");
  await using second = await startSlowServer("poetry/fascination.txt");
  const { code, stdout, stderr } = await runClient("blocking", [
    `${first.port}`,
    `localhost:${second.port}`,
  ]);
  assertEquals({ code, stderr }, { code: 0, stderr: "" });
  assertMatch(
    stdout,
    new RegExp(
      `^Task 1: get poetry from: ${first.address}\n` +
        `Task 1: got 3003 bytes of poetry from ${first.address} in ${TIME}\n` +
        `Task 2: get poetry from: localhost:${second.port}\n` +
        `Task 2: got 611 bytes of poetry from localhost:${second.port} in ${TIME}\n` +
        `Got 2 poems in ${TIME}\n$`,
    ),
  );
});

Deno.test("the blocking client doesn't look at a server before its turn", async () => {
  await using silent = await startServer(neverSends);
  await using eager = await startSlowServer();
  await using client = startClient("blocking", [silent.address, eager.address]);
  await silent.connected;
  assertEquals(
    client.stdout.text,
    `Task 1: get poetry from: ${silent.address}\n`,
  );
  assertEquals(eager.stdout.text.includes("wants poetry"), false);
});

Deno.test("Ctrl-C ends the blocking client at once, quietly", async () => {
  await using silent = await startServer(neverSends);
  await using client = startClient("blocking", [silent.address]);
  await silent.connected;
  client.kill("SIGINT");
  const { signal, stderr } = await client.outcome();
  assertEquals({ signal, stderr }, { signal: "SIGINT", stderr: "" });
  await silent.closed;
});

Deno.test("the blocking client exits with 1 where a poem did not come, and gets the others", async () => {
  using refusing = await refusingAddress();
  await using resetting = await startServer(resets);
  await using server = await startSlowServer();
  const { code, stdout, stderr } = await runClient("blocking", [
    refusing.address,
    resetting.address,
    server.address,
    "no host:1",
  ]);
  assertEquals(code, 1);
  assertEquals(
    stderr,
    `Task 1: no poetry from ${refusing.address}: connection refused\n` +
      `Task 2: no poetry from ${resetting.address}: connection reset by peer\n` +
      "Task 4: no poetry from no host:1: invalid host 'no host': invalid char found in FQDN\n",
  );
  assertStringIncludes(stdout, `Task 3: got 648 bytes of poetry`);
  assertStringIncludes(stdout, "\nGot 1 poems in 0:00:");
});

Deno.test("the blocking client says so where a host has no address", async () => {
  const { code, stderr } = await runClient("blocking", ["nosuch.invalid:1"]);
  assertEquals(code, 1);
  assertMatch(
    stderr,
    /^Task 1: no poetry from nosuch\.invalid:1: failed to lookup .*\n$/,
  );
});

Deno.test("the blocking client counts what a server sends, however little", async () => {
  await using nothing = await startServer(closesAtOnce);
  await using half = await startServer(sends(new Uint8Array([0xc3])));
  const { code, stdout, stderr } = await runClient("blocking", [
    nothing.address,
    half.address,
  ]);
  assertEquals({ code, stderr }, { code: 0, stderr: "" });
  assertStringIncludes(stdout, `Task 1: got 0 bytes of poetry`);
  assertStringIncludes(stdout, `Task 2: got 1 bytes of poetry`);
});

Deno.test("the blocking client prints its help where it is given no address", async () => {
  for (const args of [[], ["--help"], ["10000", "-h"]]) {
    const { code, stdout, stderr } = await runClient("blocking", args);
    assertEquals({ code, stderr }, { code: 0, stderr: "" });
    assertEquals(stdout.startsWith(USAGE), true, stdout);
  }
});

const BAD_INPUT: [args: string[], message: string][] = [
  [["x"], 'Ports must be integers, got "x".'],
  [["localhost"], 'Ports must be integers, got "localhost".'],
  [["10000", "0"], 'Ports must be from 1 to 65535, got "0".'],
  [["70000"], 'Ports must be from 1 to 65535, got "70000".'],
  [
    ["::1:10000"],
    "IPv6 addresses need brackets, as in [::1]:10000: ::1:10000.",
  ],
  [["--nosuch", "10000"], "No such option: --nosuch."],
  [["--timeout", "1", "10000"], "No such option: --timeout."],
];

for (const [args, message] of BAD_INPUT) {
  const line = ["get-poetry-blocking.ts", ...args].join(" ");
  Deno.test(`${line} exits with 2: ${message}`, async () => {
    const { code, stdout, stderr } = await runClient("blocking", args);
    assertEquals({ code, stdout, stderr }, {
      code: 2,
      stdout: "",
      stderr: `${USAGE}\nerror: ${message}\n`,
    });
  });
}

Deno.test("a client names the permission that it was not given", async () => {
  const { code, stderr } = await runClient("blocking", ["[::1]:10000"], []);
  assertEquals(code, 2);
  assertEquals(
    stderr,
    "error: No permission to use [::1]:10000: deno run needs --allow-net.\n",
  );
});
