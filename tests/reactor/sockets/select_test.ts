import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  type Backend,
  createMemoryBackend,
  runtimeBackend,
  select,
} from "../../../mod.ts";
import { sendAll, type SocketPair, socketPair } from "../../support/sockets.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

function test(
  name: string,
  body: (one: SocketPair, other: SocketPair) => Promise<void>,
): void {
  const backends: Backend[] = [runtimeBackend, createMemoryBackend()];
  for (const backend of backends) {
    Deno.test(`${backend.name}: ${name}`, async () => {
      await using one = await socketPair(backend);
      await using other = await socketPair(backend);
      await body(one, other);
    });
  }
}

test(
  "select waits until one of the sockets can be read",
  async (one, other) => {
    const selected = select([one.near, other.near], []);
    await sendAll(other, bytes("hello"));
    const [readable, writable] = await selected;
    assertEquals(readable.map((it) => it === other.near), [true]);
    assertEquals(writable, []);
  },
);

test(
  "select finds what is ready already, readers and writers, in their order",
  async (one, other) => {
    await sendAll(one, bytes("hello"));
    await sendAll(other, bytes("hello"));
    await select([one.near], []);
    await select([other.near], []);
    const both = [other.near, one.near];
    const [readable, writable] = await select(both, both);
    assertEquals(readable.map((it) => both.indexOf(it)), [0, 1]);
    assertEquals(writable.map((it) => both.indexOf(it)), [0, 1]);
  },
);

test("select finds the end of a connection", async (one) => {
  const selected = select([one.near], []);
  one.far.close();
  const [readable] = await selected;
  assertEquals(readable.length, 1);
});

test("select finds a socket as often as it was given", async (one) => {
  await sendAll(one, bytes("hello"));
  const [readable] = await select([one.near, one.near], []);
  assertEquals(readable.length, 2);
});

test("select gives up when its time is over", async (one) => {
  assertEquals(await select([one.near], [], 0), [[], []]);
  assertEquals(await select([], [], 0.001), [[], []]);
});

test("select with a long timeout waits, and leaves no timer behind", async (one) => {
  for (const timeout of [1e3, 1e10, Infinity]) {
    const selected = select([one.near], [], timeout);
    await sendAll(one, bytes("hello"));
    const [readable] = await selected;
    assertEquals(readable.length, 1);
    one.near.recv(100);
  }
});

test("select refuses a timeout that is none, and a socket that is closed", async (one) => {
  for (const timeout of [-1, NaN]) {
    await assertRejects(() => select([one.near], [], timeout), RangeError);
  }
  one.near.close();
  await assertRejects(() => select([one.near], []), RangeError);
  await assertRejects(() => select([], [one.near]), RangeError);
});

test("what select gave does not change afterwards", async (one, other) => {
  await sendAll(one, bytes("hello"));
  const [readable] = await select([one.near, other.near], []);
  assertEquals(readable.length, 1);
  await sendAll(other, bytes("hello"));
  await select([other.near], []);
  assertEquals(readable.length, 1);
});

test(
  "a socket that is always ready does not keep others from becoming so",
  async (one, other) => {
    await sendAll(other, bytes("hello"));
    // There is room to write all the time.
    for (let time = 0; time < 10_000; time++) {
      const [readable] = await select([other.near], [one.near]);
      if (readable.length > 0) return;
    }
    assert(false, "the reader was never found to be ready");
  },
);
