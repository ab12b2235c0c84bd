import { assert, assertEquals, assertMatch } from "@std/assert";
import {
  CLIENT_PERMISSIONS,
  type Outcome,
  type Program,
} from "../support/programs.ts";
import {
  neverSends,
  refusingAddress,
  resets,
  sends,
  startServer,
} from "../support/servers.ts";
import { runExample, startExample } from "./run_example.ts";

const POEM = "Nature's first green is gold,\nHer hardest hue to hold.\n";

function run(name: string, args: string[]): Promise<Outcome> {
  const permissions = CLIENT_PERMISSIONS;
  return runExample(`exercises/part-${name}`, args, { permissions });
}

function start(name: string, args: string[]): Program {
  return startExample(`exercises/part-${name}`, args, CLIENT_PERMISSIONS);
}

Deno.test("part-3-1 counts three times at once, each at its own rate", async () => {
  const { code, stdout, stderr } = await runExample(
    "exercises/part-3-1",
    ["--every", "0.1"],
  );
  assertEquals({ code, stderr }, { code: 0, stderr: "" });
  const lines = stdout.trimEnd().split("\n");
  assertEquals([lines.at(0), lines.at(-1)], ["Start!", "Stop!"]);
  for (const name of ["Quick", "Steady", "Slow"]) {
    assertEquals(
      lines.filter((line) => line.startsWith(`${name} `)),
      [5, 4, 3, 2, 1].map((number) => `${name} ${number} ...`),
    );
  }
  assert(lines.indexOf("Quick 1 ...") < lines.indexOf("Slow 1 ..."), stdout);
});

Deno.test("part-3-2 counts down with a LoopingCall", async () => {
  assertEquals(
    await runExample("exercises/part-3-2", ["--every", "0.01"]),
    {
      code: 0,
      signal: null,
      stdout: "Start!\n5 ...\n4 ...\n3 ...\n2 ...\n1 ...\nStop!\n",
      stderr: "",
    },
  );
});

Deno.test("part-4-1 survives a refused connection, and gets the other poem", async () => {
  using refusing = await refusingAddress();
  await using server = await startServer(sends(POEM));
  const { code, stdout, stderr } = await run("4-1", [
    refusing.address,
    server.address,
  ]);
  assertEquals(code, 1);
  assertEquals(
    stdout,
    `Task 2 finished\nTask 2: ${POEM.length} bytes of poetry\nGot 1 of 2 poems\n`,
  );
  assertMatch(
    stderr,
    new RegExp(`^Task 1: no poetry from ${refusing.address}: .*refused.*\n$`),
  );
});

Deno.test("part-4-1 ends where no connection can be made", async () => {
  using refusing = await refusingAddress();
  const { code, stdout } = await run("4-1", [refusing.address]);
  assertEquals({ code, stdout }, { code: 1, stdout: "Got 0 of 1 poems\n" });
});

Deno.test("part-4-2 gives a slow poem up, and gets the other", async () => {
  await using slow = await startServer(neverSends);
  await using server = await startServer(sends(POEM));
  assertEquals(
    await run("4-2", ["--timeout", "0.4", slow.address, server.address]),
    {
      code: 1,
      signal: null,
      stdout: `Task 2 finished\nTask 1: 0 bytes of poetry\n` +
        `Task 2: ${POEM.length} bytes of poetry\nGot 1 of 2 poems\n`,
      stderr: "Task 1: no whole poem in 0.4 s\n",
    },
  );
  await slow.closed;
});

Deno.test("part-4-2 takes its timers back when the poems have come", async () => {
  await using server = await startServer(sends(POEM));
  assertEquals(await run("4-2", ["--timeout", "600", server.address]), {
    code: 0,
    signal: null,
    stdout: "Task 1 finished\n" +
      `Task 1: ${POEM.length} bytes of poetry\nGot 1 of 1 poems\n`,
    stderr: "",
  });
});

/** How each of the clients that print poems complains. */
const COMPLAINTS: Record<string, { slow: string; failed: RegExp }> = {
  "5-1": {
    slow: "Poem failed: no whole poem in 0.4 s\n",
    failed: /^Poem failed: .*refused.*\n$/,
  },
  "6-1": {
    slow: "Poem too slow: No whole poem in 0.4 s\n",
    failed: /^Poem failed: .*refused.*\n$/,
  },
  "8-1": {
    slow: "Poem too slow: No whole poem in 0.4 s\n",
    failed: /^Poem failed: .*refused.*\n$/,
  },
};

for (const [name, { slow, failed }] of Object.entries(COMPLAINTS)) {
  Deno.test(`part-${name} gives a slow poem up, and prints the other`, async () => {
    await using silent = await startServer(neverSends);
    await using server = await startServer(sends(POEM));
    assertEquals(
      await run(name, ["--timeout", "0.4", silent.address, server.address]),
      { code: 1, signal: null, stdout: `${POEM}\n`, stderr: slow },
    );
    await silent.closed;
  });

  Deno.test(`part-${name} gives up a poem of which half has come`, async () => {
    await using half = await startServer((socket) => socket.write("Nature's"));
    assertEquals(
      await run(name, ["--timeout", "0.4", half.address]),
      { code: 1, signal: null, stdout: "", stderr: slow },
    );
  });

  Deno.test(`part-${name} takes its timers back when the poems have come`, async () => {
    await using server = await startServer(sends(POEM));
    assertEquals(
      await run(name, ["--timeout", "600", server.address]),
      { code: 0, signal: null, stdout: `${POEM}\n`, stderr: "" },
    );
  });

  Deno.test(`part-${name} says why a connection could not be made`, async () => {
    using refusing = await refusingAddress();
    const { code, stderr } = await run(name, [
      "--timeout",
      "600",
      refusing.address,
    ]);
    assertEquals(code, 1);
    assertMatch(stderr, failed);
  });
}

/** The calls of the stack that part-5-2 has printed, the latest first. */
function callsOf(stdout: string): string[] {
  return [...stdout.matchAll(/^ +at (?:async )?([\w.#]+) \(/gm)]
    .map(([, name = ""]) => name);
}

Deno.test("part-5-2 shows that the end of a poem comes from doRead", async () => {
  await using server = await startServer(sends(POEM));
  const { code, stdout, stderr } = await run("5-2", [server.address]);
  assertEquals({ code, stderr }, { code: 0, stderr: "" });
  const calls = callsOf(stdout);
  assertEquals(calls.at(0), "PoetryProtocol.connectionLost");
  assert(calls.includes("Poller.dispatch"), stdout);
  assert(!calls.includes("ReactorCore.disconnectAll"), stdout);
});

Deno.test("part-5-2 shows that Ctrl-C ends a connection from the shutdown", async () => {
  await using silent = await startServer(neverSends);
  await using client = start("5-2", [silent.address]);
  await client.stdout.waitFor(/Connected\.\n/);
  client.kill("SIGINT");
  const { stdout } = await client.outcome();
  const calls = callsOf(stdout);
  assert(calls.includes("ReactorCore.disconnectAll"), stdout);
  assert(!calls.includes("Poller.dispatch"), stdout);
});

Deno.test("part-5-2 says that no connection could be made", async () => {
  using refusing = await refusingAddress();
  const { code, stdout, stderr } = await run("5-2", [refusing.address]);
  assertEquals({ code, stdout }, { code: 1, stdout: "" });
  assertMatch(stderr, /^No connection: .* refused\n$/);
});

Deno.test("part-8-2 names the servers that failed, and prints the other poem", async () => {
  using refusing = await refusingAddress();
  await using resetting = await startServer(resets);
  await using server = await startServer(sends(POEM));
  const { code, stdout, stderr } = await run("8-2", [
    refusing.address,
    resetting.address,
    server.address,
  ]);
  assertEquals({ code, stdout }, { code: 1, stdout: `${POEM}\n` });
  const lines = stderr.trimEnd().split("\n").sort();
  const expected = [refusing.address, resetting.address].sort();
  assertEquals(lines.length, 2);
  for (const [i, address] of expected.entries()) {
    assertMatch(lines[i] ?? "", new RegExp(`^No poem from ${address}: .+`));
  }
});

for (const name of ["4-1", "4-2", "5-1", "5-2", "6-1", "8-1", "8-2"]) {
  Deno.test(`Ctrl-C ends part-${name} quietly`, async () => {
    await using silent = await startServer(neverSends);
    await using client = start(name, [silent.address]);
    await silent.connected;
    client.kill("SIGINT");
    const { stderr } = await client.outcome();
    assertEquals(stderr, "");
  });

  Deno.test(`part-${name} refuses a port that is none`, async () => {
    const { code, stdout, stderr } = await run(name, ["poems"]);
    assertEquals({ code, stdout }, { code: 2, stdout: "" });
    assertEquals(
      stderr,
      `Usage: part-${name}.ts [options] [hostname]:port ...\n\n` +
        'error: Ports must be integers, got "poems".\n',
    );
  });
}

Deno.test("part-2-1 prints a table of the times of both clients", async () => {
  const { code, stdout, stderr } = await runExample(
    "exercises/part-2-1",
    ["--delay", "0.01"],
    { permissions: ["--allow-run"] },
  );
  assertEquals({ code, stderr }, { code: 0, stderr: "" });
  const [heading = "", ...rows] = stdout.trimEnd().split("\n");
  assertMatch(heading, /^ +blocking +async$/);
  const times = new Map(rows.map((row) => {
    const [, name = "", blocking, async] =
      /^(.*\S) +(\d+\.\d\d) s +(\d+\.\d\d) s$/.exec(row) ?? [];
    return [name, { blocking: Number(blocking), async: Number(async) }];
  }));
  assertEquals([...times.keys()], [
    "one server",
    "two alike",
    "three alike",
    "one slow, two quick",
    "three quick",
  ]);
  const { blocking = 0, async = 0 } = times.get("three alike") ?? {};
  assert(blocking >= 0.21, stdout);
  assert(async >= 0.07, stdout);
});

Deno.test("part-2-1 says what it is not permitted", async () => {
  const { code, stdout, stderr } = await runExample("exercises/part-2-1");
  assertEquals({ code, stdout }, { code: 2, stdout: "" });
  assertMatch(stderr, /^error: No permission to run deno: .*--allow-run\.$/m);
});
