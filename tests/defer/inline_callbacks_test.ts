import { AsyncLocalStorage } from "node:async_hooks";
import {
  assert,
  assertEquals,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import {
  AlreadyCalledError,
  CancelledError,
  Deferred,
  describe,
  fail,
  Failure,
  inlineCallbacks,
  succeed,
  trace,
  wait,
} from "../../mod.ts";
import {
  errorOf,
  failed,
  NOTHING,
  resultOf,
  unhandledAfter,
} from "./family_support.ts";

const waitFor = inlineCallbacks(function* <T>(d: Deferred<T>) {
  return yield d;
});

Deno.test("inlineCallbacks: the generator runs at once, up to the first deferred that has not fired", () => {
  const told: string[] = [];
  const d = new Deferred<string>();
  const run = inlineCallbacks(function* () {
    told.push("started");
    told.push(yield* wait(succeed("fired")));
    told.push(yield* wait(d));
    return "done";
  });
  const result = run();
  assertEquals(told, ["started", "fired"]);
  d.callback("late");
  assertEquals(told, ["started", "fired", "late"]);
  assertEquals(resultOf(result), "done");
});

Deno.test("inlineCallbacks: the arguments and this are handed on", () => {
  class Poet {
    name = "Shelley";
    sign = inlineCallbacks(
      function* (this: Poet, title: string, lines: number) {
        const counted = yield* wait(succeed(lines));
        return `${title}, ${counted} lines, ${this.name}`;
      },
    );
  }
  const signed = new Poet().sign("Ozymandias", 14);
  assertEquals(resultOf(signed), "Ozymandias, 14 lines, Shelley");
});

Deno.test("inlineCallbacks: what is not a deferred comes straight back, the same object", () => {
  const things = [1, "two", undefined, null, { three: 3 }, [4], () => 5];
  const run = inlineCallbacks(function* () {
    const back: unknown[] = [];
    for (const thing of things) back.push(yield thing);
    return back;
  });
  const result = run();
  result.addCallback((back) => {
    for (const [n, thing] of things.entries()) {
      assertStrictEquals(back[n], thing);
    }
    return back.length;
  });
  assertEquals(resultOf(result), things.length);
});

Deno.test("inlineCallbacks: a generator that is yielded is run, and its result comes back", () => {
  const d = new Deferred<number>();
  function* inner() {
    return (yield* wait(d)) + 1;
  }
  const typed = inlineCallbacks(function* () {
    return (yield* wait(inner())) * 10;
  });
  const plain = inlineCallbacks(function* () {
    return yield function* () {
      yield succeed();
      throw new RangeError("inner");
    }();
  });
  const result = typed();
  d.callback(1);
  assertEquals(resultOf(result), 20);
  failed(plain(), RangeError);
});

Deno.test("inlineCallbacks: a promise that is yielded is waited for", async () => {
  const run = inlineCallbacks(function* () {
    const poem = yield* wait(Promise.resolve("Ozymandias"));
    try {
      yield Promise.reject(new RangeError("no more"));
    } catch (error) {
      assert(error instanceof RangeError);
    }
    return poem;
  });
  assertEquals(await run(), "Ozymandias");
});

Deno.test("inlineCallbacks: a failure is thrown into the generator as the error itself", () => {
  const boom = new Error("boom");
  const thrown: unknown[] = [];
  const d = new Deferred<string>();
  const run = inlineCallbacks(function* () {
    for (const failing of [fail(boom), d, new Failure(boom)]) {
      try {
        yield failing;
      } catch (error) {
        thrown.push(error);
      }
    }
    try {
      yield* wait(fail(boom));
    } catch (error) {
      thrown.push(error);
    }
    return "done";
  });
  const result = run();
  d.errback(boom);
  assertEquals(resultOf(result), "done");
  assertEquals(thrown.length, 4);
  for (const error of thrown) assertStrictEquals(error, boom);
});

Deno.test("inlineCallbacks: an error that was handed to the generator is not told as unhandled", () => {
  const told = unhandledAfter(() => {
    const d = fail(new Error("boom"));
    const result = waitFor(d);
    errorOf(result);
    assertEquals(resultOf(d), undefined);
  });
  assertEquals(told, []);
});

Deno.test("inlineCallbacks: what the generator throws is the result's failure, with the error itself", () => {
  const boom = new Error("boom");
  const run = inlineCallbacks(function* () {
    yield succeed();
    throw boom;
  });
  const result = run();
  let raised = false;
  result.addErrback((failure) => {
    raised = failure.raised;
    return failure;
  });
  assert(raised);
  assertStrictEquals(errorOf(result), boom);
});

Deno.test("inlineCallbacks: an error that the generator does not catch goes through it", () => {
  const boom = new Error("boom");
  const d = new Deferred();
  const result = waitFor(d);
  d.errback(boom);
  assertStrictEquals(errorOf(result), boom);
});

Deno.test("inlineCallbacks: a failure that the generator returns is a failure", () => {
  const boom = new Error("boom");
  const run = inlineCallbacks(function* () {
    yield succeed();
    return new Failure(boom);
  });
  assertStrictEquals(errorOf(run()), boom);
});

Deno.test("inlineCallbacks: a deferred that the generator returns is refused", () => {
  const run = inlineCallbacks(function* () {
    yield succeed();
    return new Deferred();
  });
  assert(failed(run(), TypeError).message.includes("returned a deferred"));
});

Deno.test("inlineCallbacks: 100,000 fired deferreds in a row take no stack and little time", () => {
  const count = 100_000;
  const run = inlineCallbacks(function* () {
    let sum = 0;
    for (let n = 0; n < count; n++) {
      sum += n % 2 ? yield* wait(succeed(n)) : Number(yield succeed(n));
    }
    return sum;
  });
  assertEquals(resultOf(run()), count * (count - 1) / 2);
});

Deno.test("inlineCallbacks: 100,000 failures in a row take no stack", () => {
  const boom = new Error("boom");
  const run = inlineCallbacks(function* () {
    let caught = 0;
    for (let n = 0; n < 100_000; n++) {
      try {
        yield fail(boom);
      } catch {
        caught++;
      }
    }
    return caught;
  });
  assertEquals(resultOf(run()), 100_000);
});

Deno.test("inlineCallbacks: 100,000 deferreds that fire one after the other take no stack", () => {
  const waiting: Deferred<void>[] = [];
  const run = inlineCallbacks(function* () {
    let n = 0;
    for (; n < 100_000; n++) {
      const d = new Deferred<void>();
      waiting.push(d);
      yield d;
    }
    return n;
  });
  const result = run();
  for (const d of waiting) d.callback();
  assertEquals(resultOf(result), 100_000);
});

Deno.test("inlineCallbacks: a deferred that was waited for goes on with undefined", () => {
  const d = succeed("once");
  const run = inlineCallbacks(function* () {
    return [yield d, yield d];
  });
  assertEquals(resultOf(run()), ["once", undefined]);
  assertEquals(resultOf(d), undefined);
});

Deno.test("inlineCallbacks: the generator goes on, and ends, before later callbacks of what it waited for", () => {
  const told: string[] = [];
  const d = new Deferred<string>();
  const run = inlineCallbacks(function* () {
    told.push(yield* wait(d));
    yield succeed();
    told.push("ended");
  });
  const result = run();
  result.addCallback(() => told.push("result"));
  d.addCallback((value) => told.push(`later: ${value}`));
  d.callback("value");
  assertEquals(told, ["value", "ended", "result", "later: undefined"]);
});

Deno.test("inlineCallbacks: a function that gives no generator is refused when it is called", () => {
  // @ts-expect-error the function has to be a generator function
  const notOne = inlineCallbacks(() => 5);
  assertThrows(() => notOne(), TypeError, "must be a generator, got 5");
  // @ts-expect-error an async generator waits by itself
  const asyncOne = inlineCallbacks(async function* () {});
  assertThrows(() => asyncOne(), TypeError, "generator");
});

Deno.test("inlineCallbacks: what is not a function is refused at once", () => {
  // @ts-expect-error a generator is no generator function
  assertThrows(() => inlineCallbacks(function* () {}()), TypeError, "fn");
});

Deno.test("inlineCallbacks: cancelling cancels what the generator waits for, and the error comes out", () => {
  const told: unknown[] = [];
  const d = new Deferred(() => void told.push("cancelled"));
  const run = inlineCallbacks(function* () {
    try {
      yield d;
    } catch (error) {
      told.push(error instanceof CancelledError);
      throw error;
    }
  });
  const result = run();
  result.cancel();
  assertEquals(told, ["cancelled", true]);
  failed(result, CancelledError);
});

Deno.test("inlineCallbacks: a cancelled generator may go on, and be cancelled again", () => {
  const caught: unknown[] = [];
  const ds = [new Deferred(), new Deferred(), new Deferred<string>()];
  const run = inlineCallbacks(function* () {
    let value: unknown;
    for (const d of ds) {
      try {
        value = yield d;
      } catch (error) {
        caught.push(error instanceof CancelledError);
      }
    }
    return value;
  });
  const result = run();
  result.cancel();
  assertEquals(caught, [true]);
  assert(result.called);
  assertEquals(resultOf(result), NOTHING);
  assert(!ds[1]?.called);
  result.cancel();
  assertEquals(caught, [true, true]);
  ds[2]?.callback("third");
  assertEquals(resultOf(result), "third");
});

Deno.test("inlineCallbacks: a generator that catches the error and ends gives its result", () => {
  const d = new Deferred();
  const run = inlineCallbacks(function* () {
    try {
      yield d;
    } catch {
      return "never mind";
    }
  });
  const result = run();
  result.cancel();
  assertEquals(resultOf(result), "never mind");
});

Deno.test("inlineCallbacks: what the canceller fires with comes to the generator", () => {
  const value: Deferred<string> = new Deferred((d) => d.callback("after all"));
  const withValue = waitFor(value);
  withValue.cancel();
  assertEquals(resultOf(withValue), "after all");

  const boom = new Error("boom");
  const error: Deferred<string> = new Deferred((d) => d.errback(boom));
  const withError = waitFor(error);
  withError.cancel();
  assertStrictEquals(errorOf(withError), boom);
});

Deno.test("inlineCallbacks: of nested generators the innermost is cancelled first", () => {
  const told: string[] = [];
  const named = (name: string, what: () => Deferred<unknown>) =>
    inlineCallbacks(function* () {
      try {
        yield what();
      } catch (error) {
        told.push(name);
        throw error;
      }
    });
  const innermost = named("innermost", () => new Deferred());
  const middle = named("middle", innermost);
  const result = named("outer", middle)();
  result.cancel();
  assertEquals(told, ["innermost", "middle", "outer"]);
  failed(result, CancelledError);
});

Deno.test("inlineCallbacks: cancelling goes through a chain to the generator at its end", () => {
  const d = new Deferred();
  const chain = succeed().addCallback(() => waitFor(d));
  chain.cancel();
  assert(d.called);
  failed(chain, CancelledError);
});

Deno.test("inlineCallbacks: cancelling a promise that is waited for throws into the generator at once", () => {
  const run = inlineCallbacks(function* () {
    yield new Promise(() => {});
  });
  const result = run();
  result.cancel();
  failed(result, CancelledError);
});

Deno.test("inlineCallbacks: cancelling after the end does nothing", () => {
  const result = waitFor(succeed(1));
  result.cancel();
  assertEquals(resultOf(result), 1);
});

Deno.test("inlineCallbacks: cancelling while the generator runs cancels what it waits for next", () => {
  const first = new Deferred<void>();
  const next = new Deferred<void>();
  const run = inlineCallbacks(function* () {
    yield first;
    result.cancel();
    yield succeed();
    yield next;
  });
  const result: Deferred<unknown> = run();
  first.callback();
  assert(next.called);
  failed(result, CancelledError);
});

Deno.test("inlineCallbacks: a generator that is cancelled while it runs, and has nothing to wait for, gives its result", () => {
  const first = new Deferred<void>();
  const run = inlineCallbacks(function* () {
    yield first;
    result.cancel();
    return "done";
  });
  const result: Deferred<unknown> = run();
  first.callback();
  assertEquals(resultOf(result), "done");
});

Deno.test("inlineCallbacks: cancelled while what it waits for is paused, the result comes later", () => {
  const d = new Deferred();
  const result = waitFor(d);
  d.pause();
  result.cancel();
  assertEquals(resultOf(result), NOTHING);
  d.unpause();
  failed(result, CancelledError);
});

Deno.test("inlineCallbacks: a result fired by hand is kept, and the generator's own is told as one too many", () => {
  const told = unhandledAfter(() => {
    const d = new Deferred<string>();
    const result = waitFor(d);
    result.callback("by hand");
    d.callback("late");
    assertEquals(resultOf(result), "by hand");
    failed(d, AlreadyCalledError);
  });
  assertEquals(told, []);
});

Deno.test("inlineCallbacks: a finally block runs when the generator is cancelled", () => {
  const told: string[] = [];
  const run = inlineCallbacks(function* () {
    try {
      yield new Deferred();
    } finally {
      told.push("tidied up");
    }
  });
  const result = run();
  result.cancel();
  assertEquals(told, ["tidied up"]);
  failed(result, CancelledError);
});

Deno.test("inlineCallbacks: cancelled while it runs, the generator's next wait is cancelled, and that alone", () => {
  const first = new Deferred<void>();
  const [second, third] = [new Deferred<void>(), new Deferred<string>()];
  const run = inlineCallbacks(function* () {
    yield first;
    result.cancel();
    try {
      yield second;
    } catch {
      return yield third;
    }
  });
  const result: Deferred<unknown> = run();
  first.callback();
  assert(second.called);
  assert(!third.called);
  third.callback("third");
  assertEquals(resultOf(result), "third");
});

Deno.test("inlineCallbacks: cancelled while it runs, it cancels what a generator that it yields waits for", () => {
  for (const waits of [true, false]) {
    const first = new Deferred<void>();
    const inner = new Deferred<string>();
    const last = new Deferred<string>();
    const run = inlineCallbacks(function* () {
      yield first;
      result.cancel();
      yield function* () {
        if (waits) yield inner;
      }();
      yield last;
    });
    const result: Deferred<unknown> = run();
    first.callback();
    assertEquals([inner.called, last.called], [waits, !waits]);
    failed(result, CancelledError);
  }
});

Deno.test("inlineCallbacks: cancelled by a generator that it has yielded, it is that one's next wait that is cancelled", () => {
  const first = new Deferred<void>();
  const inner = new Deferred<string>();
  const run = inlineCallbacks(function* () {
    yield first;
    return yield function* () {
      result.cancel();
      try {
        yield inner;
      } catch (error) {
        return error;
      }
    }();
  });
  const result: Deferred<unknown> = run();
  first.callback();
  assert(inner.called);
  assert(resultOf(result) instanceof CancelledError);
});

Deno.test("inlineCallbacks: a generator keeps the context that it was in before each wait", async () => {
  const context = new AsyncLocalStorage<string>();
  const told: unknown[] = [];
  const [a, b, c] = [
    new Deferred<void>(),
    new Deferred<void>(),
    new Deferred<void>(),
  ];
  const run = inlineCallbacks(function* () {
    yield* wait(a);
    told.push(context.getStore());
    yield function* () {
      told.push(context.getStore());
      yield b;
      told.push(context.getStore());
    }();
    told.push(context.getStore());
    context.enterWith("changed");
    yield c;
    told.push(context.getStore());
    throw new Error("boom");
  });
  const result = context.run("the call's", run);
  context.run("a's", () => a.callback());
  context.run("b's", () => b.callback());
  result.addErrback(() => void told.push(context.getStore()));
  context.run("c's", () => {
    c.callback();
    told.push(context.getStore());
  });
  assertEquals(told, [
    ...Array(4).fill("the call's"),
    "changed",
    // Callbacks are called by who fires, as they always are.
    "c's",
    "c's",
  ]);
  await result;
});

Deno.test("inlineCallbacks: a wait is described and traced by the name of what waits", () => {
  const d = new Deferred<void>();
  const steps = trace(d);
  waitFor(d).addCallback(() => {});
  assert(describe(d).includes("to come: inlineCallbacks"));
  d.callback();
  assertEquals(steps.map(({ name, side }) => [name, side]), [
    ["inlineCallbacks", "callback"],
  ]);
});

Deno.test("inlineCallbacks: a canceller that cancels the generator again does nothing by that", () => {
  const called: boolean[] = [];
  const d = new Deferred(() => {
    result.cancel();
    called.push(result.called);
  });
  const result: Deferred<unknown> = waitFor(d);
  result.cancel();
  assertEquals(called, [false]);
  failed(result, CancelledError);
});

Deno.test("inlineCallbacks: a yielded deferred gives its value at the end of its chain, also where that is under way", () => {
  const a = new Deferred<unknown>();
  const b = succeed().addCallback(() => a);
  a.addCallback(() => "end of a");
  const got: unknown[] = [];
  b.addCallback(inlineCallbacks(function* () {
    got.push(yield a);
  }));
  a.callback("middle of a");
  assertEquals(got, ["end of a"]);
});
