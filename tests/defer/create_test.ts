import { assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import {
  Deferred,
  execute,
  fail,
  Failure,
  maybeDeferred,
  succeed,
} from "../../mod.ts";
import { unhandledIn } from "./support.ts";

const boom = new Error("boom");

function throwBoom(): never {
  throw boom;
}

/** What a chain has now: a value, or the error of a failure. */
function has(d: Deferred<unknown>): unknown {
  const seen: unknown[] = [];
  d.addCallbacks(
    (result) => void seen.push(result),
    (failure) => void seen.push(["failed with", failure.value]),
  );
  return seen.length === 0 ? "nothing yet" : seen[0];
}

Deno.test("succeed gives a deferred that has the value", () => {
  assertEquals(has(succeed("poem")), "poem");
  assertEquals(has(succeed()), undefined);
  assertStrictEquals(succeed().called, true);
});

Deno.test("succeed with a failure gives a failed deferred", () => {
  assertEquals(has(succeed(new Failure(boom))), ["failed with", boom]);
});

Deno.test("succeed with a deferred throws", () => {
  assertThrows(() => succeed(new Deferred()), TypeError);
});

Deno.test("fail gives a deferred that has the error", () => {
  assertEquals(has(fail(boom)), ["failed with", boom]);
  assertEquals(has(fail(new Failure(boom))), ["failed with", boom]);
});

Deno.test("fail without an argument throws", () => {
  assertThrows(fail as unknown as () => void, TypeError);
});

Deno.test("fail is told where nobody handles it", () => {
  assertEquals(unhandledIn(() => void fail(boom)).length, 1);
});

Deno.test("execute gives what the function returned, or threw", () => {
  assertEquals(has(execute((a: number, b: number) => a + b, 1, 2)), 3);
  assertEquals(has(execute(throwBoom)), ["failed with", boom]);
  assertEquals(has(execute(() => new Failure(boom))), ["failed with", boom]);
});

Deno.test("execute does not wait for a promise, and refuses a deferred", () => {
  const promise = Promise.resolve(1);
  const seen: unknown[] = [];
  execute(() => promise).addCallback((result) => {
    seen.push(result);
  });
  assertStrictEquals(seen[0], promise);
  assertThrows(() => execute(() => new Deferred()), TypeError);
});

Deno.test("maybeDeferred returns the deferred that the function returned", () => {
  const d = new Deferred<string>();
  assertStrictEquals(maybeDeferred(() => d), d);
});

Deno.test("maybeDeferred gives what the function returned, or threw", () => {
  assertEquals(has(maybeDeferred((a: number, b: number) => a + b, 1, 2)), 3);
  assertEquals(has(maybeDeferred(throwBoom)), ["failed with", boom]);
  assertEquals(has(maybeDeferred(() => new Failure(boom))), [
    "failed with",
    boom,
  ]);
});

Deno.test("maybeDeferred waits for a promise", async () => {
  assertEquals(has(maybeDeferred(() => Promise.resolve(1))), "nothing yet");
  assertEquals(await maybeDeferred(() => Promise.resolve("poem")), "poem");
  const failed = maybeDeferred(() => Promise.reject(boom));
  const caught: unknown[] = [];
  await failed.addErrback((failure) => void caught.push(failure.value));
  assertEquals(caught, [boom]);
});

Deno.test("maybeDeferred runs an async function up to its first await", async () => {
  const seen: string[] = [];
  const d = maybeDeferred(async () => {
    seen.push("begun");
    await Promise.resolve();
    return "done";
  });
  seen.push("returned");
  seen.push(await d);
  assertEquals(seen, ["begun", "returned", "done"]);
});

Deno.test("maybeDeferred fails where what the function returned cannot be waited for", () => {
  // Reactive frameworks hand out such proxies.
  const d = maybeDeferred(() => new Proxy(new Deferred(), {}));
  const types: unknown[] = [];
  d.addErrback((failure) => types.push(failure.type));
  assertEquals(types, [TypeError]);
});

Deno.test("maybeDeferred takes a generator object as a value", () => {
  function* generator(): Generator<number> {
    yield 1;
  }
  const made = generator();
  assertStrictEquals(has(maybeDeferred(() => made)), made);
});
