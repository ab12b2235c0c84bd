import { assertEquals, assertMatch } from "@std/assert";
import {
  neverSends,
  refusingAddress,
  startServer,
} from "../../support/servers.ts";
import { poem, runLater, startLater } from "./support.ts";

const CLIENTS = ["6", "7", "7.1", "8", "8.1"];

for (const version of CLIENTS) {
  const name = `get-poetry-${version}`;

  Deno.test(`${name}: prints each poem as the transform server writes it`, async () => {
    await using transformer = await startLater("transform-server", []);
    await using server = await startLater("poetry-server", [
      "poetry/science.txt",
    ]);
    const outcome = await runLater(name, [
      transformer.address,
      server.address,
      `${server.port}`,
    ]);
    assertEquals(outcome, {
      code: 0,
      signal: null,
      stdout: `${poem("science").toLowerCase()}\n`.repeat(2),
      stderr: "",
    });
  });

  Deno.test(`${name}: prints a poem as it came where it can't be transformed`, async () => {
    using nobody = await refusingAddress();
    await using server = await startLater("poetry-server", [
      "poetry/science.txt",
    ]);
    const outcome = await runLater(name, [nobody.address, server.address]);
    assertEquals(outcome, {
      code: 0,
      signal: null,
      stdout: `Cummingsify failed!\n${poem("science")}\n`,
      stderr: "",
    });
  });

  Deno.test(`${name}: says which download has failed, and exits with 1`, async () => {
    using nobody = await refusingAddress();
    await using transformer = await startLater("transform-server", []);
    await using server = await startLater("poetry-server", [
      "poetry/science.txt",
    ]);
    const addresses = [transformer, nobody, server].map((it) => it.address);
    assertEquals(await runLater(name, addresses), {
      code: 1,
      signal: null,
      stdout: `${poem("science").toLowerCase()}\n`,
      stderr: "The poem download failed.\n",
    });
  });

  Deno.test(`${name}: needs a transform server and a poetry server`, async () => {
    const { code, stdout, stderr } = await runLater(name, ["10010"]);
    assertEquals({ code, stdout }, { code: 2, stdout: "" });
    assertMatch(stderr, /^error: Provide the address of a transform server/);
    const help = await runLater(name, []);
    assertEquals(help.code, 0);
    assertMatch(help.stdout, /^Usage: .* TRANSFORMER \[hostname\]:port \.\.\./);
  });
}

Deno.test("get-poetry-8.1: cancels what takes too long, and closes its connection", async () => {
  await using transformer = await startLater("transform-server", []);
  await using server = await startLater("poetry-server", [
    "poetry/science.txt",
  ]);
  await using slow = await startServer(neverSends);
  const [outcome] = await Promise.all([
    runLater("get-poetry-8.1", [
      "--timeout",
      "2",
      transformer.address,
      slow.address,
      server.address,
    ]),
    slow.closed,
  ]);
  assertEquals(outcome, {
    code: 1,
    signal: null,
    stdout: `${poem("science").toLowerCase()}\n`,
    stderr: "No poem within 2 s: cancelled.\n",
  });
});

Deno.test("get-poetry-8.1: a poem is cancelled while it is transformed too", async () => {
  await using transformer = await startServer(neverSends);
  await using server = await startLater("poetry-server", [
    "poetry/science.txt",
  ]);
  const [outcome] = await Promise.all([
    runLater("get-poetry-8.1", [
      "--timeout",
      "0.5",
      transformer.address,
      server.address,
    ]),
    transformer.closed,
  ]);
  assertEquals(outcome, {
    code: 1,
    signal: null,
    stdout: "",
    stderr: "No poem within 0.5 s: cancelled.\n",
  });
});
