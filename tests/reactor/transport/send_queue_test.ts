import { assert, assertEquals } from "@std/assert";
import { SendQueue } from "../../../reactor/transport/send_queue.ts";
import { randomNumbers } from "../protocols/support.ts";

for (const longest of [10, 1000, 100_000]) {
  Deno.test(`SendQueue: pieces of up to ${longest} bytes come out of a queue whole and in order`, () => {
    const random = randomNumbers(longest);
    const queue = new SendQueue();
    let written = 0;
    let sent = 0;
    const add = () => {
      const piece = new Uint8Array(Math.floor(random() * longest));
      for (let i = 0; i < piece.length; i++) piece[i] = written++ % 251;
      queue.add(piece);
    };
    const send = () => {
      const first = queue.peek();
      if (first === undefined) return;
      const count = Math.ceil(random() ** 2 * first.length);
      for (const byte of first.subarray(0, count)) {
        if (byte !== sent++ % 251) throw new Error(`Wrong at byte ${sent}`);
      }
      queue.consume(count);
    };
    for (let step = 0; step < 3000; step++) {
      // Sometimes more comes than goes, sometimes less.
      if (random() < 0.5 + Math.sin(step / 300) / 4) add();
      else send();
      assertEquals(queue.size, written - sent);
      assertEquals(queue.isEmpty(), written === sent);
    }
    while (!queue.isEmpty()) send();
    assertEquals(sent, written);
    assertEquals(queue.peek(), undefined);
  });
}

Deno.test("SendQueue: small pieces are sent in few large ones", () => {
  const queue = new SendQueue();
  for (let i = 0; i < 100_000; i++) queue.add(new Uint8Array([i]));
  let pieces = 0;
  for (let first = queue.peek(); first !== undefined; first = queue.peek()) {
    queue.consume(first.length);
    pieces++;
  }
  assertEquals(pieces, 2);
});

Deno.test("SendQueue: a large piece is sent as it is, without a copy", () => {
  const queue = new SendQueue();
  const large = new Uint8Array(1_000_000);
  queue.add(large);
  queue.add(new Uint8Array(1));
  assert(queue.peek() === large);
});

Deno.test("SendQueue: an empty piece is not kept, and a queue that is cleared is empty", () => {
  const queue = new SendQueue();
  queue.add(new Uint8Array(0));
  assert(queue.isEmpty());
  queue.add(new Uint8Array(1));
  queue.clear();
  assertEquals([queue.isEmpty(), queue.peek()], [true, undefined]);
  queue.consume(1);
  assert(queue.isEmpty());
});
