import { assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import {
  CancelledError,
  Deferred,
  DeferredQueue,
  Failure,
  QueueOverflow,
  QueueUnderflow,
} from "../../mod.ts";
import { errorOf, failed, NOTHING, resultOf } from "./family_support.ts";

Deno.test("DeferredQueue: what is put in comes out in that order", () => {
  const queue = new DeferredQueue<string>();
  queue.put("a");
  queue.put("b");
  assertEquals(queue.pending, ["a", "b"]);
  assertEquals(resultOf(queue.get()), "a");
  assertEquals(resultOf(queue.get()), "b");
  assertEquals(queue.pending, []);
});

Deno.test("DeferredQueue: who asks too early waits, and the first has the next thing inside of put", () => {
  const queue = new DeferredQueue<string>();
  const [first, second] = [queue.get(), queue.get()];
  assertEquals(queue.waiting.length, 2);
  assertStrictEquals(queue.waiting[0], first);
  queue.put("a");
  assertEquals(resultOf(first), "a");
  assertEquals(resultOf(second), NOTHING);
  assertEquals(queue.waiting.length, 1);
  assertEquals(queue.pending, []);
});

Deno.test("DeferredQueue: any value can be put in, undefined too", () => {
  const queue = new DeferredQueue<unknown>();
  for (const value of [undefined, null, 0, ""]) queue.put(value);
  assertEquals(queue.pending, [undefined, null, 0, ""]);
  for (const value of [undefined, null, 0, ""]) {
    assertStrictEquals(resultOf(queue.get()), value);
  }
});

Deno.test("DeferredQueue: a queue that is full throws at once", () => {
  const queue = new DeferredQueue<string>(1);
  assertEquals(queue.size, 1);
  queue.put("a");
  const error = assertThrowsIt(() => queue.put("b"), QueueOverflow);
  assertEquals(error.size, 1);
  assertEquals(
    error.message,
    "Cannot put into the queue: it is full, with 1 kept",
  );
  assertEquals(queue.pending, ["a"]);
});

Deno.test("DeferredQueue: the size does not matter to somebody who waits", () => {
  const queue = new DeferredQueue<string>(0);
  const d = queue.get();
  queue.put("a");
  assertEquals(resultOf(d), "a");
  assertThrows(() => queue.put("b"), QueueOverflow);
});

Deno.test("DeferredQueue: one too many who waits is refused at once", () => {
  const queue = new DeferredQueue<string>(null, 1);
  assertEquals(queue.backlog, 1);
  const d = queue.get();
  const error = assertThrowsIt(() => queue.get(), QueueUnderflow);
  assertEquals(error.backlog, 1);
  assertEquals(
    error.message,
    "Cannot get from the queue: it is empty, with 1 waiting",
  );
  queue.put("a");
  assertEquals(resultOf(d), "a");
});

Deno.test("DeferredQueue: with a backlog of 0 one can only get what is there", () => {
  const queue = new DeferredQueue<string>(undefined, 0);
  assertThrows(() => queue.get(), QueueUnderflow);
  queue.put("a");
  assertEquals(resultOf(queue.get()), "a");
});

Deno.test("DeferredQueue: who cancels leaves the line, and the next one has the thing", () => {
  const queue = new DeferredQueue<string>(undefined, 2);
  const [first, second] = [queue.get(), queue.get()];
  first.cancel();
  failed(first, CancelledError);
  assertEquals(queue.waiting.length, 1);
  const third = queue.get();
  queue.put("a");
  assertEquals(resultOf(second), "a");
  queue.put("b");
  assertEquals(resultOf(third), "b");
});

Deno.test("DeferredQueue: cancelling what was had already does nothing", () => {
  const queue = new DeferredQueue<string>();
  queue.put("a");
  const d = queue.get();
  d.cancel();
  assertEquals(resultOf(d), "a");
});

Deno.test("DeferredQueue: whoever gets a failure fails", () => {
  const boom = new Error("boom");
  const queue = new DeferredQueue<string>();
  const early = queue.get();
  queue.put(new Failure(boom));
  assertStrictEquals(errorOf(early), boom);
  queue.put(new Failure(boom));
  assertStrictEquals(errorOf(queue.get()), boom);
});

Deno.test("DeferredQueue: a deferred cannot be put in", () => {
  const queue = new DeferredQueue<unknown>();
  const early = queue.get();
  assertThrows(() => queue.put(new Deferred()), TypeError, "Cannot put");
  queue.put("a");
  assertEquals(resultOf(early), "a");
});

Deno.test("DeferredQueue: a size or a backlog that is no count is refused", () => {
  for (const count of [-1, 0.5, NaN, Infinity]) {
    assertThrows(() => new DeferredQueue(count), RangeError, "size");
    assertThrows(() => new DeferredQueue(1, count), RangeError, "backlog");
  }
});

Deno.test("DeferredQueue: a queue without limits has none", () => {
  const queue = new DeferredQueue();
  assertEquals([queue.size, queue.backlog], [undefined, undefined]);
});

Deno.test("DeferredQueue: 100,000 things go in and out", () => {
  const queue = new DeferredQueue<number>();
  let sum = 0;
  for (let n = 0; n < 100_000; n++) queue.put(n);
  for (let n = 0; n < 100_000; n++) queue.get().addCallback((n) => sum += n);
  assertEquals(sum, 100_000 * 99_999 / 2);
  for (let n = 0; n < 100_000; n++) queue.get().addCallback((n) => sum -= n);
  for (let n = 0; n < 100_000; n++) queue.put(n);
  assertEquals(sum, 0);
});

Deno.test("DeferredQueue: a consumer that asks again in its callback gets all there is", () => {
  const queue = new DeferredQueue<number>();
  const got: number[] = [];
  const consume = () => {
    queue.get().addCallback((n) => {
      got.push(n);
      consume();
    });
  };
  queue.put(1);
  consume();
  queue.put(2);
  queue.put(3);
  assertEquals(got, [1, 2, 3]);
  assertEquals(queue.waiting.length, 1);
});

/** What a call throws, which has to be of a class. */
function assertThrowsIt<E extends Error>(
  fn: () => unknown,
  type: new (...args: never[]) => E,
): E {
  try {
    fn();
  } catch (error) {
    if (error instanceof type) return error;
    throw error;
  }
  throw new Error(`No ${type.name} was thrown`);
}
