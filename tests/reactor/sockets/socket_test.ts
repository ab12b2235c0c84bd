import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  type Backend,
  ConnectError,
  ConnectionLost,
  createMemoryBackend,
  DNSLookupError,
  runtimeBackend,
  select,
  Socket,
  WouldBlock,
} from "../../../mod.ts";
import { refusingAddress } from "../../support/servers.ts";
import {
  ready,
  sendAll,
  type SocketPair,
  socketPair,
} from "../../support/sockets.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (data: Uint8Array) => new TextDecoder().decode(data);

function test(name: string, body: (pair: SocketPair) => Promise<void>): void {
  const backends: Backend[] = [runtimeBackend, createMemoryBackend()];
  for (const backend of backends) {
    Deno.test(`${backend.name}: ${name}`, async () => {
      await using pair = await socketPair(backend);
      await body(pair);
    });
  }
}

test("recv gives what has arrived, and no more than was asked for", async (pair) => {
  const { near } = pair;
  await sendAll(pair, bytes("Science! true daughter"));
  await select([near], []);
  assertEquals(text(near.recv(8)), "Science!");
  assertEquals(text(near.recv(1000)), " true daughter");
});

test("recv throws a WouldBlock where nothing has arrived", ({ near }) => {
  assertThrows(() => near.recv(10), WouldBlock);
  return Promise.resolve();
});

test("recv gives no bytes at the end, each time", async (pair) => {
  const { near } = pair;
  await sendAll(pair, bytes("end"));
  await select([near], []);
  assertEquals(text(near.recv(10)), "end");
  pair.far.close();
  for (let time = 0; time < 2; time++) {
    await select([near], []);
    assertEquals(near.recv(10).length, 0);
  }
});

test("recv must be asked for one byte at least", ({ near }) => {
  for (const max of [0, -1, 1.5, NaN, Infinity, undefined]) {
    assertThrows(() => near.recv(max as number), RangeError);
  }
  return Promise.resolve();
});

test("what was sent is sent as it was, whatever becomes of the bytes once there is room again", async ({ backend, near, far }) => {
  const data = bytes("Science!");
  near.send(data);
  await select([], [near]);
  data.fill(0);
  await ready(backend, "pollRead", far);
  assertEquals(far.receive(1000), bytes("Science!"));
});

test("send takes what there is room for, and throws a WouldBlock where there is none", async ({ backend, near, far }) => {
  const data = new Uint8Array(256 * 1024);
  let sent = 0;
  assertThrows(() => {
    for (;;) sent += near.send(data);
  }, WouldBlock);
  assert(sent > 0);
  let received = 0;
  while (received < sent) {
    await ready(backend, "pollRead", far);
    const piece = far.receive(64 * 1024);
    if (piece instanceof Uint8Array) received += piece.length;
  }
  await select([], [near]);
  assertEquals(near.send(bytes("more")), 4);
});

test("send takes nothing but bytes", ({ near }) => {
  const noBytes: unknown[] = ["text", undefined, [1], new ArrayBuffer(1)];
  for (const wrong of noBytes) {
    assertThrows(() => near.send(wrong as Uint8Array), TypeError);
  }
  return Promise.resolve();
});

test("a socket that is closed has no number, and cannot be used", ({ near }) => {
  assert(near.fileno() >= 3);
  const peer = near.getpeername();
  near.close();
  near.close();
  assertEquals(near.fileno(), -1);
  assertThrows(() => near.recv(1), Error, "closed socket");
  assertThrows(() => near.send(bytes("a")), Error, "closed socket");
  assertEquals(near.getpeername(), peer);
  return Promise.resolve();
});

test("a socket knows its peer", ({ near, far }) => {
  assertEquals(near.getpeername(), far.localAddress);
  return Promise.resolve();
});

test("no two sockets have the same number", async ({ near }) => {
  await using other = await socketPair(runtimeBackend);
  assert(near.fileno() !== other.near.fileno());
});

Deno.test("a socket whose peer has reset the connection throws a ConnectionLost", async () => {
  await using pair = await socketPair(createMemoryBackend());
  const { near, far } = pair;
  far.abort();
  await select([near], [near]);
  assertThrows(() => near.recv(10), ConnectionLost);
  assertThrows(() => near.send(bytes("a")), ConnectionLost);
});

Deno.test("connecting a socket fails with the reason", async () => {
  using refusing = await refusingAddress();
  const { port } = refusing;
  await assertRejects(
    () => Socket.connect({ hostname: "127.0.0.1", port }),
    ConnectError,
    `Cannot connect to 127.0.0.1:${port}: connection refused`,
  );
  await assertRejects(
    () => Socket.connect({ hostname: "no-such-host.invalid", port: 80 }),
    DNSLookupError,
  );
  for (const port of [0, 70000, NaN]) {
    await assertRejects(
      () => Socket.connect({ hostname: "127.0.0.1", port }),
      RangeError,
    );
  }
});
