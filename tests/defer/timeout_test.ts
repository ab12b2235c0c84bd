import { assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import {
  AlreadyCalledError,
  CancelledError,
  Clock,
  Deferred,
  Failure,
  succeed,
  TimeoutError,
} from "../../mod.ts";
import { ends } from "./support.ts";

const boom = new Error("boom");

/** How long the deferred was given that failed with this. */
function secondsIn(failure: unknown): number {
  if (failure instanceof Failure && failure.value instanceof TimeoutError) {
    return failure.value.seconds;
  }
  throw new Error(`This is no timeout: ${failure}`);
}

Deno.test("addTimeout: addTimeout returns the same deferred", () => {
  const d = new Deferred();
  assertStrictEquals(d.addTimeout(1, new Clock()), d);
});

Deno.test("addTimeout: a deferred that has no result in time fails with a TimeoutError", () => {
  const clock = new Clock();
  const seen: number[] = [];
  const d = new Deferred().addTimeout(5, clock);
  d.addErrback((failure) => void seen.push(secondsIn(failure)));
  clock.advance(4.9);
  assertEquals(seen, []);
  clock.advance(0.1);
  assertEquals(seen, [5]);
});

Deno.test("addTimeout: a deferred that fires in time keeps its result, and the clock its peace", () => {
  const clock = new Clock();
  const d = new Deferred<string>().addTimeout(5, clock);
  const seen = ends(d);
  d.callback("poem");
  assertEquals(clock.getDelayedCalls(), []);
  clock.advance(10);
  assertEquals(seen, ["poem"]);
});

Deno.test("addTimeout: a failure in time is left as it is", () => {
  const clock = new Clock();
  const d = new Deferred<string>().addTimeout(5, clock);
  const seen = ends(d);
  d.errback(boom);
  assertEquals(seen, [Error]);
  assertEquals(clock.getDelayedCalls(), []);
});

Deno.test("addTimeout: the timeout covers what was added before it", () => {
  const clock = new Clock();
  const cancelled: string[] = [];
  const inner = new Deferred(() => void cancelled.push("inner"));
  const d = succeed(1).addCallback(() => inner).addTimeout(5, clock);
  const seen = ends(d);
  clock.advance(5);
  assertEquals(cancelled, ["inner"]);
  assertEquals(seen, [TimeoutError]);
});

Deno.test("addTimeout: the timeout covers nothing that is added after it", () => {
  const clock = new Clock();
  const inner = new Deferred<string>();
  const d = new Deferred<number>().addTimeout(5, clock);
  const seen = ends(d.addCallback(() => inner));
  d.callback(1);
  assertEquals(clock.getDelayedCalls(), []);
  clock.advance(10);
  assertEquals(seen, []);
  inner.callback("poem");
  assertEquals(seen, ["poem"]);
});

Deno.test("addTimeout: a deferred cancelled before the time is over is cancelled, not late", () => {
  const clock = new Clock();
  const d = new Deferred().addTimeout(5, clock);
  const seen = ends(d);
  d.cancel();
  assertEquals(seen, [CancelledError]);
  assertEquals(clock.getDelayedCalls(), []);
});

Deno.test("addTimeout: onTimeoutCancel gets the result and the seconds, and gives the result", () => {
  const clock = new Clock();
  const calls: unknown[] = [];
  const d = new Deferred().addTimeout(5, clock, (result, seconds) => {
    calls.push([result instanceof Failure && result.type, seconds]);
    return "instead";
  });
  const seen = ends(d);
  clock.advance(5);
  assertEquals(calls, [[CancelledError, 5]]);
  assertEquals(seen, ["instead"]);
});

Deno.test("addTimeout: onTimeoutCancel gets a value where the canceller gave one", () => {
  const clock = new Clock();
  const results: unknown[] = [];
  new Deferred<string>((d) => d.callback("instead"))
    .addTimeout(5, clock, (result) => void results.push(result));
  clock.advance(5);
  assertEquals(results, ["instead"]);
});

Deno.test("addTimeout: what onTimeoutCancel throws is the failure", () => {
  const clock = new Clock();
  const d = new Deferred().addTimeout(5, clock, () => {
    throw boom;
  });
  const seen = ends(d);
  clock.advance(5);
  assertEquals(seen, [Error]);
});

Deno.test("addTimeout: onTimeoutCancel is not called unless this very time was over", () => {
  const clock = new Clock();
  const calls: string[] = [];
  const call = () => void calls.push("called");
  const fired = new Deferred<string>().addTimeout(5, clock, call);
  fired.callback("poem");
  const cancelled = new Deferred().addTimeout(5, clock, call);
  cancelled.addErrback(() => {});
  cancelled.cancel();
  const shorter = new Deferred().addTimeout(1, clock).addTimeout(
    5,
    clock,
    call,
  );
  shorter.addErrback(() => {});
  clock.advance(10);
  assertEquals(calls, []);
});

Deno.test("addTimeout: a value from the canceller stands", () => {
  const clock = new Clock();
  const d = new Deferred<string>((d) => d.callback("instead"))
    .addTimeout(5, clock);
  const seen = ends(d);
  clock.advance(5);
  assertEquals(seen, ["instead"]);
});

Deno.test("addTimeout: another error from the canceller stands", () => {
  const clock = new Clock();
  const d = new Deferred((d) => d.errback(boom)).addTimeout(5, clock);
  const seen = ends(d);
  clock.advance(5);
  assertEquals(seen, [Error]);
});

Deno.test("addTimeout: an errback before the timeout may handle the cancelling", () => {
  const clock = new Clock();
  const d = new Deferred().addErrback(() => "handled").addTimeout(5, clock);
  const seen = ends(d);
  clock.advance(5);
  assertEquals(seen, ["handled"]);
});

Deno.test("addTimeout: one late result after the timeout is ignored", () => {
  const clock = new Clock();
  const d = new Deferred<string>().addTimeout(5, clock);
  const seen = ends(d);
  clock.advance(5);
  d.callback("late");
  assertThrows(() => d.callback("later"), AlreadyCalledError);
  assertEquals(seen, [TimeoutError]);
});

Deno.test("addTimeout: of two timeouts the shorter counts, and both calls are gone", () => {
  for (const [first, second] of [[1, 5], [5, 1]] as const) {
    const clock = new Clock();
    const seen: number[] = [];
    new Deferred().addTimeout(first, clock).addTimeout(second, clock)
      .addErrback((failure) => void seen.push(secondsIn(failure)));
    clock.advance(1);
    assertEquals(seen, [1]);
    assertEquals(clock.getDelayedCalls(), []);
  }
});

Deno.test("addTimeout: a timeout on a deferred that has fired leaves nothing behind", () => {
  const clock = new Clock();
  const d = succeed("poem").addTimeout(5, clock);
  assertEquals(clock.getDelayedCalls(), []);
  assertEquals(ends(d), ["poem"]);
});

Deno.test("addTimeout: an onTimeoutCancel that is not a function is refused, and no call is made", () => {
  const clock = new Clock();
  const wrong = 5 as unknown as () => void;
  assertThrows(() => new Deferred().addTimeout(5, clock, wrong), TypeError);
  assertEquals(clock.getDelayedCalls(), []);
});
