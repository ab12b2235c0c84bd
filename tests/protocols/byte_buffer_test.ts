import { assert, assertEquals } from "@std/assert";
import { ByteBuffer } from "../../reactor/protocols/byte_buffer.ts";
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
      kept.push({ view: buffer.take(count), was: model.slice(0, count) });
      model = model.slice(count);
      assertEquals(buffer.length, model.length);
      assertEquals(text(buffer.peek()), model);
      assertEquals(buffer.indexOf(bytes("ab"), 0), model.indexOf("ab"));
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
