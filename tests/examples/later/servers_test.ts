import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { runClient } from "../../support/programs.ts";
import { ask, poem, printedBy, runLater, startLater } from "./support.ts";

Deno.test("poetry-server: client 4.0 reads its poem", async () => {
  await using server = await startLater("poetry-server", [
    "poetry/science.txt",
  ]);
  const { code, stdout, stderr } = await runClient("4", [server.address]);
  assertEquals({ code, stdout, stderr }, {
    code: 0,
    stdout: `${poem("science")}\n`,
    stderr: "",
  });
});

Deno.test("poetry-server: a port that is in use is one line on stderr", async () => {
  await using server = await startLater("poetry-server", [
    "poetry/science.txt",
  ]);
  const { port } = server;
  const { code, stdout, stderr } = await runLater("poetry-server", [
    "--port",
    `${port}`,
    "poetry/science.txt",
  ], ["--allow-net", "--allow-read"]);
  assertEquals({ code, stdout }, { code: 2, stdout: "" });
  assertMatch(stderr, /^error: Cannot listen on 127\.0\.0\.1:\d+: .*\.\n$/);
});

Deno.test("poetry-server: without --allow-net it says what it needs", async () => {
  const { code, stderr } = await runLater("poetry-server", [
    "poetry/science.txt",
  ], ["--allow-read"]);
  assertEquals(code, 2);
  assertStringIncludes(stderr, "deno run needs --allow-net.");
});

Deno.test("transform-server: answers a transform, however it arrives", async () => {
  await using server = await startLater("transform-server", []);
  const request = "27:cummingsify.Hope. Is. ÜBER,";
  const answer = "15:hope. is. über,";
  assertEquals(await ask(server.port, request), answer);
  assertEquals(await ask(server.port, ...request), answer);
});

Deno.test("transform-server: closes the connection on anything else", async () => {
  await using server = await startLater("transform-server", []);
  const others = ["7:shout.A,", "8:toString,", "12:toString.abc,", "abc"];
  for (const other of others) assertEquals(await ask(server.port, other), "");
  assertEquals(await printedBy(server), [
    "No such transform: shout",
    "No such transform: toString",
  ]);
});

Deno.test("transform-server: takes no argument", async () => {
  const { code, stdout, stderr } = await runLater("transform-server", ["10"]);
  assertEquals({ code, stdout, stderr }, {
    code: 2,
    stdout: "",
    stderr: "Usage: transform-server.ts [options]\n\n" +
      "error: No argument is needed: this is 10.\n",
  });
});

Deno.test("transform-server: --help prints what it takes", async () => {
  const { code, stdout, stderr } = await runLater("transform-server", [
    "--help",
  ]);
  assertEquals({ code, stderr }, { code: 0, stderr: "" });
  assertMatch(
    stdout,
    /^Usage: transform-server\.ts \[options\]\n\nThis is [^]* --port N .*\n {2}--iface HOST .*\n {2}--help /,
  );
});

Deno.test("poetry-service: logs what it does, and ends in order on SIGTERM", async () => {
  await using server = await startLater("poetry-service", [
    "poetry/science.txt",
  ]);
  assertEquals(
    (await runClient("4", [server.address])).stdout,
    `${poem("science")}\n`,
  );
  server.kill("SIGTERM");
  const { code, signal, stdout, stderr } = await server.outcome();
  assertEquals({ code, signal, stderr }, { code: 0, signal: null, stderr: "" });
  const lines = stdout.replace(/^\d{4}-.*Z \[/gm, "[").replace(/\d{5}/g, "N");
  assertEquals(lines.trimEnd().split("\n"), [
    "[info] Starting factory PoetryFactory",
    "[info] The poem has 648 bytes.",
    "[info] Serving poetry/science.txt on port N.",
    "[info] Somebody at IPv4Address(type='TCP', host='127.0.0.1', port=N) wants poetry.",
    "[info] Stopping factory PoetryFactory",
    "[info] The poem was served 1 times.",
  ]);
});
