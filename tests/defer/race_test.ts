import {
  assert,
  assertEquals,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import {
  CancelledError,
  Deferred,
  fail,
  Failure,
  FailureGroup,
  race,
  succeed,
} from "../../mod.ts";
import { failed, NOTHING, resultOf, unhandledAfter } from "./family_support.ts";

Deno.test("race: the first value wins, and comes with its index", () => {
  const [a, b] = [new Deferred<string>(), new Deferred<string>()];
  const first = race([a, b]);
  assertEquals(resultOf(first), NOTHING);
  b.callback("b");
  assertEquals(resultOf(first), [1, "b"]);
});

Deno.test("race: the others are cancelled before the race fires", () => {
  const told: string[] = [];
  const a = new Deferred(() => void told.push("a cancelled"));
  const b = new Deferred();
  const c = new Deferred(() => void told.push("c cancelled"));
  race([a, b, c]).addCallback(() => told.push("won"));
  b.callback("b");
  assertEquals(told, ["a cancelled", "c cancelled", "won"]);
});

Deno.test("race: failures are ignored as long as somebody may win", () => {
  const told = unhandledAfter(() => {
    const [a, b] = [new Deferred<string>(), new Deferred<string>()];
    const first = race([a, b]);
    a.errback(new Error("out of breath"));
    assertEquals(resultOf(first), NOTHING);
    b.callback("b");
    assertEquals(resultOf(first), [1, "b"]);
  });
  assertEquals(told, []);
});

Deno.test("race: if all fail, the failures come in the order of the list", () => {
  const [a, b] = [new Deferred<string>(), new Deferred<string>()];
  const first = race([a, b]);
  const [boomA, boomB] = [new Error("a"), new Error("b")];
  b.errback(boomB);
  a.errback(boomA);
  const error = failed(first, FailureGroup);
  assertEquals(error.failures.map(({ value }) => value), [boomA, boomB]);
});

Deno.test("race: a loser that has a value when it is cancelled has lost all the same", () => {
  const a: Deferred<string> = new Deferred((d) => d.callback("a after all"));
  const b = new Deferred<string>();
  const first = race([a, b]);
  b.callback("b");
  assertEquals(resultOf(first), [1, "b"]);
});

Deno.test("race: cancelling the race cancels all, and gives the group of their failures", () => {
  const first = race([new Deferred(), new Deferred()]);
  first.cancel();
  const error = failed(first, FailureGroup);
  assertEquals(error.failures.length, 2);
  for (const failure of error.failures) assert(failure.check(CancelledError));
});

Deno.test("race: a value that comes of cancelling the race wins it", () => {
  const a = new Deferred<string>();
  const b: Deferred<string> = new Deferred((d) => d.callback("b after all"));
  const first = race([a, b]);
  first.cancel();
  assertEquals(resultOf(first), [1, "b after all"]);
});

Deno.test("race: a race of nobody never fires", () => {
  assertEquals(resultOf(race([])), NOTHING);
});

Deno.test("race: a race of nobody can be cancelled", () => {
  const first = race([]);
  first.cancel();
  failed(first, CancelledError);
});

Deno.test("race: of several that have fired, the lowest index wins, and the rest is cancelled", () => {
  const c = new Deferred<string>();
  const first = race([fail(new Error("out")), succeed("b"), succeed("d"), c]);
  assertEquals(resultOf(first), [1, "b"]);
  assert(c.called);
});

Deno.test("race: every deferred goes on with undefined, and no failure is left", () => {
  const told = unhandledAfter(() => {
    const ds = [new Deferred<string>(), new Deferred<string>(), new Deferred()];
    race(ds);
    ds[1]?.callback("b");
    for (const d of ds) assertEquals(resultOf(d), undefined);
    const late: Deferred<string> = new Deferred((d) => {
      d.errback(new Error("late"));
    });
    race([succeed("a"), late]);
    assertEquals(resultOf(late), undefined);
  });
  assertEquals(told, []);
});

Deno.test("race: any iterable can race, and what is not a deferred is refused at once", () => {
  assertEquals(resultOf(race(new Set([succeed("a")]))), [0, "a"]);
  const wrong: unknown[] = [null];
  assertThrows(
    // @ts-expect-error a list of anything is not a list of deferreds
    () => race(wrong),
    TypeError,
    "race: deferreds[0] must be a Deferred, got null",
  );
});

Deno.test("race: a race that was fired by hand stays as it is", () => {
  const a = new Deferred<string>();
  const first = race([a]);
  first.callback([0, "by hand"]);
  a.callback("a");
  assertEquals(resultOf(first), [0, "by hand"]);
  assertEquals(resultOf(a), undefined);
});

Deno.test("race: a FailureGroup shows the errors themselves", () => {
  const [a, b] = [new Error("a"), new Error("b")];
  const group = new FailureGroup([new Failure(a), new Failure(b)]);
  assertEquals(group.name, "FailureGroup");
  assert(group instanceof AggregateError);
  assertStrictEquals(group.errors[0], a);
  assertStrictEquals(group.errors[1], b);
  assertEquals(
    group.message,
    "All deferreds of the race have failed: there were 2",
  );
});

Deno.test("race: the winner's chain goes on where a loser's canceller cancels the race", () => {
  const [near, far] = [new Deferred<string>(), new Deferred<string>()];
  const d = race([near, far]);
  far.addBoth(() => d.cancel());
  const after: unknown[] = [];
  near.addBoth((result) => after.push(result));
  const outcomes: unknown[] = [];
  d.addBoth((result) => outcomes.push(result));
  near.callback("won");
  assertEquals(after, [undefined]);
  assert(outcomes[0] instanceof Failure);
  assertEquals(outcomes.length, 1);
});
