import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import {
  CancelledError,
  Deferred,
  DeferredList,
  FailureGroup,
  FirstError,
  gatherResults,
  inlineCallbacks,
  race,
  succeed,
  wait,
} from "../../mod.ts";
import { errorOf, failed, NOTHING, resultOf } from "./family_support.ts";

const DEPTH = 100_000;

/** One level of generators around a deferred, by `yield` or by `yield*`. */
const byYield = inlineCallbacks(function* (d: Deferred<unknown>) {
  return yield d;
});
const byWait = inlineCallbacks(function* (d: Deferred<unknown>) {
  return yield* wait(d);
});

/** As many levels around `d` as asked for, each made by the next of `ways`. */
function nested(
  d: Deferred<unknown>,
  depth: number,
  ...ways: ((d: Deferred<unknown>) => Deferred<unknown>)[]
): Deferred<unknown> {
  let outer = d;
  for (let n = 0; n < depth; n++) {
    outer = ways[n % ways.length]?.(outer) ?? outer;
  }
  return outer;
}

Deno.test("nested deferreds: 100,000 generators that wait for each other come to their end", () => {
  for (const way of [byYield, byWait]) {
    const d = new Deferred<unknown>();
    const outer = nested(d, DEPTH, way);
    assertEquals(resultOf(outer), NOTHING);
    d.callback("value");
    assertEquals(resultOf(outer), "value");
  }
});

Deno.test("nested deferreds: an error comes up through 100,000 generators", () => {
  const boom = new Error("boom");
  const d = new Deferred<unknown>();
  const outer = nested(d, DEPTH, byYield, byWait);
  d.errback(boom);
  assertStrictEquals(errorOf(outer), boom);
});

Deno.test("nested deferreds: 100,000 generators around a deferred that has fired end at once", () => {
  assertEquals(resultOf(nested(succeed(1), DEPTH, byYield, byWait)), 1);
});

Deno.test("nested deferreds: generators, chains and lists may be nested in each other, however deep", () => {
  const d = new Deferred<unknown>();
  const outer = nested(
    d,
    DEPTH,
    byYield,
    (inner) => succeed().addCallback(() => inner),
    (inner) => gatherResults([inner]).addCallback(([value]) => value),
    (inner) =>
      new DeferredList([inner]).addCallback(([[, value]]) => value as unknown),
    (inner) => race([inner]).addCallback(([, value]) => value),
    (inner) => {
      const target = new Deferred<unknown>();
      inner.chainDeferred(target);
      return target;
    },
  );
  d.callback("value");
  assertEquals(resultOf(outer), "value");
});

Deno.test("nested deferreds: failures come up through lists of lists, however deep", () => {
  const d = new Deferred<unknown>();
  const depth = 10_000;
  const outer = nested(
    d,
    depth,
    (inner) => gatherResults([inner], { consumeErrors: true }),
    (inner) => race([inner]),
    (inner) =>
      new DeferredList([inner], {
        fireOnOneErrback: true,
        consumeErrors: true,
      }),
  );
  d.errback(new Error("boom"));
  let error = errorOf(outer);
  let levels = 0;
  for (
    ;
    error instanceof FirstError || error instanceof FailureGroup;
    levels++
  ) {
    error = error instanceof FirstError
      ? error.subFailure.value
      : error.failures[0]?.value;
  }
  assertEquals(levels, depth);
  assertEquals(String(error), "Error: boom");
});

Deno.test("nested deferreds: cancelling goes through lists of lists, however deep", () => {
  for (
    const wrap of [
      (inner: Deferred<unknown>) => new DeferredList([inner]),
      (inner: Deferred<unknown>) =>
        gatherResults([inner], { consumeErrors: true }),
      (inner: Deferred<unknown>) => race([inner]),
    ]
  ) {
    const cancelled: unknown[] = [];
    const d = new Deferred<unknown>((own) => void cancelled.push(own));
    const outer = nested(d, DEPTH, wrap);
    outer.cancel();
    assertEquals(cancelled.length, 1);
    assert(outer.called);
    outer.addErrback(() => {});
  }
});

/** A generator that yields a generator, and so on; the last one waits for `d`. */
function* tower(
  d: Deferred<string>,
  floors: number,
): Generator<unknown, unknown, unknown> {
  return floors === 0 ? yield d : yield tower(d, floors - 1);
}

Deno.test("nested deferreds: generators that yield generators come to their end, fired before or later", () => {
  const build = inlineCallbacks(tower);
  assertEquals(resultOf(build(succeed("there"), DEPTH)), "there");
  const d = new Deferred<string>();
  const result = build(d, DEPTH);
  assertEquals(resultOf(result), NOTHING);
  d.callback("late");
  assertEquals(resultOf(result), "late");
});

Deno.test("nested deferreds: cancelling goes through 100,000 generators to what the innermost waits for", () => {
  const told: string[] = [];
  const d = new Deferred<unknown>(() => void told.push("cancelled"));
  const outer = nested(d, DEPTH, byYield, byWait);
  outer.cancel();
  assertEquals(told, ["cancelled"]);
  failed(outer, CancelledError);
  const floor = new Deferred<string>();
  const top = inlineCallbacks(tower)(floor, DEPTH);
  top.cancel();
  assert(floor.called);
  failed(top, CancelledError);
});

Deno.test("nested deferreds: if the innermost of 100,000 generators goes on, those around it wait on, and can be cancelled again", () => {
  const second = new Deferred<string>();
  const stubborn = inlineCallbacks(function* () {
    try {
      yield new Deferred();
    } catch {
      return yield second;
    }
  });
  const outer = nested(stubborn(), DEPTH, byYield);
  outer.cancel();
  assertEquals(resultOf(outer), NOTHING);
  assert(!second.called);
  outer.cancel();
  assert(second.called);
  failed(outer, CancelledError);
});

Deno.test("nested deferreds: each generator has ended, and its callbacks have run, before the next one goes on", () => {
  const told: string[] = [];
  const named = (name: string, what: Deferred<unknown>) => {
    const result = inlineCallbacks(function* () {
      yield what;
      told.push(`${name} ends`);
    })();
    result.addCallback(() => told.push(`${name} has ended`));
    return result;
  };
  const d = new Deferred<unknown>();
  named("outer", named("inner", d));
  d.addCallback(() => told.push("later"));
  d.callback(1);
  assertEquals(told, [
    "inner ends",
    "inner has ended",
    "outer ends",
    "outer has ended",
    "later",
  ]);
});

Deno.test("nested deferreds: of two generators that wait for one deferred, the cancelled one's result is there before the other goes on", () => {
  const told: string[] = [];
  const d = new Deferred<void>();
  const waiter = (name: string) =>
    inlineCallbacks(function* () {
      try {
        yield d;
        told.push(`${name} goes on`);
      } catch {
        told.push(`${name} was cancelled`);
      }
    })();
  const first = waiter("first");
  first.addCallback(() => told.push("first has ended"));
  waiter("second");
  first.cancel();
  assertEquals(told, [
    "first was cancelled",
    "first has ended",
    "second goes on",
  ]);
});
