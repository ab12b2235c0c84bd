import {
  assert,
  assertEquals,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import {
  CancelledError,
  Deferred,
  DeferredList,
  fail,
  FirstError,
  gatherResults,
  succeed,
} from "../../mod.ts";
import { failed, NOTHING, resultOf, unhandledAfter } from "./family_support.ts";

Deno.test("gatherResults: the values come in the order of the list", () => {
  const a = new Deferred<string>();
  const b = new Deferred<number>();
  const gathered = gatherResults([a, b]);
  b.callback(2);
  assertEquals(resultOf(gathered), NOTHING);
  a.callback("a");
  assertEquals(resultOf(gathered), ["a", 2]);
});

Deno.test("gatherResults: an empty list gives an empty list at once", () => {
  assertEquals(resultOf(gatherResults([])), []);
});

Deno.test("gatherResults: any iterable is gathered, and the same deferred twice comes twice", () => {
  const a = succeed("a");
  assertEquals(resultOf(gatherResults(new Set([a]))), ["a"]);
  assertEquals(resultOf(gatherResults([a, a])), ["a", "a"]);
});

Deno.test("gatherResults: the deferreds keep their values", () => {
  const a = succeed("a");
  gatherResults([a]);
  assertEquals(resultOf(a), "a");
});

Deno.test("gatherResults: the first failure comes at once, as a FirstError, and the others go on", () => {
  const [a, b] = [new Deferred<string>(), new Deferred<string>()];
  const gathered = gatherResults([a, b], { consumeErrors: true });
  const boom = new Error("boom");
  b.errback(boom);
  const error = failed(gathered, FirstError);
  assertEquals(error.index, 1);
  assertStrictEquals(error.subFailure.value, boom);
  assert(!a.called);
  a.callback("a");
  assertEquals(resultOf(a), "a");
});

Deno.test("gatherResults: without consumeErrors the failing deferreds are told as unhandled", () => {
  const told = unhandledAfter(() => {
    const late = new Deferred<string>();
    const gathered = gatherResults([fail(new Error("boom")), late]);
    failed(gathered, FirstError);
    late.errback(new Error("late boom"));
  });
  assertEquals(told, ["boom", "late boom"]);
});

Deno.test("gatherResults: with consumeErrors nothing is told, however late", () => {
  const told = unhandledAfter(() => {
    const late = new Deferred<string>();
    const gathered = gatherResults([fail(new Error("boom")), late], {
      consumeErrors: true,
    });
    failed(gathered, FirstError);
    late.errback(new Error("late boom"));
    assertEquals(resultOf(late), undefined);
  });
  assertEquals(told, []);
});

Deno.test("gatherResults: cancelling cancels all, and gives the FirstError of the first", () => {
  const cancelled: number[] = [];
  const ds = [0, 1].map((n) => new Deferred(() => void cancelled.push(n)));
  const gathered = gatherResults(ds, { consumeErrors: true });
  gathered.cancel();
  assertEquals(cancelled, [0, 1]);
  const error = failed(gathered, FirstError);
  assertEquals(error.index, 0);
  assert(error.subFailure.check(CancelledError));
});

Deno.test("gatherResults: cancelling a chain that waits for the values cancels the deferreds", () => {
  const a = new Deferred();
  const chain = succeed().addCallback(() =>
    gatherResults([a], { consumeErrors: true })
  );
  chain.cancel();
  assert(a.called);
  failed(chain, FirstError);
});

Deno.test("gatherResults: what is not a deferred is refused at once, by its number", () => {
  const wrong: unknown[] = [succeed(1), succeed(2), "three"];
  assertThrows(
    // @ts-expect-error a list of anything is not a list of deferreds
    () => gatherResults(wrong),
    TypeError,
    "deferreds[2] must be a Deferred",
  );
});

Deno.test("gatherResults: a thousand values of a thousand deferreds, fired backwards", () => {
  const ds = Array.from({ length: 1000 }, () => new Deferred<number>());
  const gathered = gatherResults(ds);
  for (let n = 999; n >= 0; n--) ds[n]?.callback(n);
  assertEquals(resultOf(gathered), Array.from({ length: 1000 }, (_, n) => n));
});

Deno.test("gatherResults: cancelled while one of its deferreds goes on, the gathering waits for that", () => {
  const next = new Deferred<string>();
  const goesOn = () => {
    const d = new Deferred<string>();
    d.addErrback(() => next);
    return d;
  };
  const gathered = gatherResults([goesOn()]);
  gathered.cancel();
  assertEquals(resultOf(gathered), NOTHING);
  assert(!gathered.called);
  next.callback("after all");
  assertEquals(resultOf(gathered), ["after all"]);
});

Deno.test("gatherResults: a chain that waits for a gathering waits on as well", () => {
  for (const collect of [gatherResults, listOf]) {
    const next = new Deferred<string>();
    const element = new Deferred<string>();
    element.addErrback(() => next);
    const chain = succeed().addCallback(() => collect([element]));
    chain.cancel();
    assertEquals(resultOf(chain), NOTHING);
    next.callback("after all");
    assertEquals(String(resultOf(chain)).endsWith("after all"), true);
  }
});

Deno.test("gatherResults: a gathering that was fired by hand stays as it is", () => {
  const [a, b] = [new Deferred<string>(), new Deferred<string>()];
  const gathered = gatherResults([a, b], { consumeErrors: true });
  gathered.callback(["by", "hand"]);
  a.callback("a");
  b.errback(new Error("boom"));
  assertEquals(resultOf(gathered), ["by", "hand"]);
  assertEquals(resultOf(a), "a");
});

function listOf(ds: Deferred<string>[]): Deferred<unknown> {
  return new DeferredList(ds);
}
