import {
  assert,
  assertEquals,
  assertRejects,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import {
  AlreadyCalledError,
  CancelledError,
  Deferred,
  fail,
  type Failure,
  succeed,
} from "../../mod.ts";

const boom = new Error("boom");

async function rejection(promise: PromiseLike<unknown>): Promise<unknown> {
  try {
    return `no rejection: ${await promise}`;
  } catch (error) {
    return error;
  }
}

Deno.test("promises: await gives the value of a deferred that has fired", async () => {
  assertEquals(await succeed("poem"), "poem");
});

Deno.test("promises: await throws the error itself", async () => {
  assertStrictEquals(await rejection(fail(boom)), boom);
});

Deno.test("promises: await waits for the value, and for the error", async () => {
  const d = new Deferred<string>();
  const e = new Deferred<string>();
  const both = [rejection(d), rejection(e)];
  d.callback("poem");
  e.errback(boom);
  assertEquals(await Promise.all(both), ["no rejection: poem", boom]);
});

Deno.test("promises: a deferred that has fired can be awaited again and again", async () => {
  const d = succeed("poem");
  assertEquals([await d, await d], ["poem", "poem"]);
  const e = fail(boom);
  assertEquals([await rejection(e), await rejection(e)], [boom, boom]);
});

Deno.test("promises: of two that await an unfired deferred the first gets the value", async () => {
  const d = new Deferred<string>();
  const both = Promise.all([d.then(), d.then()]);
  d.callback("poem");
  assertEquals(await both, ["poem", undefined]);
});

Deno.test("promises: callbacks that are added behind an await get undefined", async () => {
  const seen: unknown[] = [];
  const d = new Deferred<string>();
  const promise = Promise.resolve(d);
  await Promise.resolve();
  d.addCallback((result) => void seen.push(result));
  d.callback("poem");
  assertEquals(seen, [undefined]);
  assertEquals(await promise, "poem");
});

Deno.test("promises: a deferred that is paused, or waits itself, is awaited to the end", async () => {
  const paused = succeed("paused");
  paused.pause();
  const inner = new Deferred<string>();
  const chained = succeed(1).addCallback(() => inner);
  const seen: unknown[] = [];
  const both = Promise.all(
    [paused, chained].map(async (d) => void seen.push(await d)),
  );
  for (let turn = 0; turn < 5; turn++) await Promise.resolve();
  assertEquals(seen, []);
  paused.unpause();
  inner.callback("inner");
  await both;
  assertEquals(seen, ["paused", "inner"]);
});

Deno.test("promises: toPromise takes the result over", async () => {
  const seen: unknown[] = [];
  const d = succeed("poem");
  const promise = d.toPromise();
  d.addCallback((result) => void seen.push(result));
  assertEquals(seen, [undefined]);
  assertEquals(await promise, "poem");
  const e = fail(boom);
  const rejected = e.toPromise();
  e.addCallback((result) => void seen.push(result));
  assertEquals(seen, [undefined, undefined]);
  assertStrictEquals(await rejection(rejected), boom);
});

Deno.test("promises: then takes handlers as a promise does", async () => {
  assertEquals(await succeed(2).then((n) => n + 1), 3);
  assertEquals(await succeed(2).then(), 2);
  assertEquals(await fail(boom).then(null, () => "handled"), "handled");
});

Deno.test("promises: a deferred works where promises are combined", async () => {
  const later = new Deferred<number>();
  const all = Promise.all([succeed(1), later, 3]);
  later.callback(2);
  assertEquals(await all, [1, 2, 3]);
});

Deno.test("promises: a callback may return a promise, and the chain waits for it", async () => {
  const seen: string[] = [];
  const d = succeed(1)
    .addCallback(() => Promise.resolve("poem"))
    .addCallback((poem) => void seen.push(poem));
  assertEquals(seen, []);
  await d;
  assertEquals(seen, ["poem"]);
});

Deno.test("promises: a callback may be an async function", async () => {
  const d = succeed("poem")
    .addCallback(async (poem) => {
      await Promise.resolve();
      return poem.length;
    });
  assertEquals(await d, 4);
});

Deno.test("promises: a rejected promise is the chain's failure", async () => {
  const failures: Failure[] = [];
  await succeed(1)
    .addCallback(() => Promise.reject(boom))
    .addErrback((failure) => void failures.push(failure));
  assertStrictEquals(failures[0]?.value, boom);
  assert(failures[0]?.raised);
});

Deno.test("promises: cancelling a chain that waits for a promise gives up on it", async () => {
  for (const settle of ["resolve", "reject"] as const) {
    const promise = Promise.withResolvers<string>();
    const d = succeed(1).addCallback(() => promise.promise);
    d.cancel();
    assert(await rejection(d) instanceof CancelledError);
    promise[settle]("too late");
    await rejection(promise.promise);
  }
});

Deno.test("promises: anything with a then method is waited for, an object or a function", async () => {
  const thenable = {
    then: (resolve: (s: string) => void) => resolve("poem"),
  };
  const callable = Object.assign(() => {}, thenable);
  const seen: unknown[] = [];
  for (const returned of [thenable, callable]) {
    succeed(1).addCallback(() => returned).addCallback((s) =>
      void seen.push(s)
    );
  }
  await Promise.resolve();
  assertEquals(seen, ["poem", "poem"]);
});

Deno.test("promises: a then method that throws fails the chain", () => {
  const seen: unknown[] = [];
  const broken = {
    then(): never {
      throw boom;
    },
  };
  succeed(1).addCallback(() => broken)
    .addErrback((failure) => void seen.push(failure.value));
  assertEquals(seen, [boom]);
});

Deno.test("promises: values that are nearly thenable are values", () => {
  const values: unknown[] = [{ then: "text" }, null, () => {}, "then"];
  for (const value of values) {
    const seen: unknown[] = [];
    succeed(1).addCallback(() => value)
      .addCallback((result) => void seen.push(result));
    assertStrictEquals(seen[0], value);
  }
});

Deno.test("promises: fromPromise fires when the promise settles", async () => {
  const resolved = Deferred.fromPromise(Promise.resolve("poem"));
  assert(!resolved.called);
  assertEquals(await resolved, "poem");
  const rejected = Deferred.fromPromise(Promise.reject(boom));
  assertStrictEquals(await rejection(rejected), boom);
});

Deno.test("promises: fromPromise takes a canceller, and drops what comes after it", async () => {
  const calls: string[] = [];
  const promise = Promise.withResolvers<string>();
  const d = Deferred.fromPromise(
    promise.promise,
    () => void calls.push("stopped"),
  );
  d.cancel();
  promise.resolve("too late");
  await assertRejects(() => d.toPromise(), CancelledError);
  assertEquals(calls, ["stopped"]);
});

Deno.test("promises: a deferred from a promise that was fired by hand keeps that result", async () => {
  const promise = Promise.resolve("promised");
  const d = Deferred.fromPromise(promise);
  d.callback("by hand");
  await promise;
  assertEquals(await d, "by hand");
  assertThrows(() => d.callback("again"), AlreadyCalledError);
});
