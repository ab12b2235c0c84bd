import {
  assert,
  assertEquals,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import {
  CancelledError,
  Deferred,
  ensureDeferred,
  fail,
  NotACoroutineError,
  succeed,
  wait,
} from "../../mod.ts";
import {
  errorOf,
  failed,
  NOTHING,
  resultOf,
  unhandledAfter,
} from "./family_support.ts";

Deno.test("ensureDeferred: a deferred is given back, the same object", () => {
  const d = new Deferred();
  assertStrictEquals(ensureDeferred(d), d);
});

Deno.test("ensureDeferred: the promise of an async function gives its result", async () => {
  async function title(poem: Deferred<string>): Promise<string> {
    return (await poem).toUpperCase();
  }
  const poem = new Deferred<string>();
  const result = ensureDeferred(title(poem));
  assertEquals(resultOf(result), NOTHING);
  poem.callback("Ozymandias");
  assertEquals(await result, "OZYMANDIAS");
});

Deno.test("ensureDeferred: an async function is called, and runs at once up to its first await", async () => {
  const told: string[] = [];
  const result = ensureDeferred(async () => {
    told.push("started");
    const poem = await succeed("Ozymandias");
    return poem.length;
  });
  assertEquals(told, ["started"]);
  assertEquals(await result, 10);
});

Deno.test("ensureDeferred: what the function throws is the failure, with the error itself", async () => {
  const boom = new Error("boom");
  const result = ensureDeferred(async () => {
    await succeed();
    throw boom;
  });
  let error: unknown;
  result.addErrback((failure) => void (error = failure.value));
  await result;
  assertStrictEquals(error, boom);
});

Deno.test("ensureDeferred: a failed deferred throws its error at the await", async () => {
  const boom = new Error("boom");
  const result = ensureDeferred(async () => {
    try {
      await fail(boom);
    } catch (error) {
      return error;
    }
  });
  assertStrictEquals(await result, boom);
});

Deno.test("ensureDeferred: a fired deferred gives its value, or its error, to every await", async () => {
  const value = succeed("again");
  const error = fail(new RangeError("again"));
  const told = await ensureDeferred(async () => {
    const got: unknown[] = [await value, await value];
    for (let n = 0; n < 2; n++) await error.then(null, () => got.push("error"));
    return got;
  });
  assertEquals(told, ["again", "again", "error", "error"]);
  assertEquals(resultOf(value), "again");
  failed(error, RangeError);
});

Deno.test("ensureDeferred: of those who await one deferred, the first has its value", async () => {
  const d = new Deferred<string>();
  const waiter = async () => await d;
  const [first, second] = [ensureDeferred(waiter), ensureDeferred(waiter)];
  // An await asks for the result one turn later.
  await Promise.resolve();
  d.callback("value");
  assertEquals([await first, await second], ["value", undefined]);
});

Deno.test("ensureDeferred: a generator is run", () => {
  const d = new Deferred<number>();
  const result = ensureDeferred(function* () {
    return (yield* wait(d)) + 1;
  }());
  d.callback(1);
  assertEquals(resultOf(result), 2);
});

Deno.test("ensureDeferred: anything else is refused at once", () => {
  const wrong: unknown[] = [
    5,
    "text",
    undefined,
    null,
    {},
    [],
    () => 5,
    function* () {},
    (async function* () {})(),
  ];
  for (const value of wrong) {
    // @ts-expect-error anything is too much
    assertThrows(() => ensureDeferred(value), NotACoroutineError, ", got ");
  }
  const error = new NotACoroutineError();
  assert(error instanceof TypeError);
  assertEquals(error.name, "NotACoroutineError");
});

Deno.test("ensureDeferred: a promise is no more cancelled than its deferred: what it gives later is dropped", async () => {
  const told: string[] = [];
  const gate = Promise.withResolvers<void>();
  const result = ensureDeferred(async () => {
    await gate.promise;
    told.push("ran on");
    throw new Error("too late");
  });
  result.cancel();
  assert(errorOf(result) instanceof CancelledError);
  gate.resolve();
  await new Promise<void>((resolve) => queueMicrotask(resolve));
  await Promise.resolve();
  assertEquals(told, ["ran on"]);
  assertEquals(unhandledAfter(() => {}), []);
});
