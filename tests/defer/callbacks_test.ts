import {
  assert,
  assertEquals,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import {
  AlreadyCalledError,
  Deferred,
  fail,
  Failure,
  succeed,
} from "../../mod.ts";

const boom = new Error("boom");

function throwBoom(): never {
  throw boom;
}

Deno.test("Deferred: each add… returns the same deferred", () => {
  const d = new Deferred<number>();
  const nothing = () => {};
  assert(Object.is(d.addCallback(nothing), d));
  assert(Object.is(d.addErrback(nothing), d));
  assert(Object.is(d.addBoth(nothing), d));
  assert(Object.is(d.addCallbacks(nothing, nothing), d));
});

Deno.test("Deferred: each callback gets what the one before it returned", () => {
  const seen: number[] = [];
  const d = new Deferred<number>();
  for (let i = 0; i < 4; i++) {
    d.addCallback((n) => {
      seen.push(n);
      return n * 2;
    });
  }
  d.callback(3);
  assertEquals(seen, [3, 6, 12, 24]);
});

Deno.test("Deferred: extra arguments follow the result", () => {
  const seen: unknown[] = [];
  const see = (...args: unknown[]) => void seen.push(args);
  succeed("poem").addCallback(see, 1, "two").addBoth(see, 3);
  const failure = new Failure(boom);
  fail(failure).addErrback(see, 4).addCallback(see);
  fail(failure).addBoth(see, 5, 6);
  succeed("poem").addCallbacks(see, see, [7], [8]);
  fail(failure).addCallbacks(see, see, [9], [10]);
  assertEquals(seen, [
    ["poem", 1, "two"],
    [undefined, 3],
    [failure, 4],
    [undefined],
    [failure, 5, 6],
    ["poem", 7],
    [failure, 10],
  ]);
});

Deno.test("Deferred: an empty list of extra arguments adds none", () => {
  const seen: unknown[] = [];
  const see = (...args: unknown[]) => void seen.push(args);
  succeed(1).addCallbacks(see, see, [], []);
  assertEquals(seen, [[1]]);
});

Deno.test("Deferred: a callback's error goes to the next errback, not to its own", () => {
  const seen: string[] = [];
  const d = new Deferred<string>();
  d.addCallbacks(throwBoom, () => void seen.push("own"));
  d.addCallbacks(() => void seen.push("callback"), (failure) => {
    seen.push("next");
    assertStrictEquals(failure.value, boom);
    assert(failure.raised);
  });
  d.callback("poem");
  assertEquals(seen, ["next"]);
});

Deno.test("Deferred: a missing errback lets the failure pass, a missing callback the value", () => {
  const failure = new Failure(boom);
  const seen: unknown[] = [];
  for (const none of [undefined, null]) {
    fail(failure).addCallbacks(() => "not called", none)
      .addErrback((f) => void seen.push(f));
    succeed(3).addCallbacks(none, () => "not called")
      .addCallback((n) => void seen.push(n));
  }
  assertEquals(seen, [failure, 3, failure, 3]);
});

Deno.test("Deferred: extra arguments for a missing side change nothing", () => {
  const failure = new Failure(boom);
  const seen: unknown[] = [];
  fail(failure).addCallbacks(() => {}, undefined, [], ["extra"])
    .addErrback((f) => void seen.push(f));
  succeed(3).addCallbacks(undefined, () => {}, ["extra"])
    .addCallback((n) => void seen.push(n));
  assertEquals(seen, [failure, 3]);
});

Deno.test("Deferred: a callback that is not a function is refused at once, by name", () => {
  const d = new Deferred();
  for (
    const [wrong, what] of [
      [undefined, "undefined"],
      [null, "null"],
      ["text", 'the string "text"'],
      [5, "5"],
      [{}, "an Object"],
    ]
  ) {
    // JavaScript can pass what the types forbid.
    const fn = wrong as () => void;
    const messages = [
      assertThrows(() => d.addCallback(fn), TypeError).message,
      assertThrows(() => d.addErrback(fn), TypeError).message,
      assertThrows(() => d.addBoth(fn), TypeError).message,
    ];
    assertEquals(messages, [
      `addCallback: callback must be a function, got ${what}`,
      `addErrback: errback must be a function, got ${what}`,
      `addBoth: callback must be a function, got ${what}`,
    ]);
  }
  const fn = 5 as unknown as () => void;
  assertEquals(
    [
      assertThrows(() => d.addCallbacks(fn), TypeError).message,
      assertThrows(() => d.addCallbacks(() => {}, fn), TypeError).message,
    ],
    [
      "addCallbacks: callback must be a function, got 5",
      "addCallbacks: errback must be a function, got 5",
    ],
  );
});

Deno.test("Deferred: what is refused is not added", () => {
  const seen: unknown[] = [];
  const d = new Deferred<string>();
  assertThrows(() =>
    d.addCallbacks(() => "changed", 5 as unknown as () => void)
  );
  d.addCallback((result) => void seen.push(result));
  d.callback("poem");
  assertEquals(seen, ["poem"]);
});

Deno.test("Deferred: an errback that returns undefined has handled the error", () => {
  const seen: unknown[] = [];
  fail(boom).addErrback(() => {}).addCallbacks(
    (result) => void seen.push(["callback", result]),
    () => void seen.push("errback"),
  );
  assertEquals(seen, [["callback", undefined]]);
});

Deno.test("Deferred: what an errback returns goes to the next callback", () => {
  const seen: unknown[] = [];
  fail(boom).addErrback(() => "instead").addCallback((s) => void seen.push(s));
  assertEquals(seen, ["instead"]);
});

Deno.test("Deferred: an errback that returns its failure hands on the same one", () => {
  const failure = new Failure(boom);
  const seen: unknown[] = [];
  fail(failure).addErrback((f) => f).addErrback((f) => void seen.push(f));
  assertStrictEquals(seen[0], failure);
});

Deno.test("Deferred: a callback that returns a failure switches to the errbacks", () => {
  const failure = new Failure(boom);
  const seen: unknown[] = [];
  succeed(1).addCallback(() => failure)
    .addCallbacks(() => seen.push("callback"), (f) => void seen.push(f));
  assertEquals(seen, [failure]);
});

Deno.test("Deferred: an error that is returned, not thrown, is a value like any other", () => {
  const seen: unknown[] = [];
  succeed(1).addCallback(() => boom)
    .addCallbacks((error) => void seen.push(error), () => seen.push("errback"));
  assertStrictEquals(seen[0], boom);
});

Deno.test("Deferred: whatever a callback throws stays in the chain", () => {
  for (const value of [boom, "text", 5, undefined, null]) {
    const seen: unknown[] = [];
    const d = new Deferred();
    d.addCallback(() => {
      throw value;
    });
    d.addErrback((failure) => void seen.push(failure.value));
    d.callback(1);
    assertEquals(seen, [value]);
  }
});

Deno.test("Deferred: a thrown failure is not put into another one", () => {
  const seen: Failure[] = [];
  succeed(1).addCallback(() => {
    throw new Failure(boom);
  }).addErrback((failure) => void seen.push(failure));
  assertStrictEquals(seen[0]?.value, boom);
  assertStrictEquals(seen[0]?.type, Error);
});

Deno.test("Deferred: a callback added to a fired deferred runs before add… returns", () => {
  const seen: string[] = [];
  const d = succeed("poem");
  d.addCallback((s) => void seen.push(s));
  seen.push("after");
  assertEquals(seen, ["poem", "after"]);
});

Deno.test("Deferred: a callback added inside a callback runs last, and not inside it", () => {
  const seen: string[] = [];
  const d = new Deferred();
  d.addCallback(() => {
    seen.push("first begins");
    d.addCallback(() => void seen.push("added"));
    seen.push("first ends");
  });
  d.addCallback(() => void seen.push("second"));
  d.callback(1);
  assertEquals(seen, ["first begins", "first ends", "second", "added"]);
});

Deno.test("Deferred: a callback added inside the last one runs too", () => {
  const seen: unknown[] = [];
  const d = succeed(1);
  d.addCallback(() => {
    d.addCallback((result) => void seen.push(result));
    return "from the first";
  });
  assertEquals(seen, ["from the first"]);
});

Deno.test("Deferred: firing a deferred inside its own callback is that callback's error", () => {
  const seen: unknown[] = [];
  const d = new Deferred<number>();
  d.addCallback(() => d.callback(2));
  d.addErrback((failure) => void seen.push(failure.type));
  d.callback(1);
  assertEquals(seen, [AlreadyCalledError]);
});

Deno.test("Deferred: 100,000 callbacks take no stack, and a time that grows with them", () => {
  let steps = 0;
  const d = new Deferred<number>();
  for (let i = 0; i < 100_000; i++) {
    d.addCallback((n) => {
      steps++;
      return n + 1;
    });
  }
  const seen: number[] = [];
  d.addCallback((n) => void seen.push(n));
  d.callback(0);
  assertEquals([steps, seen], [100_000, [100_000]]);
});
