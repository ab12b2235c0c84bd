import { assert, assertEquals, assertFalse, assertThrows } from "@std/assert";
import {
  type Backend,
  CannotListenError,
  ConnectionLost,
  ConnectionRefusedError,
  createMemoryBackend,
  type Listener,
  type Stream,
} from "../../../../mod.ts";
import { portOf } from "../../../support/reactors.ts";
import { socketPair } from "../../../support/sockets.ts";

const OPTIONS = { hostname: "127.0.0.1", backlog: 50, reusePort: false };

function listen(backend: Backend, port = 0): Listener {
  return backend.listen({ ...OPTIONS, port });
}

function connect(backend: Backend, port: number): Promise<Stream | Error> {
  return new Promise((resolve) => {
    backend.connect({ hostname: "127.0.0.1", port }, resolve);
  });
}

Deno.test("memory backend: networks in memory do not see each other", async () => {
  const backend = createMemoryBackend();
  const { port } = listen(backend).address;
  assertFalse(await connect(backend, port) instanceof Error);
  const outcome = await connect(createMemoryBackend(), port);
  assert(outcome instanceof ConnectionRefusedError);
});

Deno.test("memory backend: a free port is not one that was asked for by number", () => {
  const backend = createMemoryBackend();
  const first = listen(backend).address.port;
  const taken = [first + 1, first + 2, 65535].map((port) =>
    listen(backend, port)
  );
  const ports = taken.map(({ address }) => address.port);
  for (let i = 0; i < 10; i++) {
    const { port } = listen(backend).address;
    assertFalse(ports.includes(port));
    ports.push(port);
  }
});

Deno.test("memory backend: the ports of a network never run out while they are given back", async () => {
  const backend = createMemoryBackend();
  const { port } = listen(backend).address;
  for (let i = 0; i < 20_000; i++) {
    const stream = await connect(backend, port);
    if (stream instanceof Error) throw stream;
    const near = portOf(stream.localAddress);
    assert(near > 0 && near <= 65535 && near !== port);
    stream.close();
  }
  assertThrows(() => listen(backend, port), CannotListenError);
});

Deno.test("memory backend: a connection holds few bytes, then has no room", async () => {
  await using pair = await socketPair(createMemoryBackend());
  const { near, far } = pair;
  const data = new Uint8Array(1024 * 1024);
  const taken = near.send(data);
  assert(taken > 0 && taken < data.length);
  assertEquals(far.receive(taken + 1)?.constructor, Uint8Array);
  assertEquals(near.send(data), taken);
});

Deno.test("memory backend: what is sent is copied: the sender may use its bytes again", async () => {
  await using pair = await socketPair(createMemoryBackend());
  const data = new Uint8Array([1, 2, 3]);
  pair.near.send(data);
  data.fill(9);
  assertEquals(pair.far.receive(10), new Uint8Array([1, 2, 3]));
});

Deno.test("memory backend: what was sent before EOF can be received after it", async () => {
  await using pair = await socketPair(createMemoryBackend());
  pair.near.send(new Uint8Array([1]));
  pair.near.close();
  assertEquals(pair.far.receive(10), new Uint8Array([1]));
  assertEquals(pair.far.receive(10), new Uint8Array(0));
  assert(pair.far.send(new Uint8Array([1])) instanceof ConnectionLost);
});

Deno.test("memory backend: what was sent before a reset is lost", async () => {
  await using pair = await socketPair(createMemoryBackend());
  pair.far.send(new Uint8Array([1]));
  pair.far.abort();
  assertThrows(() => pair.near.recv(10), ConnectionLost);
});
