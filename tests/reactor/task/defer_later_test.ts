import { assertEquals, assertThrows } from "@std/assert";
import { CancelledError, Clock, deferLater, Deferred } from "../../../mod.ts";
import { resultsOf } from "../../defer/support.ts";

Deno.test("deferLater fires with the function's result when the time has come", () => {
  const clock = new Clock();
  const d: Deferred<string> = deferLater(
    clock,
    2,
    (word: string, times: number) => word.repeat(times),
    "la",
    3,
  );
  const results = resultsOf(d);
  clock.advance(1.9);
  assertEquals(results, []);
  clock.advance(0.1);
  assertEquals(results, ["lalala"]);
});

Deno.test("deferLater without a function fires with undefined", () => {
  const clock = new Clock();
  const d: Deferred<void> = deferLater(clock, 2);
  const results = resultsOf(d);
  clock.advance(2);
  assertEquals(results, [undefined]);
});

Deno.test("deferLater fails with what the function throws", () => {
  const clock = new Clock();
  const messages: string[] = [];
  deferLater(clock, 0, () => {
    throw new RangeError("too late");
  }).addErrback((failure) => void messages.push(failure.getErrorMessage()));
  clock.advance(0);
  assertEquals(messages, ["too late"]);
});

Deno.test("deferLater waits for the function's deferred", () => {
  const clock = new Clock();
  const inner = new Deferred<number>();
  const d: Deferred<number> = deferLater(clock, 1, () => inner);
  const results = resultsOf(d);
  clock.advance(1);
  assertEquals(results, []);
  inner.callback(42);
  assertEquals(results, [42]);
});

Deno.test("deferLater waits for the function's promise", async () => {
  const clock = new Clock();
  const d: Deferred<number> = deferLater(clock, 1, () => Promise.resolve(42));
  clock.advance(1);
  assertEquals(await d, 42);
});

Deno.test("deferLater cancelled before its time takes the call back", () => {
  const clock = new Clock();
  let called = false;
  const d = deferLater(clock, 1, () => {
    called = true;
  });
  const classes: unknown[] = [];
  d.addErrback((failure) => void classes.push(failure.check(CancelledError)));
  d.cancel();
  assertEquals(classes, [CancelledError]);
  assertEquals(clock.getDelayedCalls(), []);
  clock.advance(1);
  assertEquals(called, false);
});

Deno.test("deferLater cancelled after its time cancels what the function returned", () => {
  const clock = new Clock();
  const inner = new Deferred<void>();
  const d = deferLater(clock, 1, () => inner);
  d.addErrback(() => {});
  clock.advance(1);
  d.cancel();
  assertEquals(inner.called, true);
});

Deno.test("deferLater refuses what is no clock or no function, at once", () => {
  const clock = new Clock();
  assertThrows(
    // @ts-expect-error -- the clock comes first
    () => deferLater(1, () => 42),
    TypeError,
    "deferLater: clock must be an object with a callLater, like a reactor, got 1",
  );
  assertThrows(
    // @ts-expect-error -- a number cannot be called
    () => deferLater(clock, 1, 42),
    TypeError,
    "deferLater: fn must be a function, got 42",
  );
  // @ts-expect-error -- the function takes a string
  deferLater(clock, 1, (word: string) => word, 42);
  assertEquals(clock.getDelayedCalls().length, 1);
});
