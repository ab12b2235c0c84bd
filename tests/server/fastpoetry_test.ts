import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { IPv4Address } from "../../mod.ts";
import { PoetryServerFactory } from "../../server/shared/poetry_server.ts";
import { FastPoetryProtocol } from "../../server/fastpoetry.ts";
import { AccumulatingProtocol, StringTransport } from "../../testing.ts";
import { startPoetryServer } from "../support/programs.ts";
import {
  bytes,
  makeNotes,
  poemBytes,
  readFrom,
  readPoem,
} from "./poetry_readers.ts";

const FILE = "server/fastpoetry.ts";
const POEM = "poetry/ecstasy.txt";
const PEER = new IPv4Address("TCP", "192.168.1.1", 54321);

function makeFactory(poem: Uint8Array) {
  const { clock, log } = makeNotes();
  return PoetryServerFactory.forProtocol(FastPoetryProtocol, clock, poem, {
    log,
  });
}

/** A transport that notes the very bytes that are written. */
class IdentityTransport extends StringTransport {
  written: Uint8Array[] = [];

  override write(data: Uint8Array): void {
    this.written.push(data);
    super.write(data);
  }
}

Deno.test("the fast server writes the poem at once, and then the end", () => {
  const transport = new StringTransport();
  makeFactory(bytes("A poem.")).buildProtocol(PEER)?.makeConnection(transport);
  assertEquals(transport.value(), bytes("A poem."));
  assertEquals(
    [transport.disconnectingWrite, transport.disconnecting],
    [true, false],
  );
});

Deno.test("the fast server makes no copy of the poem for any client", () => {
  const poem = new Uint8Array(1_000_000);
  const factory = makeFactory(poem);
  for (let client = 0; client < 3; client++) {
    const transport = new IdentityTransport();
    factory.buildProtocol(PEER)?.makeConnection(transport);
    assertEquals(transport.written.length, 1);
    assertStrictEquals(transport.written[0]?.buffer, poem.buffer);
  }
});

Deno.test("a client of the fast server may read the poem byte by byte", () => {
  const poem = bytes("Tyger Tyger, burning bright");
  const client = new AccumulatingProtocol();
  readFrom(client, makeFactory(poem).buildProtocol(PEER)).flush(1);
  assertEquals(client.data, poem);
  assert(client.closed);
});

Deno.test("the fast server sends 300 clients at once their whole poems", async () => {
  await using server = await startPoetryServer(FILE, POEM);
  const poem = await poemBytes("ecstasy");
  const clients = Array.from({ length: 300 }, () => readPoem(server.port));
  for (const read of await Promise.all(clients)) assertEquals(read, poem);
  assertEquals(server.stderr.text, "");
});

Deno.test("a client that reads nothing keeps nobody else waiting", async () => {
  const file = await Deno.makeTempFile();
  try {
    const large = new Uint8Array(20_000_000).map((_, i) => i % 251);
    await Deno.writeFile(file, large);
    await using server = await startPoetryServer(FILE, file);
    using _idle = await Deno.connect(server);
    await server.stdout.waitFor(/wants poetry!/);
    assertEquals(await readPoem(server.port), large);
  } finally {
    await Deno.remove(file);
  }
});

Deno.test("the fast server says where it serves, and to whom", async () => {
  await using server = await startPoetryServer(FILE, POEM);
  await readPoem(server.port);
  const { text } = server.stdout;
  const [client] = /\d+(?=\) wants)/.exec(text) ?? [];
  assertEquals(
    text,
    `Serving ${POEM} on port ${server.port}.\n` +
      `Somebody at ('127.0.0.1', ${client}) wants poetry!\n`,
  );
});

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.test(`${signal} ends the fast server at once, quietly`, async () => {
    await using server = await startPoetryServer(FILE, POEM);
    server.kill(signal);
    const { code, stderr } = await server.outcome();
    assertEquals({ code, stderr }, { code: 0, stderr: "" });
  });
}

Deno.test("the fast server listens where --iface says", async () => {
  const options = ["--iface", "[::1]", "--port", "0"];
  await using server = await startPoetryServer(FILE, POEM, { options });
  assertEquals(
    await readPoem(server.port, "::1"),
    await poemBytes("ecstasy"),
  );
});
