import {
  assert,
  assertEquals,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import { Deferred, DeferredSemaphore } from "../../mod.ts";
import { NOTHING, resultOf } from "./family_support.ts";

Deno.test("DeferredSemaphore: a semaphore without tokens is refused at once", () => {
  for (const tokens of [0, -1, 1.5, NaN, Infinity]) {
    assertThrows(() => new DeferredSemaphore(tokens), RangeError, `${tokens}`);
  }
});

Deno.test("DeferredSemaphore: tokens are those that are left, limit is how many there are", () => {
  const semaphore = new DeferredSemaphore(2);
  assertEquals([semaphore.tokens, semaphore.limit], [2, 2]);
  assertStrictEquals(resultOf(semaphore.acquire()), semaphore);
  assertEquals([semaphore.tokens, semaphore.limit], [1, 2]);
  semaphore.acquire();
  assertEquals([semaphore.tokens, semaphore.limit], [0, 2]);
  semaphore.release();
  assertEquals([semaphore.tokens, semaphore.limit], [1, 2]);
});

Deno.test("DeferredSemaphore: who finds no token waits, first come, first served", () => {
  const semaphore = new DeferredSemaphore(2);
  const all = [0, 1, 2, 3].map(() => semaphore.acquire());
  assertEquals(all.map(({ called }) => called), [true, true, false, false]);
  assertEquals(semaphore.waiting.length, 2);
  semaphore.release();
  assertEquals(all.map(({ called }) => called), [true, true, true, false]);
  assertEquals(semaphore.tokens, 0);
  semaphore.release();
  assertEquals(all.map(({ called }) => called), [true, true, true, true]);
});

Deno.test("DeferredSemaphore: a release too many is refused", () => {
  const semaphore = new DeferredSemaphore(2);
  assertThrows(
    () => semaphore.release(),
    Error,
    "none of its 2 tokens is held",
  );
  semaphore.acquire();
  semaphore.release();
  assertThrows(
    () => semaphore.release(),
    Error,
    "none of its 2 tokens is held",
  );
  assertEquals(semaphore.tokens, 2);
});

Deno.test("DeferredSemaphore: no more runs go on at once than there are tokens", () => {
  const semaphore = new DeferredSemaphore(3);
  const work: Deferred<number>[] = [];
  const results = [0, 1, 2, 3, 4].map(() =>
    semaphore.run(() => {
      const d = new Deferred<number>();
      work.push(d);
      return d;
    })
  );
  assertEquals(work.length, 3);
  work[1]?.callback(1);
  assertEquals(work.length, 4);
  work[0]?.callback(0);
  assertEquals(work.length, 5);
  for (const n of [2, 3, 4]) work[n]?.callback(n);
  assertEquals(results.map(resultOf), [0, 1, 2, 3, 4]);
  assertEquals(semaphore.tokens, 3);
});

Deno.test("DeferredSemaphore: tokens given back together while the line is served all go to the line", () => {
  const semaphore = new DeferredSemaphore(3);
  for (let n = 0; n < 3; n++) semaphore.acquire();
  const first = semaphore.acquire().addCallback(() => {
    semaphore.release();
    semaphore.release();
    semaphore.release();
    assertThrows(() => semaphore.release());
  });
  const others = [0, 1, 2, 3].map(() => semaphore.acquire());
  semaphore.release();
  assert(first.called);
  assertEquals(others.map(({ called }) => called), [true, true, true, false]);
  assertEquals(semaphore.tokens, 0);
});

Deno.test("DeferredSemaphore: a run that waits gives nothing before it is its turn", () => {
  const semaphore = new DeferredSemaphore(1);
  semaphore.acquire();
  const result = semaphore.run(() => "done");
  assertEquals(resultOf(result), NOTHING);
  semaphore.release();
  let last = "";
  result.addCallback((text) => last = text);
  assertEquals(last, "done");
});

Deno.test("DeferredSemaphore: using gives the token back at the end of the block", async () => {
  const semaphore = new DeferredSemaphore(2);
  {
    using _one = await semaphore.acquire();
    using _two = await semaphore.acquire();
    assertEquals(semaphore.tokens, 0);
  }
  assertEquals(semaphore.tokens, 2);
});
