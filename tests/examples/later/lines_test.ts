import { assertEquals, assertMatch } from "@std/assert";
import { refusingAddress } from "../../support/servers.ts";
import { poem, runLater, startLater } from "./support.ts";

function startLines(...options: string[]) {
  return startLater("line-server", [...options, "poetry/science.txt"]);
}

Deno.test("line-server: get-lines prints the lines that have the words, in their order", async () => {
  await using server = await startLines();
  const words = ["wings", "SCIENCE", "not in it", "wings"];
  const outcome = await runLater("get-lines", [server.address, ...words]);
  const lines = poem("science").split("\n");
  const expected = words.flatMap((word) =>
    lines.filter((line) => line.toLowerCase().includes(word.toLowerCase()))
  );
  assertEquals(outcome, {
    code: 0,
    signal: null,
    stdout: expected.map((line) => `${line}\n`).join(""),
    stderr: "",
  });
});

Deno.test("line-server: a client above the limit is told so", async () => {
  await using server = await startLines("--max-clients", "1");
  const { port } = server;
  using first = await Deno.connect({ hostname: "127.0.0.1", port });
  await first.write(new TextEncoder().encode("nothing\r\n"));
  await first.read(new Uint8Array(10));
  using second = await Deno.connect({ hostname: "127.0.0.1", port });
  assertEquals(
    await new Response(second.readable).text(),
    "Too many readers: try later.\r\n",
  );
});

Deno.test("line-server: a silent client is disconnected", async () => {
  await using server = await startLines("--timeout", "0.2");
  const { port } = server;
  using silent = await Deno.connect({ hostname: "127.0.0.1", port });
  assertEquals(await new Response(silent.readable).text(), "");
});

Deno.test("get-lines: says why there is no answer", async () => {
  using nobody = await refusingAddress();
  const refused = await runLater("get-lines", [nobody.address, "wings"]);
  assertEquals(refused.code, 1);
  assertMatch(refused.stderr, /^No answer: .*connection refused/);

  await using server = await startLines("--max-clients", "1");
  const { port } = server;
  using _first = await Deno.connect({ hostname: "127.0.0.1", port });
  const full = await runLater("get-lines", [server.address, "a", "b"]);
  assertEquals({ code: full.code, stdout: full.stdout }, {
    code: 1,
    stdout: "",
  });
  assertMatch(full.stderr, /^No answer: .+\n$/);
});

Deno.test("get-lines: needs a port and a word", async () => {
  const { code, stdout, stderr } = await runLater("get-lines", ["10012"]);
  assertEquals({ code, stdout, stderr }, {
    code: 2,
    stdout: "",
    stderr: "error: Provide a word to look for; --help tells more.\n",
  });
});
