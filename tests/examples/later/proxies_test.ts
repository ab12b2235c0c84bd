import { assertEquals, assertMatch } from "@std/assert";
import type { Socket } from "node:net";
import { runClient } from "../../support/programs.ts";
import {
  neverSends,
  refusingAddress,
  startServer,
} from "../../support/servers.ts";
import { ask, poem, printedBy, runLater, startLater } from "./support.ts";

/** Not text: the proxy has to send it as it came. */
const BYTES = new Uint8Array([0xff, 0xfe, 0, 0x80, 10]);

async function readBytes(port: number): Promise<Uint8Array> {
  using connection = await Deno.connect({ hostname: "127.0.0.1", port });
  const blob = await new Response(connection.readable).bytes();
  return blob;
}

for (const name of ["poetry-proxy", "poetry-proxy-2"]) {
  Deno.test(`${name}: fetches a poem once, and serves it to everybody, byte for byte`, async () => {
    let count = 0;
    await using upstream = await startServer((socket: Socket) => {
      count++;
      socket.end(BYTES);
    });
    await using proxy = await startLater(name, [upstream.address]);
    assertEquals(await readBytes(proxy.port), BYTES);
    assertEquals(await readBytes(proxy.port), BYTES);
    assertEquals(count, 1);
    assertEquals(
      (await printedBy(proxy)).filter((line) => /^Fetching/.test(line)),
      ["Fetching the poem from the server."],
    );
  });

  Deno.test(`${name}: client 4.0 reads a poem through two of them`, async () => {
    await using server = await startLater("poetry-server", [
      "poetry/ecstasy.txt",
    ]);
    await using first = await startLater(name, [server.address]);
    await using second = await startLater(name, [first.address]);
    const { code, stdout } = await runClient("4", [second.address]);
    assertEquals({ code, stdout }, {
      code: 0,
      stdout: `${poem("ecstasy")}\n`,
    });
  });

  Deno.test(`${name}: says why there is no poem, and tries again for the next client`, async () => {
    using nobody = await refusingAddress();
    await using proxy = await startLater(name, [nobody.address]);
    assertEquals(await ask(proxy.port), "");
    assertEquals(await ask(proxy.port), "");
    const lines = await printedBy(proxy);
    assertEquals(lines.length, 4);
    for (const at of [0, 2]) {
      assertEquals(lines[at], "Fetching the poem from the server.");
      assertMatch(
        lines[at + 1] ?? "",
        /^There is no poem: .*connection refused/,
      );
    }
  });

  Deno.test(`${name}: takes the address of one server`, async () => {
    for (const args of [[], ["10000", "10001"]]) {
      const { code, stdout, stderr } = await runLater(name, args);
      assertEquals({ code, stdout }, { code: 2, stdout: "" });
      assertMatch(
        stderr,
        /^Usage: .* \[hostname\]:port\n\nerror: Provide the address of exactly one server/,
      );
    }
  });
}

Deno.test("poetry-proxy-2: clients wait for one download, which ends with the last of them", async () => {
  await using upstream = await startServer(neverSends);
  await using proxy = await startLater("poetry-proxy-2", [upstream.address]);
  const { port } = proxy;
  const first = await Deno.connect({ hostname: "127.0.0.1", port });
  const second = await Deno.connect({ hostname: "127.0.0.1", port });
  await proxy.stdout.waitFor(/^Waiting for the same download/m);
  first.close();
  second.close();
  await upstream.closed;
  assertEquals(await printedBy(proxy), [
    "Fetching the poem from the server.",
    "Waiting for the same download.",
    "Nobody waits any more: the download is cancelled.",
  ]);
});

Deno.test("poetry-proxy-2: a client that stays gets the poem that another one gave up", async () => {
  const asked = Promise.withResolvers<Socket>();
  await using upstream = await startServer(asked.resolve);
  await using proxy = await startLater("poetry-proxy-2", [upstream.address]);
  const { port } = proxy;
  const leaving = await Deno.connect({ hostname: "127.0.0.1", port });
  const socket = await asked.promise;
  using staying = await Deno.connect({ hostname: "127.0.0.1", port });
  await proxy.stdout.waitFor(/^Waiting for the same download/m);
  leaving.close();
  socket.end(BYTES);
  const read = await new Response(staying.readable).bytes();
  assertEquals(read, BYTES);
});
