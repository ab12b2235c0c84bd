import {
  assert,
  assertEquals,
  assertRejects,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import { CancelledError, Deferred, DeferredLock, succeed } from "../../mod.ts";
import { errorOf, failed, NOTHING, resultOf } from "./family_support.ts";

Deno.test("DeferredLock: a free lock is had at once, and gives itself", () => {
  const lock = new DeferredLock();
  assert(!lock.locked);
  assertStrictEquals(resultOf(lock.acquire()), lock);
  assert(lock.locked);
  assertEquals(lock.waiting, []);
  lock.release();
  assert(!lock.locked);
});

Deno.test("DeferredLock: those who wait have the lock in the order they came, inside of release", () => {
  const lock = new DeferredLock();
  lock.acquire();
  const [first, second] = [lock.acquire(), lock.acquire()];
  assertEquals(lock.waiting.length, 2);
  assertStrictEquals(lock.waiting[0], first);
  lock.release();
  assertStrictEquals(resultOf(first), lock);
  assertEquals(resultOf(second), NOTHING);
  assert(lock.locked);
  assertEquals(lock.waiting.length, 1);
  lock.release();
  assertStrictEquals(resultOf(second), lock);
  lock.release();
  assert(!lock.locked);
});

Deno.test("DeferredLock: a lock that nobody holds cannot be released", () => {
  const lock = new DeferredLock();
  assertThrows(() => lock.release(), Error, "nobody holds it");
  lock.acquire();
  lock.release();
  assertThrows(() => lock.release(), Error, "nobody holds it");
});

Deno.test("DeferredLock: a release too many is refused while the lock is being handed over", () => {
  const lock = new DeferredLock();
  const told: string[] = [];
  lock.acquire();
  lock.acquire().addCallback(() => {
    lock.release();
    assertThrows(() => lock.release(), Error, "nobody holds it");
    told.push("refused");
  });
  const last = lock.acquire();
  lock.release();
  assertEquals(told, ["refused"]);
  assertStrictEquals(resultOf(last), lock);
});

Deno.test("DeferredLock: who cancels while waiting leaves the line, and never has the lock", () => {
  const lock = new DeferredLock();
  lock.acquire();
  const [first, second, third] = [0, 1, 2].map(() => lock.acquire());
  second?.cancel();
  assert(second !== undefined && errorOf(second) instanceof CancelledError);
  assertEquals(lock.waiting.length, 2);
  lock.release();
  assert(first?.called);
  lock.release();
  assert(third?.called);
  lock.release();
  assert(!lock.locked);
});

Deno.test("DeferredLock: the first and the last in line can leave, and the line holds together", () => {
  const lock = new DeferredLock();
  lock.acquire();
  const line = [0, 1, 2].map(() => lock.acquire());
  line[0]?.addErrback(() => {}).cancel();
  line[2]?.addErrback(() => {}).cancel();
  const late = lock.acquire();
  assertEquals(lock.waiting.length, 2);
  lock.release();
  assert(line[1]?.called);
  lock.release();
  assert(late.called);
});

Deno.test("DeferredLock: cancelling what was had already does nothing: the lock stays held", () => {
  const lock = new DeferredLock();
  const held = lock.acquire();
  held.cancel();
  assertStrictEquals(resultOf(held), lock);
  assert(lock.locked);
});

Deno.test("DeferredLock: one who waited and was fired by hand is passed over", () => {
  const lock = new DeferredLock();
  lock.acquire();
  lock.acquire().callback(lock);
  const next = lock.acquire();
  lock.release();
  assert(next.called);
});

Deno.test("DeferredLock: run calls the function with the lock held, and passes its result on", () => {
  const lock = new DeferredLock();
  const result = lock.run(
    (a: number, b: string) => {
      assert(lock.locked);
      return `${a}${b}`;
    },
    1,
    "b",
  );
  assertEquals(resultOf(result), "1b");
  assert(!lock.locked);
});

Deno.test("DeferredLock: run holds the lock until the function's deferred has fired", () => {
  const lock = new DeferredLock();
  const work = new Deferred<string>();
  const result = lock.run(() => work);
  const next = lock.run(() => "next");
  assert(lock.locked);
  assertEquals(resultOf(next), NOTHING);
  work.callback("done");
  assertEquals(resultOf(result), "done");
  assertEquals(resultOf(next), "next");
  assert(!lock.locked);
});

Deno.test("DeferredLock: run waits for a promise too", async () => {
  const lock = new DeferredLock();
  assertEquals(await lock.run(() => Promise.resolve("done")), "done");
  assert(!lock.locked);
});

Deno.test("DeferredLock: run releases the lock when the function throws, or its deferred fails", () => {
  const lock = new DeferredLock();
  const boom = new Error("boom");
  const thrown = lock.run(() => {
    throw boom;
  });
  assertStrictEquals(errorOf(thrown), boom);
  assert(!lock.locked);
  const work = new Deferred();
  const result = lock.run(() => work);
  work.errback(boom);
  assertStrictEquals(errorOf(result), boom);
  assert(!lock.locked);
});

Deno.test("DeferredLock: a run that is cancelled while it waits never calls its function", () => {
  const lock = new DeferredLock();
  lock.acquire();
  let calls = 0;
  const result = lock.run(() => calls++);
  result.cancel();
  failed(result, CancelledError);
  assertEquals(lock.waiting, []);
  lock.release();
  assertEquals(calls, 0);
  assert(!lock.locked);
});

Deno.test("DeferredLock: a run that is cancelled later cancels the function's deferred, and releases the lock", () => {
  const lock = new DeferredLock();
  const work = new Deferred();
  const result = lock.run(() => work);
  result.cancel();
  assert(work.called);
  failed(result, CancelledError);
  assert(!lock.locked);
});

Deno.test("DeferredLock: run refuses what is not a function at once, and takes no lock", () => {
  const lock = new DeferredLock();
  // @ts-expect-error a deferred is no function
  assertThrows(() => lock.run(succeed()), TypeError, "fn");
  assert(!lock.locked);
});

Deno.test("DeferredLock: 100,000 runs in line are served in order, without recursion", () => {
  const lock = new DeferredLock();
  const served: number[] = [];
  lock.acquire();
  for (let n = 0; n < 100_000; n++) lock.run(() => served.push(n));
  assertEquals(lock.waiting.length, 100_000);
  lock.release();
  assert(served.every((n, place) => n === place));
  assertEquals(served.length, 100_000);
  assert(!lock.locked);
});

Deno.test("DeferredLock: 100,000 who release in their own callback are served without recursion", () => {
  const lock = new DeferredLock();
  let served = 0;
  lock.acquire();
  for (let n = 0; n < 100_000; n++) {
    lock.acquire().addCallback((held) => {
      served++;
      held.release();
    });
  }
  lock.release();
  assertEquals(served, 100_000);
  assert(!lock.locked);
});

Deno.test("DeferredLock: 100,000 who wait can all leave, from the end and from the middle", () => {
  const lock = new DeferredLock();
  lock.acquire();
  const line: Deferred<unknown>[] = [];
  for (let n = 0; n < 100_000; n++) {
    line.push(lock.acquire().addErrback(() => {}));
  }
  for (let n = line.length - 1; n >= 0; n -= 2) line[n]?.cancel();
  assertEquals(lock.waiting.length, 50_000);
  for (let n = 0; n < line.length; n += 2) line[n]?.cancel();
  assertEquals(lock.waiting, []);
  lock.release();
  assert(!lock.locked);
});

Deno.test("DeferredLock: a lock that is released while it is handed over goes to the next before that ends", () => {
  const lock = new DeferredLock();
  const told: string[] = [];
  lock.acquire();
  lock.acquire().addCallback(() => {
    told.push("first");
    lock.release();
    told.push("first is done");
  });
  lock.acquire().addCallback(() => told.push("second"));
  lock.release();
  told.push("released");
  assertEquals(told, ["first", "first is done", "second", "released"]);
  assert(lock.locked);
});

Deno.test("DeferredLock: a lock that is released with nobody in line is free at once", () => {
  const lock = new DeferredLock();
  lock.acquire();
  lock.acquire().addCallback(() => {
    lock.release();
    assert(!lock.locked);
    assert(lock.acquire().called);
  });
  lock.release();
  assert(lock.locked);
});

Deno.test("DeferredLock: if the whole line leaves while the lock is on its way, the lock is free", () => {
  const lock = new DeferredLock();
  lock.acquire();
  const first = lock.acquire();
  const second = lock.acquire().addErrback(() => {});
  first.addCallback(() => {
    lock.release();
    second.cancel();
  });
  lock.release();
  assert(!lock.locked);
});

Deno.test("DeferredLock: a block that starts with using has the lock until its end", async () => {
  const lock = new DeferredLock();
  {
    using held = await lock.acquire();
    assertStrictEquals(held, lock);
    assert(lock.locked);
  }
  assert(!lock.locked);
  {
    await using _ = await lock.acquire();
    assert(lock.locked);
  }
  assert(!lock.locked);
});

Deno.test("DeferredLock: a block that ends with an error releases the lock, and the error goes on", async () => {
  const lock = new DeferredLock();
  const block = async () => {
    using _ = await lock.acquire();
    throw new RangeError("boom");
  };
  await assertRejects(block, RangeError);
  assert(!lock.locked);
});

Deno.test("DeferredLock: using without await is refused, and nothing is released", () => {
  const lock = new DeferredLock();
  assertThrows(() => {
    // @ts-expect-error a deferred cannot be disposed of
    using _ = lock.acquire();
  }, TypeError);
  assert(lock.locked);
});
