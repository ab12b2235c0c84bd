import { assertEquals, assertMatch } from "@std/assert";
import { printedBy, runLater, startLater } from "../examples/later/support.ts";
import { type Outcome, runClient } from "../support/programs.ts";
import { poem, python, startTwisted, testWithTwisted } from "./support.ts";

/** Starts a server of Twisted's. Clients find it where `address` says. */
async function start(file: string, ...args: string[]) {
  const server = await startTwisted(file, args, / on port (\d+)\.$/m);
  return Object.assign(server, { address: `127.0.0.1:${server.said[1]}` });
}

/** Runs a client of Twisted's. */
async function runPython(
  file: string,
  ...args: string[]
): Promise<Pick<Outcome, "code" | "stdout">> {
  const { code, stdout } = await python(file, args).output();
  return { code, stdout: new TextDecoder().decode(stdout) };
}

for (const version of ["6", "7", "7.1", "8", "8.1"]) {
  testWithTwisted(
    `get-poetry-${version}: has Twisted's server transform the poem of another`,
    async () => {
      await using transformer = await start("transform_server.py");
      const args = ["poetry/science.txt", "100", "0.001"];
      await using server = await start("slow_poetry_server.py", ...args);
      const addresses = [transformer.address, server.address];
      assertEquals(await runLater(`get-poetry-${version}`, addresses), {
        code: 0,
        signal: null,
        stdout: `${poem("science").toLowerCase()}\n`,
        stderr: "",
      });
    },
  );
}

testWithTwisted(
  "transform-server: answers Twisted's client, or closes its connection",
  async () => {
    await using server = await startLater("transform-server", []);
    const ask = (transform: string) =>
      runPython(
        "transform_client.py",
        `${server.port}`,
        transform,
        "poetry/ecstasy.txt",
      );
    assertEquals(await ask("cummingsify"), {
      code: 0,
      stdout: poem("ecstasy").toLowerCase(),
    });
    assertEquals(await ask("shout"), { code: 1, stdout: "" });
  },
);

testWithTwisted(
  "poetry-server: Twisted's client reads its poem",
  async () => {
    await using server = await startLater("poetry-server", [
      "poetry/ecstasy.txt",
    ]);
    assertEquals(
      await runPython("get_poetry.py", `${server.port}`, `${server.port}`),
      { code: 0, stdout: poem("ecstasy").repeat(2) },
    );
  },
);

for (const name of ["poetry-proxy", "poetry-proxy-2"]) {
  testWithTwisted(
    `${name}: stands between a server and a client of Twisted's`,
    async () => {
      const args = ["poetry/ecstasy.txt", "100", "0.001"];
      await using server = await start("slow_poetry_server.py", ...args);
      await using proxy = await startLater(name, [server.address]);
      for (let time = 0; time < 2; time++) {
        assertEquals(await runPython("get_poetry.py", `${proxy.port}`), {
          code: 0,
          stdout: poem("ecstasy"),
        });
      }
      assertEquals(await printedBy(proxy), [
        "Fetching the poem from the server.",
        "Using the cached poem.",
      ]);
    },
  );
}

testWithTwisted(
  "poetry-server: client 4.0 reads its poem through Twisted's proxy",
  async () => {
    await using server = await startLater("poetry-server", [
      "poetry/science.txt",
    ]);
    await using proxy = await start("poetry_proxy.py", `${server.port}`);
    for (let time = 0; time < 2; time++) {
      const { code, stdout, stderr } = await runClient("4", [proxy.address]);
      assertEquals({ code, stdout, stderr }, {
        code: 0,
        stdout: `${poem("science")}\n`,
        stderr: "",
      });
    }
  },
);

testWithTwisted(
  "line-server: gives Twisted's client and ours the lines that Twisted's gives",
  async () => {
    await using ours = await startLater("line-server", ["poetry/science.txt"]);
    await using theirs = await start("line_server.py", "poetry/science.txt");
    const words = ["wings", "SCIENCE", "not in it", "e"];
    const fromTheirs = await runLater("get-lines", [theirs.address, ...words]);
    assertEquals({ ...fromTheirs, stdout: "" }, {
      code: 0,
      signal: null,
      stdout: "",
      stderr: "",
    });
    assertMatch(fromTheirs.stdout, /^.*wings.*\n.*Science/);
    const { stdout } = fromTheirs;
    assertEquals(
      await runPython("line_client.py", `${ours.port}`, ...words),
      { code: 0, stdout },
    );
    assertEquals(
      (await runLater("get-lines", [ours.address, ...words])).stdout,
      stdout,
    );
  },
);
