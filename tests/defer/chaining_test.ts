import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import {
  AlreadyCalledError,
  Deferred,
  fail,
  Failure,
  succeed,
} from "../../mod.ts";
import { unhandledIn } from "./support.ts";

const DEPTH = 100_000;
const boom = new Error("boom");

/** Adds a callback and an errback that note what they get, and pass it on. */
function note<T>(
  d: Deferred<T>,
  seen: unknown[],
  name: string,
): Deferred<unknown> {
  return d.addBoth((result) => {
    seen.push([name, result]);
    return result;
  });
}

Deno.test("chained deferreds: a chain waits for a deferred that a callback returned", () => {
  const seen: unknown[] = [];
  const inner = new Deferred<string>();
  const outer = succeed(1).addCallback(() => inner);
  note(outer, seen, "outer");
  assertEquals(seen, []);
  inner.callback("poem");
  assertEquals(seen, [["outer", "poem"]]);
});

Deno.test("chained deferreds: an errback may return a deferred too", () => {
  const seen: unknown[] = [];
  const inner = new Deferred<string>();
  const outer = fail(boom).addErrback(() => inner);
  note(outer, seen, "outer");
  inner.callback("another poem");
  assertEquals(seen, [["outer", "another poem"]]);
});

Deno.test("chained deferreds: the outer one gets the result at that point of the inner chain", () => {
  const seen: unknown[] = [];
  const inner = new Deferred<number>();
  inner.addCallback((n) => n + 1);
  note(succeed(1).addCallback(() => inner), seen, "outer");
  inner.addCallback(() => "too late");
  inner.callback(1);
  assertEquals(seen, [["outer", 2]]);
});

Deno.test("chained deferreds: the inner chain goes on with undefined", () => {
  const seen: unknown[] = [];
  const inner = new Deferred<string>();
  succeed(1).addCallback(() => inner);
  note(inner, seen, "inner");
  inner.callback("poem");
  assertEquals(seen, [["inner", undefined]]);
});

Deno.test("chained deferreds: the outer one's callbacks run before later ones of the inner", () => {
  const seen: unknown[] = [];
  const inner = new Deferred<string>();
  const outer = succeed(1).addCallback(() => inner);
  note(inner, seen, "inner");
  note(note(outer, seen, "outer"), seen, "outer again");
  inner.callback("poem");
  assertEquals(seen, [
    ["outer", "poem"],
    ["outer again", "poem"],
    ["inner", undefined],
  ]);
});

Deno.test("chained deferreds: a failure moves to the outer one, and the inner has it no more", () => {
  const seen: unknown[] = [];
  const failure = new Failure(boom);
  const told = unhandledIn(() => {
    const inner = new Deferred<string>();
    const outer = succeed(1).addCallback(() => inner);
    note(inner, seen, "inner");
    inner.errback(failure);
    outer.addErrback((f) => void seen.push(["outer", f]));
  });
  assertEquals(seen, [["inner", undefined], ["outer", failure]]);
  assertEquals(told, []);
});

Deno.test("chained deferreds: the result of an inner one that has fired is taken at once", () => {
  const seen: unknown[] = [];
  const inner = succeed("poem");
  note(succeed(1).addCallback(() => inner), seen, "outer");
  note(inner, seen, "inner");
  assertEquals(seen, [["outer", "poem"], ["inner", undefined]]);
});

Deno.test("chained deferreds: the failure of an inner one that has fired is taken at once", () => {
  const seen: unknown[] = [];
  const failure = new Failure(boom);
  const told = unhandledIn(() => {
    const inner = fail(failure);
    succeed(1).addCallback(() => inner)
      .addErrback((f) => void seen.push(["outer", f]));
    note(inner, seen, "inner");
  });
  assertEquals(seen, [["outer", failure], ["inner", undefined]]);
  assertEquals(told, []);
});

Deno.test("chained deferreds: of two outer ones the first gets the value, the second undefined", () => {
  const seen: unknown[] = [];
  const inner = new Deferred<string>();
  note(succeed(1).addCallback(() => inner), seen, "first");
  note(succeed(2).addCallback(() => inner), seen, "second");
  inner.callback("poem");
  assertEquals(seen, [["first", "poem"], ["second", undefined]]);
});

Deno.test("chained deferreds: the same inner one gives undefined the second time", () => {
  const seen: unknown[] = [];
  const inner = succeed("poem");
  const d = succeed(1);
  note(d.addCallback(() => inner), seen, "first time");
  note(d.addCallback(() => inner), seen, "second time");
  assertEquals(seen, [["first time", "poem"], ["second time", undefined]]);
});

Deno.test("chained deferreds: a paused inner one is waited for until it goes on", () => {
  for (const firedBefore of [true, false]) {
    const seen: unknown[] = [];
    const inner = new Deferred<string>();
    inner.pause();
    if (firedBefore) inner.callback("poem");
    note(succeed(1).addCallback(() => inner), seen, "outer");
    if (!firedBefore) inner.callback("poem");
    assertEquals(seen, []);
    inner.unpause();
    assertEquals(seen, [["outer", "poem"]]);
  }
});

Deno.test("chained deferreds: an inner one that waits itself is waited for", () => {
  const seen: unknown[] = [];
  const innermost = new Deferred<string>();
  const inner = succeed(1).addCallback(() => innermost);
  const outer = succeed(2).addCallback(() => inner);
  note(outer, seen, "outer");
  note(inner, seen, "inner");
  note(innermost, seen, "innermost");
  innermost.callback("poem");
  assertEquals(seen, [
    ["outer", "poem"],
    ["inner", undefined],
    ["innermost", undefined],
  ]);
});

Deno.test("chained deferreds: a callback may add to the chain it waits in, and to the inner one", () => {
  const seen: unknown[] = [];
  const inner = new Deferred<string>();
  const outer = new Deferred<number>();
  outer.addCallback(() => inner).addCallback((poem) => {
    note(inner, seen, "inner");
    note(outer, seen, "added");
    return `${poem}, read`;
  });
  outer.callback(1);
  inner.callback("poem");
  assertEquals(seen, [["inner", undefined], ["added", "poem, read"]]);
});

Deno.test("chained deferreds: deferreds of a subclass are waited for", () => {
  class Poem extends Deferred<string> {}
  const seen: unknown[] = [];
  const inner = new Poem();
  note(succeed(1).addCallback(() => inner), seen, "outer");
  inner.callback("poem");
  assertEquals(seen, [["outer", "poem"]]);
});

Deno.test("chained deferreds: a callback that returns its own deferred fails, and the chain goes on", () => {
  const seen: unknown[] = [];
  const d: Deferred<unknown> = new Deferred();
  d.addCallback(() => d);
  d.addErrback((failure) => void seen.push(failure.check(TypeError)));
  note(d, seen, "after");
  d.callback(1);
  assertEquals(seen, [TypeError, ["after", undefined]]);
});

Deno.test("chained deferreds: deferreds that wait for each other in a circle fail, however many", () => {
  for (const length of [2, 3, 50]) {
    const seen: unknown[] = [];
    const ring = Array.from({ length }, () => new Deferred<unknown>());
    ring.forEach((d, i) => d.addCallback(() => ring[(i + 1) % length]));
    ring[0]?.addErrback((failure) => void seen.push(failure.check(TypeError)));
    for (const d of ring) d.callback(1);
    assertEquals(seen, [TypeError]);
  }
});

Deno.test("chained deferreds: waiting for what has waited and gone on is no circle", () => {
  const seen: unknown[] = [];
  const a = new Deferred<string>();
  const b = succeed(1).addCallback(() => a);
  a.callback("poem");
  note(a.addCallback(() => b), seen, "a");
  assertEquals(seen, [["a", "poem"]]);
});

Deno.test("chained deferreds: 100,000 deferreds that return the next, fired from the first on", () => {
  const row = Array.from({ length: DEPTH }, () => new Deferred<number>());
  row.forEach((d, i) => d.addCallback((n) => row[i + 1] ?? n));
  let result = 0;
  row[0]?.addCallback((n) => {
    result = n;
  });
  row.forEach((d, i) => d.callback(i));
  assertEquals(result, DEPTH - 1);
});

Deno.test("chained deferreds: 100,000 deferreds that return the next, fired from the last on", () => {
  const row = Array.from({ length: DEPTH + 1 }, () => new Deferred<number>());
  row.forEach((d, i) => {
    if (i < DEPTH) d.addCallback(() => row[i + 1]);
  });
  let result = 0;
  row[0]?.addCallback((n) => {
    result = n ?? 0;
  });
  for (let i = DEPTH - 1; i >= 0; i--) row[i]?.callback(i);
  assertEquals(result, 0);
  row[DEPTH]?.callback(7);
  assertEquals(result, 7);
});

Deno.test("chained deferreds: a failure comes up through 100,000 deferreds", () => {
  let d: Deferred<unknown> = new Deferred();
  const innermost = d;
  for (let i = 0; i < DEPTH; i++) {
    const inner = d;
    d = succeed(i).addCallback(() => inner);
  }
  let seen: unknown;
  d.addErrback((failure) => {
    seen = failure.value;
  });
  const told = unhandledIn(() => innermost.errback(boom));
  assertStrictEquals(seen, boom);
  assertEquals(told, []);
});

Deno.test("chained deferreds: 100,000 callbacks that each return a fired deferred", () => {
  const d = new Deferred<number>();
  for (let i = 0; i < DEPTH; i++) d.addCallback((n) => succeed(n + 1));
  let result = 0;
  d.addCallback((n) => {
    result = n;
  });
  d.callback(0);
  assertEquals(result, DEPTH);
});

Deno.test("chained deferreds: 100,000 callbacks that each return a deferred that fires later", () => {
  const waiting: Deferred<number>[] = [];
  const d = new Deferred<number>();
  for (let i = 0; i < DEPTH; i++) {
    d.addCallback((n) => {
      const inner = new Deferred<number>();
      inner.addCallback(() => n + 1);
      waiting.push(inner);
      return inner;
    });
  }
  let result = 0;
  d.addCallback((n) => {
    result = n;
  });
  d.callback(0);
  for (const inner of waiting) inner.callback(0);
  assertEquals(result, DEPTH);
});

Deno.test("chained deferreds: chainDeferred fires the other, and goes on with undefined", () => {
  for (const result of ["poem", new Failure(boom)]) {
    const seen: unknown[] = [];
    const other = new Deferred<unknown>();
    other.addBoth((r) => void seen.push(["other", r]));
    const d = new Deferred<unknown>();
    const chained = d.chainDeferred(other);
    assertStrictEquals(chained, d);
    note(d, seen, "self");
    d.callback(result);
    assertEquals(seen, [["other", result], ["self", undefined]]);
  }
});

Deno.test("chained deferreds: chainDeferred with one that has fired is the own chain's error", () => {
  const seen: unknown[] = [];
  const other = succeed("poem");
  const d = new Deferred<string>().chainDeferred(other);
  d.addErrback((failure) => void seen.push(failure.type));
  d.callback("another");
  note(other, seen, "other");
  assertEquals(seen, [AlreadyCalledError, ["other", "poem"]]);
});

Deno.test("chained deferreds: cancelling the other of chainDeferred leaves the own chain alone", () => {
  const seen: unknown[] = [];
  const other = new Deferred<string>();
  other.addErrback(() => {});
  const d = new Deferred<string>().chainDeferred(other);
  note(d, seen, "self");
  other.cancel();
  assert(!d.called);
  d.callback("dropped");
  assertEquals(seen, [["self", undefined]]);
});

Deno.test("chained deferreds: the other of chainDeferred may be paused", () => {
  const seen: unknown[] = [];
  const other = new Deferred<string>();
  note(other, seen, "other");
  other.pause();
  const d = new Deferred<string>().chainDeferred(other);
  note(d, seen, "self");
  d.callback("poem");
  assertEquals(seen, [["self", undefined]]);
  other.unpause();
  assertEquals(seen, [["self", undefined], ["other", "poem"]]);
});

Deno.test("chained deferreds: chainDeferred takes deferreds only", () => {
  for (const wrong of [undefined, null, 5, Promise.resolve()]) {
    let caught: unknown;
    try {
      // JavaScript can pass what the types forbid.
      new Deferred<unknown>().chainDeferred(wrong as unknown as Deferred);
    } catch (error) {
      caught = error;
    }
    assert(caught instanceof TypeError);
  }
});

Deno.test("chained deferreds: 100,000 deferreds in a row of chainDeferred", () => {
  const row = Array.from({ length: DEPTH }, () => new Deferred<string>());
  row.forEach((d, i) => {
    const next = row[i + 1];
    if (next !== undefined) d.chainDeferred(next);
  });
  const order: string[] = [];
  row[0]?.addCallback(() => void order.push("first"));
  row.at(-1)?.addCallback((poem) => void order.push(poem));
  row[0]?.callback("poem");
  assertEquals(order, ["poem", "first"]);
});

Deno.test("chained deferreds: a deferred that is returned while it runs a callback is waited for to the end of its chain, and has no result then", () => {
  const seen: string[] = [];
  const [running, outer] = [new Deferred<string>(), new Deferred<void>()];
  outer.addCallback(() => running);
  outer.addCallback((value) => void seen.push(`outer: ${value}`));
  running.addCallback((value) => {
    outer.callback();
    return `${value} first`;
  });
  running.addCallback((value) => `${value} second`);
  running.callback("begin");
  running.addCallback((value) => void seen.push(`running: ${value}`));
  assertEquals(seen, ["outer: begin first second", "running: undefined"]);
});

Deno.test("chained deferreds: a failure that was given to a paused deferred is no failure any more in the own chain", () => {
  const seen: unknown[] = [];
  const [source, target] = [new Deferred<string>(), new Deferred<string>()];
  target.pause();
  source.chainDeferred(target);
  source.addCallbacks(
    (value) => void seen.push(value),
    () => void seen.push("an error"),
  );
  source.errback(new Error("boom"));
  assertEquals(seen, [undefined]);
  target.addErrback(() => {});
  target.unpause();
});
