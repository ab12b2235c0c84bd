import {
  assert,
  assertEquals,
  assertNotEquals,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import {
  AlreadyCalledError,
  CancelledError,
  Deferred,
  Failure,
  TimeoutError,
} from "../../mod.ts";

const boom = new Error("boom");

function handle(): void {}

Deno.test("firing a Deferred: the errors are plain errors that know their names", () => {
  for (
    const [error, name] of [
      [new AlreadyCalledError(), "AlreadyCalledError"],
      [new CancelledError(), "CancelledError"],
      [new TimeoutError(3), "TimeoutError"],
    ] as const
  ) {
    assertStrictEquals(Object.getPrototypeOf(error.constructor), Error);
    assertEquals(error.name, name);
    assert(error.stack?.startsWith(`${name}: ${error.message}`));
    assertNotEquals(error.message, "");
  }
});

Deno.test("firing a Deferred: the errors take a cause", () => {
  assertStrictEquals(
    new AlreadyCalledError("twice", { cause: boom }).cause,
    boom,
  );
  assertStrictEquals(
    new CancelledError("enough", { cause: boom }).cause,
    boom,
  );
  assertStrictEquals(new TimeoutError(1, { cause: boom }).cause, boom);
});

Deno.test("firing a Deferred: a timeout error knows how long was waited", () => {
  assertEquals(new TimeoutError(1.5).seconds, 1.5);
  assertEquals(
    new TimeoutError(1.5).message,
    "No result after 1.5 seconds",
  );
  assertEquals(
    new TimeoutError(1).message,
    "No result after 1 second",
  );
});

Deno.test("firing a Deferred: a new deferred was not called", () => {
  assert(!new Deferred().called);
});

Deno.test("firing a Deferred: a deferred that was fired was called for ever", () => {
  const fired = new Deferred();
  fired.callback(1);
  const failed = new Deferred();
  failed.errback(boom);
  const cancelled = new Deferred();
  cancelled.cancel();
  for (const d of [fired, failed, cancelled]) {
    assert(d.called);
    d.addBoth(handle);
    assert(d.called);
  }
});

Deno.test("firing a Deferred: a deferred was called while its callbacks run, and while it waits", () => {
  const inner = new Deferred();
  const seen: boolean[] = [];
  const d = new Deferred();
  d.addCallback(() => {
    seen.push(d.called);
    return inner;
  });
  d.callback(1);
  seen.push(d.called);
  assertEquals(seen, [true, true]);
});

Deno.test("firing a Deferred: callbacks run inside callback(), errbacks inside errback()", () => {
  const seen: string[] = [];
  const d = new Deferred();
  d.addCallback(() => void seen.push("callback"));
  d.callback(1);
  seen.push("fired");
  const e = new Deferred();
  e.addErrback(() => void seen.push("errback"));
  e.errback(boom);
  seen.push("failed");
  assertEquals(seen, ["callback", "fired", "errback", "failed"]);
});

Deno.test("firing a Deferred: a second firing throws, in every combination", () => {
  const fires = [
    (d: Deferred) => d.callback(1),
    (d: Deferred) => d.errback(boom),
  ];
  for (const first of fires) {
    for (const second of fires) {
      const d = new Deferred();
      first(d);
      assertThrows(() => second(d), AlreadyCalledError);
      assertThrows(() => second(d), AlreadyCalledError);
      d.addErrback(handle);
    }
  }
});

Deno.test("firing a Deferred: a second firing changes nothing", () => {
  const seen: unknown[] = [];
  const d = new Deferred<string>();
  d.callback("first");
  assertThrows(() => d.callback("second"), AlreadyCalledError);
  d.addCallback((result) => void seen.push(result));
  assertEquals(seen, ["first"]);
});

Deno.test("firing a Deferred: a deferred that waits for another was fired already", () => {
  const inner = new Deferred<string>();
  const d = new Deferred<string>();
  d.addCallback(() => inner);
  d.callback("first");
  assertThrows(() => d.callback("second"), AlreadyCalledError);
});

Deno.test("firing a Deferred: callback() with a failure is as errback() with it", () => {
  const failure = new Failure(boom);
  const seen: unknown[] = [];
  const d = new Deferred();
  d.addCallbacks(() => seen.push("callback"), (f) => void seen.push(f));
  d.callback(failure);
  assertStrictEquals(seen[0], failure);
});

Deno.test("firing a Deferred: errback() puts an error into a failure that was not thrown", () => {
  const seen: Failure[] = [];
  const d = new Deferred();
  d.addErrback((failure) => void seen.push(failure));
  d.errback(boom);
  assertStrictEquals(seen[0]?.value, boom);
  assert(!seen[0]?.raised);
});

Deno.test("firing a Deferred: errback() takes any value as an error, even undefined or a deferred", () => {
  const values: unknown[] = ["text", 5, undefined, null, new Deferred()];
  for (const value of values) {
    const seen: Failure[] = [];
    const d = new Deferred();
    d.addErrback((failure) => void seen.push(failure));
    // JavaScript can pass what the types forbid.
    d.errback(value as Error);
    assertStrictEquals(seen[0]?.value, value);
  }
});

Deno.test("firing a Deferred: errback() without an argument throws, and the deferred stays unfired", () => {
  const d = new Deferred<string>();
  const errback: () => void = d.errback.bind(d) as () => void;
  assertThrows(errback, TypeError);
  assert(!d.called);
  d.callback("poem");
});

Deno.test("firing a Deferred: firing with a deferred throws, and leaves both unfired", () => {
  const other = new Deferred();
  const d = new Deferred();
  assertThrows(() => d.callback(other), TypeError);
  assert(!d.called);
  assert(!other.called);
  d.callback("poem");
});

Deno.test("firing a Deferred: a promise that a deferred is fired with is a value like any other", () => {
  const promise = Promise.resolve(1);
  const seen: unknown[] = [];
  const d = new Deferred<Promise<number>>();
  d.addCallback((result) => {
    seen.push(result);
  });
  d.callback(promise);
  assertStrictEquals(seen[0], promise);
});
