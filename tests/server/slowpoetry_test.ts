import { assert, assertEquals } from "@std/assert";
import { accept } from "../../server/slowpoetry.ts";
import { projectPath, startSlowServer } from "../support/programs.ts";
import { capturing } from "../support/console.ts";

async function readPoem(port: number): Promise<Uint8Array> {
  using connection = await Deno.connect({ hostname: "127.0.0.1", port });
  return await new Response(connection.readable).bytes();
}

Deno.test("the slow server sends the poem byte for byte, in pieces", async () => {
  await using server = await startSlowServer("poetry/science.txt", [
    "--delay=0",
    "--num-bytes=300",
  ]);
  const poem = await readPoem(server.port);
  assertEquals(poem, await Deno.readFile(projectPath("poetry/science.txt")));
  const { text } = server.stdout;
  const [client] = /\d+(?=\) wants)/.exec(text) ?? [];
  assertEquals(
    text,
    `Serving poetry/science.txt on port ${server.port}.\n` +
      `Somebody at ('127.0.0.1', ${client}) wants poetry!\n` +
      "Sending 300 bytes\nSending 300 bytes\nSending 48 bytes\n",
  );
});

Deno.test("the slow server sends 10 bytes every 0.1 s unless told", async () => {
  await using server = await startSlowServer("poetry/science.txt", []);
  const start = performance.now();
  using _reader = await Deno.connect(server);
  await server.stdout.waitFor(/(Sending 10 bytes\n){3}/);
  const elapsed = performance.now() - start;
  // How much longer than its two rests it takes is up to the machine.
  assertEquals(elapsed > 190, true, `it took ${elapsed} ms`);
});

Deno.test("a poem larger than the kernel's buffers arrives whole", async () => {
  const file = await Deno.makeTempFile();
  try {
    const large = new Uint8Array(20_000_000).map((_, i) => i % 251);
    await Deno.writeFile(file, large);
    await using server = await startSlowServer(file, [
      "--delay=0",
      "--num-bytes=20000000",
    ]);
    assertEquals(await readPoem(server.port), large);
  } finally {
    await Deno.remove(file);
  }
});

Deno.test("the next client waits until the last has its poem", async () => {
  await using server = await startSlowServer("poetry/science.txt", [
    "--delay=0.01",
    "--num-bytes=100",
  ]);
  await Promise.all([readPoem(server.port), readPoem(server.port)]);
  const lines = server.stdout.text.split("\n").slice(1, -1);
  const visits = lines.map((line) => line.startsWith("Somebody"));
  assertEquals(visits.filter(Boolean).length, 2);
  assertEquals(visits.lastIndexOf(true), lines.length / 2);
});

Deno.test("Ctrl-C ends the slow server at once, quietly", async () => {
  await using server = await startSlowServer("poetry/science.txt", [
    "--delay=3600",
  ]);
  using _waiting = await Deno.connect(server);
  await server.stdout.waitFor(/Sending 10 bytes/);
  server.kill("SIGINT");
  const { signal, stderr } = await server.outcome();
  assertEquals(signal, "SIGINT");
  assertEquals(stderr, "");
});

Deno.test("the slow server listens where --iface says", async () => {
  await using server = await startSlowServer("poetry/science.txt", [
    "--iface=localhost",
    "--port=0",
  ]);
  using connection = await Deno.connect({
    hostname: "localhost",
    port: server.port,
  });
  assertEquals(await connection.read(new Uint8Array(5)), 5);
});

Deno.test("a client that talks gets its whole poem nevertheless", async () => {
  const file = await Deno.makeTempFile();
  try {
    const large = new Uint8Array(2_000_000).fill(10);
    await Deno.writeFile(file, large);
    await using server = await startSlowServer(file, [
      "--delay=0",
      "--num-bytes=2000000",
    ]);
    using talker = await Deno.connect(server);
    await talker.write(new TextEncoder().encode("Hello?"));
    // The server is done with the talker when it welcomes the next client.
    using _next = await Deno.connect(server);
    await server.stdout.waitFor(/wants poetry!(.|\n)*wants poetry!/);
    assertEquals(
      (await new Response(talker.readable).bytes()).length,
      2_000_000,
    );
  } finally {
    await Deno.remove(file);
  }
});

Deno.test("the slow server that cannot accept says so once, rests, and tries again", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  using _client = await Deno.connect({ port: listener.addr.port });
  const failure = new Error("Too many open files (os error 24)");
  const failures = [failure, new Deno.errors.NotConnected(), failure];
  const begin = performance.now();
  const told = await capturing("error", async () => {
    const connection = await accept({
      async accept() {
        const error = failures.shift();
        if (error !== undefined) throw error;
        return await listener.accept();
      },
    });
    connection.close();
  });
  assertEquals(told, [
    "Cannot accept connections, retrying: too many open files.",
  ]);
  assert(performance.now() - begin > 1900, "it has rested twice");
});
