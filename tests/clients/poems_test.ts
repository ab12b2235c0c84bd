import { assertEquals, assertStringIncludes } from "@std/assert";
import {
  type Outcome,
  projectPath,
  runClient,
  startClient,
  startSlowServer,
} from "../support/programs.ts";
import { startServer } from "../support/servers.ts";
import {
  check,
  expectAll,
  STACK_OF_DATA,
  STACK_OF_POEM,
  type Version,
  VERSIONS,
  withChance,
  withoutTime,
  written,
} from "./expectations.ts";

function poem(name: string): string {
  return Deno.readTextFileSync(projectPath(`poetry/${name}.txt`));
}

async function outcomes(
  versions: readonly Version[],
  args: string[],
): Promise<[Version, Outcome][]> {
  return await Promise.all(versions.map(async (version) => {
    const outcome = await runClient(version, args, withChance(0));
    return [version, outcome] as [Version, Outcome];
  }));
}

/** How many bytes each task has got, added up from the lines about single reads. */
function bytesGot(stdout: string): number[] {
  const got: number[] = [];
  for (const [, task, count] of stdout.matchAll(/^Task (\d): got (\d+) /gm)) {
    got[Number(task) - 1] = (got[Number(task) - 1] ?? 0) + Number(count);
  }
  return got;
}

Deno.test("every client gets a poem", async () => {
  await using server = await startServer((socket) => socket.end("A Poem\n"));
  const { address } = server;
  const one = "Task 1: 7 bytes of poetry\nGot 1 poems in TIME\n";
  await expectAll([`${server.port}`], {
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

Deno.test("three poems come from three slow servers, byte for byte counted", async () => {
  const names = ["ecstasy", "fascination", "science"];
  await using ecstasy = await startSlowServer("poetry/ecstasy.txt");
  await using fascination = await startSlowServer("poetry/fascination.txt");
  await using science = await startSlowServer();
  const servers = [ecstasy, fascination, science];
  const sizes = names.map((name) => new Blob([poem(name)]).size);
  const versions: Version[] = ["async", "1", "1-broken", "2"];
  const ports = servers.map(({ port }) => `${port}`);
  for (
    const [version, { code, stdout, stderr }] of await outcomes(versions, ports)
  ) {
    assertEquals({ code, stderr }, { code: 0, stderr: "" }, version);
    // Client 2.0 numbers its tasks in the order in which they were connected.
    const ordered = version === "2" ? bytesGot(stdout) : sizes;
    assertEquals(bytesGot(stdout).toSorted(), sizes.toSorted(), version);
    assertEquals(bytesGot(stdout), ordered, version);
    const report = ordered.map((size, i) =>
      `Task ${i + 1}: ${size} bytes of poetry\n`
    );
    const end = `${report.join("")}Got 3 poems in TIME\n`;
    assertEquals(withoutTime(stdout).endsWith(end), true, stdout);
    const finished = stdout.match(/^Task \d finished$/gm) ?? [];
    assertEquals(finished.length, version === "1-broken" ? 0 : 3, version);
  }
});

Deno.test("three poems come from three slow servers, and are printed whole", async () => {
  const names = ["ecstasy", "fascination", "science"];
  await using ecstasy = await startSlowServer("poetry/ecstasy.txt");
  await using fascination = await startSlowServer("poetry/fascination.txt");
  await using science = await startSlowServer();
  const ports = [ecstasy, fascination, science].map(({ port }) => `${port}`);
  const versions: Version[] = ["2.1", "3", "3.1", "4", "5", "5.1"];
  for (
    const [version, { code, stdout, stderr }] of await outcomes(versions, ports)
  ) {
    assertEquals({ code, stderr }, { code: 0, stderr: "" }, version);
    const printed = names.map((name) => `${poem(name)}\n`);
    const wanted = version.startsWith("5")
      ? printed.map((text) => text.toLowerCase())
      : printed;
    for (const text of wanted) assertStringIncludes(stdout, text, version);
    assertEquals(stdout.length, wanted.join("").length, version);
  }
});

for (const version of VERSIONS.filter((name) => !/broken|stack/.test(name))) {
  Deno.test(`client ${version} listens to all servers at once`, async () => {
    await using second = await startServer((socket) => socket.end("B"));
    // The first poem can only end after the second: who waits for it, waits for ever.
    await using first = await startServer((socket) => {
      socket.write("A");
      second.closed.then(() => socket.end("A"));
    });
    const outcome = await runClient(
      version,
      [first.address, second.address],
      withChance(0),
    );
    check(version, outcome, { stdout: /./ });
  });
}

Deno.test("a character that is cut in two comes out whole", async () => {
  const text = "Über die Brücke – naïve façade, 詩, 𝄞.\n";
  await using server = await startServer((socket) => {
    socket.setNoDelay(true);
    const bytes = new TextEncoder().encode(text).values();
    const drip = () => {
      const { done, value } = bytes.next();
      if (done) socket.end();
      else socket.write(new Uint8Array([value]), () => setTimeout(drip, 1));
    };
    drip();
  });
  await expectAll([server.address], {
    "2.1 3 3.1 4": { stdout: `${text}\n` },
    "5 5.1": { stdout: `${text.toLowerCase()}\n` },
  }, ["2.1", "3", "3.1", "4", "5", "5.1"]);
});

Deno.test("a byte order mark is part of the poem, and percent signs are", async () => {
  const text = "\ufeffa poem, 100%% %s\n";
  await using server = await startServer((socket) => socket.end(text));
  for (const version of ["2.1", "3", "3.1", "4", "5", "5.1"]) {
    const child = new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        ...withChance(0),
        projectPath(`clients/get-poetry-${version}.ts`),
        server.address,
      ],
    });
    // Not as text: a decoder would drop the mark here.
    const { stdout } = await child.output();
    assertEquals(stdout, new TextEncoder().encode(`${text}\n`), version);
  }
});

Deno.test("a poem larger than any buffer comes whole", async () => {
  const size = 5_000_000;
  await using server = await startServer((socket) =>
    socket.end(new Uint8Array(size).fill(0x61))
  );
  const versions: Version[] = ["async", "1", "1-broken", "2", "4"];
  for (
    const [version, { code, stdout }] of await outcomes(versions, [
      server.address,
    ])
  ) {
    assertEquals(code, 0, version);
    if (version === "4") assertEquals(stdout, `${"a".repeat(size)}\n`);
    else assertStringIncludes(stdout, `\nTask 1: ${size} bytes of poetry\n`);
  }
});

Deno.test("Ctrl-C while a poem is read ends every client, and prints what has come", async () => {
  // A poem that came, and half of one that never ends.
  const stop = { code: 1, stderr: /reactor stopped/ };
  const quiet = { code: 1 };
  const killed = { signal: "SIGINT" as const, stdout: /.*/s };
  const expected: Record<string, Parameters<typeof check>[2]> = {
    async: killed,
    "1": {
      ...stop,
      stdout:
        /Task 1: 3 bytes of poetry\nTask 2: 1 bytes of poetry\nGot 1 poems in TIME\n$/,
    },
    "1-broken": killed,
    "2": {
      ...quiet,
      stdout: /\nTask \d: 3 bytes of poetry\nGot 1 poems in TIME\n$/,
    },
    "2.1": { ...quiet, stdout: "all\n" },
    "3": { ...quiet, stdout: "all\n" },
    "3.1": { ...stop, stdout: "all\n" },
    "4": { ...stop, stdout: "all\n" },
    "5": { code: 1, stdout: "all\n", stderr: "The poem download failed.\n" },
    "5.1": { code: 1, stdout: "all\n", stderr: "The poem download failed.\n" },
  };
  await Promise.all(
    Object.entries(expected).map(async ([version, wanted]) => {
      await using whole = await startServer((socket) => socket.end("all"));
      await using endless = await startServer((socket) =>
        void socket.write("h")
      );
      const addresses = [whole.address, endless.address];
      await using client = startClient(version, addresses, withChance(0));
      await endless.connected;
      // Client 1-broken closes a connection when it is through with it, and not before.
      await whole.closed;
      if (["1", "2"].includes(version)) {
        await client.stdout.waitFor(/got 1 bytes/);
      }
      client.kill("SIGINT");
      check(version, await client.outcome(), wanted);
    }),
  );
});
