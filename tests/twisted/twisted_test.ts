import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { runClient, startSlowServer } from "../support/programs.ts";
import {
  poem,
  python,
  startTwisted,
  testWithTwisted,
  type TwistedServer,
} from "./support.ts";

/** Starts a slow server of Twisted's. */
async function startSlow(
  poem: string,
  size: number,
): Promise<TwistedServer & { address: string }> {
  const args = [`poetry/${poem}.txt`, `${size}`, "0.001"];
  const pattern = / on port (\d+)\.$/m;
  const server = await startTwisted("slow_poetry_server.py", args, pattern);
  return Object.assign(server, { address: `127.0.0.1:${server.said[1]}` });
}

for (const version of ["1", "2"]) {
  testWithTwisted(
    `client ${version}.0 counts the poems of Twisted's servers`,
    async () => {
      await using first = await startSlow("ecstasy", 100);
      await using second = await startSlow("science", 100);
      const { code, stdout, stderr } = await runClient(version, [
        first.address,
        second.address,
      ]);
      assertEquals({ code, stderr }, { code: 0, stderr: "" });
      assertMatch(
        stdout,
        /^Task \d: got \d+ bytes of poetry from .*127\.0\.0\.1/,
      );
      assertMatch(stdout, /\nTask \d: 3003 bytes of poetry\n/);
      assertMatch(stdout, /\nTask \d: 648 bytes of poetry\n/);
      assertMatch(stdout, /\nGot 2 poems in 0:00:.*\n$/);
    },
  );
}

for (const version of ["3.1", "4"]) {
  const name = version === "4" ? "4.0" : version;
  testWithTwisted(
    `client ${name} prints the poems of Twisted's servers`,
    async () => {
      await using first = await startSlow("ecstasy", 100);
      await using second = await startSlow("science", 100);
      const { code, stdout, stderr } = await runClient(version, [
        first.address,
        second.address,
      ]);
      assertEquals({ code, stderr }, { code: 0, stderr: "" });
      const poems = [`${poem("science")}\n`, `${poem("ecstasy")}\n`];
      for (const text of poems) assertStringIncludes(stdout, text);
      assertEquals(stdout.length, poems.join("").length);
    },
  );
}

testWithTwisted(
  "client 5.1 transforms the poem of Twisted's server, or fails to",
  async () => {
    await using server = await startSlow("science", 100);
    const { code, stdout, stderr } = await runClient("5.1", [server.address]);
    const came = poem("science");
    const outcomes = [
      { code: 0, stdout: `${came.toLowerCase()}\n`, stderr: "" },
      { code: 0, stdout: `Cummingsify failed!\n${came}\n`, stderr: "" },
      { code: 1, stdout: "", stderr: "The poem download failed.\n" },
    ];
    const printed = outcomes.find((outcome) => outcome.stdout === stdout);
    assertEquals({ code, stdout, stderr }, printed);
  },
);

testWithTwisted(
  "Twisted's client reads the slow servers, byte for byte",
  async () => {
    await using first = await startSlowServer("poetry/ecstasy.txt");
    await using second = await startSlowServer("poetry/fascination.txt");
    const ports = [`${first.port}`, `${second.port}`];
    const { code, stdout, stderr } = await python("get_poetry.py", ports)
      .output();
    const decoder = new TextDecoder();
    assertEquals({ code, stderr: decoder.decode(stderr) }, {
      code: 0,
      stderr: "",
    });
    assertEquals(decoder.decode(stdout), poem("ecstasy") + poem("fascination"));
    await first.stdout.waitFor(
      /Somebody at \('127\.0\.0\.1', \d+\) wants poetry!/,
    );
  },
);
