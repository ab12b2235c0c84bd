import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { ByteBuffer } from "../../../reactor/protocols/byte_buffer.ts";
import { bytes, randomNumbers, text } from "./support.ts";

Deno.test("ByteBuffer: it is a queue of bytes, whatever is added and taken", () => {
  for (let seed = 0; seed < 50; seed++) {
    const random = randomNumbers(seed);
    const upTo = (most: number) => Math.floor(random() * (most + 1));
    const buffer = new ByteBuffer();
    const kept: { view: Uint8Array; was: string }[] = [];
    let model = "";
    for (let step = 0; step < 200; step++) {
      const piece = String.fromCharCode(97 + (step % 26)).repeat(upTo(9));
      if (random() < 0.1) {
        buffer.unshift(bytes(piece));
        model = piece + model;
      } else {
        buffer.add(bytes(piece));
        model += piece;
      }
      const count = random() < 0.5 ? upTo(model.length) : 0;
      if (random() < 0.2) buffer.skip(count);
      else kept.push({ view: buffer.take(count), was: model.slice(0, count) });
      model = model.slice(count);
      assertEquals(buffer.length, model.length);
      const from = upTo(model.length);
      assertEquals(buffer.at(from), model.charCodeAt(from) || undefined);
      for (const wanted of ["a", "ab", "aab", "zzabbb"]) {
        const found = buffer.indexOf(bytes(wanted), from);
        assertEquals(found, model.indexOf(wanted, from));
      }
      if (random() < 0.3) buffer.settle(random() < 0.5);
      if (random() < 0.3) {
        const found = model.indexOf("ab");
        const most = upTo(9);
        const view = buffer.takeUntil(bytes("ab"), most);
        if (view !== undefined) {
          assert(found >= 0 && found <= most);
          kept.push({ view, was: model.slice(0, found) });
          model = model.slice(found + 2);
        }
      }
      if (random() < 0.3) assertEquals(text(buffer.peek()), model);
    }
    for (const { view, was } of kept) assertEquals(text(view), was);
  }
});

Deno.test("ByteBuffer: indexOf finds what begins like itself", () => {
  const buffer = new ByteBuffer();
  for (const char of "aaab aab") buffer.add(bytes(char));
  assertEquals(buffer.indexOf(bytes("aab"), 0), 1);
  assertEquals(buffer.indexOf(bytes("aab"), 2), 5);
  assertEquals(buffer.indexOf(bytes("aab"), 6), -1);
  assertEquals(buffer.indexOf(bytes("b"), 99), -1);
});

/** How much memory a settled buffer keeps. */
function room(buffer: ByteBuffer): number {
  return buffer.peek().buffer.byteLength;
}

Deno.test("ByteBuffer: a little that is left of much does not keep it alive", () => {
  const buffer = new ByteBuffer();
  buffer.add(new Uint8Array(64 * 1024));
  buffer.skip(64 * 1024 - 10);
  buffer.settle();
  assertEquals(buffer.length, 10);
  assert(room(buffer) <= 1024);
  buffer.skip(10);
  buffer.settle();
  assertEquals(room(buffer), 0);
});

Deno.test("ByteBuffer: much that is left is not copied", () => {
  const buffer = new ByteBuffer();
  const read = new Uint8Array(64 * 1024);
  buffer.add(read);
  buffer.skip(30 * 1024);
  buffer.settle();
  assertStrictEquals(buffer.peek().buffer, read.buffer);
});

Deno.test("ByteBuffer: there is room for no more bytes than are expected", () => {
  const buffer = new ByteBuffer();
  buffer.add(new Uint8Array(5000));
  for (let at = 5000; at < 9000; at++) {
    buffer.add(bytes("x"));
    buffer.expect(9000);
    buffer.settle();
    assert(room(buffer) <= 9000);
  }
});

Deno.test("ByteBuffer: what waits takes no more room than it needs, or twice that", () => {
  const read = new Uint8Array(1000);
  const buffer = new ByteBuffer();
  buffer.add(bytes("x"));
  buffer.add(read);
  assertEquals(buffer.peek().buffer.byteLength, 1001);
  for (let at = 0; at < 5000; at++) {
    buffer.add(bytes("x"));
    assert(buffer.peek().buffer.byteLength <= buffer.length * 2);
  }
});
