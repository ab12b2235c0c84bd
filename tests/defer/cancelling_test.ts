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
  Failure,
  log,
  succeed,
} from "../../mod.ts";
import { ends, unhandledIn } from "./support.ts";

const boom = new Error("boom");

Deno.test("Deferred.cancel: cancelling fails a deferred at once", () => {
  const d = new Deferred();
  const seen = ends(d);
  d.cancel();
  assertEquals(seen, [CancelledError]);
});

Deno.test("Deferred.cancel: without a canceller one late result is ignored, and no second one", () => {
  const fires = [
    (d: Deferred) => d.callback("late"),
    (d: Deferred) => d.errback(boom),
  ];
  for (const first of fires) {
    for (const second of fires) {
      const d = new Deferred();
      const seen = ends(d);
      d.cancel();
      first(d);
      assertThrows(() => second(d), AlreadyCalledError);
      assertEquals(seen, [CancelledError]);
    }
  }
});

Deno.test("Deferred.cancel: cancelling again has no effect, and allows no second late result", () => {
  const d = new Deferred();
  const seen = ends(d);
  d.cancel();
  d.cancel();
  d.cancel();
  assertEquals(seen, [CancelledError]);
  d.callback("late");
  assertThrows(() => d.callback("later"), AlreadyCalledError);
});

Deno.test("Deferred.cancel: the canceller gets the deferred, and nothing else, once", () => {
  const calls: unknown[][] = [];
  const d = new Deferred((...args: unknown[]) => void calls.push(args));
  const seen = ends(d);
  d.cancel();
  d.cancel();
  assertEquals(calls.length, 1);
  assertEquals(calls[0]?.length, 1);
  assertStrictEquals(calls[0]?.[0], d);
  assertEquals(seen, [CancelledError]);
});

Deno.test("Deferred.cancel: the canceller may give a result of its own", () => {
  const given = new Deferred<string>((d) => d.callback("instead"));
  const failed = new Deferred<string>((d) => d.errback(boom));
  const seen = [ends(given), ends(failed)];
  given.cancel();
  failed.cancel();
  assertEquals(seen, [["instead"], [Error]]);
  assertThrows(() => given.callback("late"), AlreadyCalledError);
  assertThrows(() => failed.callback("late"), AlreadyCalledError);
});

Deno.test("Deferred.cancel: with a canceller no late result is ignored", () => {
  const d = new Deferred(() => {});
  const seen = ends(d);
  d.cancel();
  assertEquals(seen, [CancelledError]);
  assertThrows(() => d.callback("late"), AlreadyCalledError);
});

Deno.test("Deferred.cancel: what a canceller throws becomes the deferred's failure", () => {
  const failures: Failure[] = [];
  const d = new Deferred(() => {
    throw boom;
  });
  d.addErrback((failure) => void failures.push(failure));
  d.cancel();
  assertStrictEquals(failures[0]?.value, boom);
  assert(failures[0]?.raised);
  assertThrows(() => d.callback("late"), AlreadyCalledError);
});

Deno.test("Deferred.cancel: what a canceller throws after it fired the deferred is logged", () => {
  const d = new Deferred<string>((d) => {
    d.callback("instead");
    throw boom;
  });
  const seen = ends(d);
  const told: unknown[] = [];
  const forget = log.addObserver(({ failure }) => told.push(failure?.value));
  d.cancel();
  forget();
  assertEquals(seen, ["instead"]);
  assertEquals(told, [boom]);
});

Deno.test("Deferred.cancel: what a canceller returns is of no interest", () => {
  const d = new Deferred(() => new Failure(boom));
  const seen = ends(d);
  d.cancel();
  assertEquals(seen, [CancelledError]);
});

Deno.test("Deferred.cancel: a canceller that cancels again is not called again", () => {
  let calls = 0;
  const d = new Deferred((d) => {
    calls++;
    d.cancel();
  });
  const seen = ends(d);
  d.cancel();
  assertEquals([calls, seen], [1, [CancelledError]]);
});

Deno.test("Deferred.cancel: while its canceller is called a deferred has not fired", () => {
  const seen: boolean[] = [];
  const d = new Deferred((d) => void seen.push(d.called));
  d.addErrback(() => {});
  d.cancel();
  assertEquals(seen, [false]);
});

Deno.test("Deferred.cancel: a canceller that is not a function is refused", () => {
  const wrong = 5 as unknown as () => void;
  assertThrows(
    () => new Deferred(wrong),
    TypeError,
    "Deferred: canceller must be a function, got 5",
  );
});

Deno.test("Deferred.cancel: cancelling a deferred that has its result does nothing", () => {
  let calls = 0;
  const d = new Deferred<string>(() => void calls++);
  d.callback("poem");
  d.cancel();
  assertEquals(ends(d), ["poem"]);
  assertEquals(calls, 0);
  assertThrows(() => d.callback("late"), AlreadyCalledError);
});

Deno.test("Deferred.cancel: cancelling a deferred that waits cancels what it waits for", () => {
  const calls: string[] = [];
  const inner = new Deferred<string>(() => void calls.push("inner"));
  const outer = new Deferred<number>(() => void calls.push("outer"));
  const seen = ends(outer.addCallback(() => inner));
  outer.callback(1);
  outer.cancel();
  assertEquals(calls, ["inner"]);
  assertEquals(seen, [CancelledError]);
});

Deno.test("Deferred.cancel: the late result that is ignored is the inner one's", () => {
  const inner = new Deferred<string>();
  const outer = new Deferred<number>();
  const seen = ends(outer.addCallback(() => inner));
  outer.callback(1);
  outer.cancel();
  assertThrows(() => outer.callback(2), AlreadyCalledError);
  inner.callback("late");
  assertThrows(() => inner.callback("later"), AlreadyCalledError);
  assertEquals(seen, [CancelledError]);
});

Deno.test("Deferred.cancel: a value from the inner one's canceller is what the outer goes on with", () => {
  const inner = new Deferred<string>((d) => d.callback("instead"));
  const outer = succeed(1).addCallback(() => inner);
  const seen = ends(outer);
  outer.cancel();
  assertEquals(seen, ["instead"]);
});

Deno.test("Deferred.cancel: cancelling goes to the innermost of 100,000", () => {
  let calls = 0;
  let d: Deferred<unknown> = new Deferred(() => void calls++);
  for (let i = 0; i < 100_000; i++) {
    const inner = d;
    d = succeed(i).addCallback(() => inner);
  }
  const seen = ends(d);
  d.cancel();
  assertEquals([calls, seen], [1, [CancelledError]]);
});

Deno.test("Deferred.cancel: cancelling a fired deferred that is paused does nothing", () => {
  const d = succeed("poem");
  d.pause();
  d.cancel();
  d.unpause();
  assertEquals(ends(d), ["poem"]);
});

Deno.test("Deferred.cancel: cancelling an unfired deferred that is paused takes effect with the unpause", () => {
  const d = new Deferred();
  const seen = ends(d);
  d.pause();
  d.cancel();
  assertEquals(seen, []);
  d.unpause();
  assertEquals(seen, [CancelledError]);
});

Deno.test("Deferred.cancel: cancelling a deferred inside its own callback does nothing", () => {
  const d = new Deferred<string>();
  d.addCallback((poem) => {
    d.cancel();
    return poem;
  });
  const seen = ends(d);
  d.callback("poem");
  assertEquals(seen, ["poem"]);
});

Deno.test("Deferred.cancel: a cancelled deferred that nobody handles is told like any error", () => {
  const told = unhandledIn(() => new Deferred().cancel());
  assertEquals(told.map(({ type }) => type), [CancelledError]);
});

Deno.test("Deferred.cancel: a canceller may be an async function: the deferred fails when that has ended", async () => {
  const gate = Promise.withResolvers<void>();
  const d = new Deferred(async () => await gate.promise);
  const seen: unknown[] = [];
  d.addErrback((failure) => void seen.push(failure.value));
  d.cancel();
  d.cancel();
  assert(!d.called);
  gate.resolve();
  await turnsOfPromises();
  assertEquals(seen.length, 1);
  assert(seen[0] instanceof CancelledError);
});

Deno.test("Deferred.cancel: what an async canceller is rejected with is the deferred's failure", async () => {
  const boom = new Error("boom");
  const seen: unknown[] = [];
  const d = new Deferred(() => Promise.reject(boom));
  d.addErrback((failure) => void seen.push(failure.value));
  d.cancel();
  await turnsOfPromises();
  assertEquals(seen, [boom]);
});

Deno.test("Deferred.cancel: what an async canceller fires its deferred with stands, and a later rejection is logged", async () => {
  const told: string[] = [];
  const forget = log.addObserver(({ text }) => void told.push(text));
  const d: Deferred<string> = new Deferred(async (d) => {
    d.callback("after all");
    await Promise.resolve();
    throw new Error("boom");
  });
  const seen: unknown[] = [];
  d.addCallback((value) => void seen.push(value));
  d.cancel();
  assertEquals(seen, ["after all"]);
  await turnsOfPromises();
  forget();
  assertEquals(told, [
    "A canceller threw after firing its deferred:",
  ]);
});

Deno.test("Deferred.cancel: a result that comes while an async canceller is under way is the result", async () => {
  const gate = Promise.withResolvers<void>();
  const d = new Deferred<string>(() => gate.promise);
  const seen: unknown[] = [];
  d.addBoth((result) => void seen.push(result));
  d.cancel();
  d.callback("just in time");
  gate.resolve();
  await turnsOfPromises();
  assertEquals(seen, ["just in time"]);
});

Deno.test("Deferred.cancel: a deferred that a canceller returns is not waited for", () => {
  const other = new Deferred<void>();
  const d = new Deferred(() => other);
  const seen: unknown[] = [];
  d.addErrback((failure) => void seen.push(failure.value));
  d.cancel();
  assert(seen[0] instanceof CancelledError);
});

Deno.test("Deferred.cancel: cancelling a chain calls the cancel() of a subclass that it waits for", () => {
  let calls = 0;
  class Request extends Deferred<void> {
    override cancel(): void {
      calls++;
      super.cancel();
    }
  }
  const request = new Request();
  const chain = succeed().addCallback(() => request);
  chain.addErrback(() => {});
  chain.cancel();
  assertEquals(calls, 1);
  assert(request.called);
});

/** Lets what promises have to do be done. */
async function turnsOfPromises(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve();
}
