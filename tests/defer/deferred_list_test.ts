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
  FAILURE,
  Failure,
  FirstError,
  succeed,
  SUCCESS,
} from "../../mod.ts";
import {
  errorOf,
  failed,
  NOTHING,
  resultOf,
  unhandledAfter,
  valueIn,
} from "./family_support.ts";

function three(): [Deferred<string>, Deferred<string>, Deferred<string>] {
  return [new Deferred(), new Deferred(), new Deferred()];
}

function errorIn(outcome: unknown): unknown {
  if (!Array.isArray(outcome) || outcome[0] !== FAILURE) return undefined;
  return valueIn(outcome[1]);
}

Deno.test("DeferredList: a list fires when all have fired, with the outcomes in the order of the list", () => {
  const [a, b, c] = three();
  const list = new DeferredList([a, b, c]);
  c.callback("c");
  a.callback("a");
  assertEquals(resultOf(list), NOTHING);
  b.callback("b");
  assertEquals(resultOf(list), [[true, "a"], [true, "b"], [true, "c"]]);
  assertEquals([SUCCESS, FAILURE], [true, false]);
});

Deno.test("DeferredList: a list is a deferred", () => {
  const list = new DeferredList([succeed(1)]);
  assert(list instanceof Deferred);
  const lengths = list.addCallback((outcomes) => outcomes.length);
  assertStrictEquals(lengths, list);
  assertEquals(resultOf(list), 1);
});

Deno.test("DeferredList: a failure is an outcome like any other, and the deferred keeps it", () => {
  const boom = new Error("boom");
  const a = new Deferred<string>();
  const b = new Deferred<string>();
  const list = new DeferredList([a, b]);
  a.errback(boom);
  b.callback("b");
  let outcomes: unknown[] = [];
  list.addCallback((got) => outcomes = got);
  assertStrictEquals(errorIn(outcomes[0]), boom);
  assertEquals(outcomes[1], [true, "b"]);
  assertStrictEquals(errorOf(a), boom);
});

Deno.test("DeferredList: a failure that stays with its deferred is told as unhandled, once", () => {
  const told = unhandledAfter(() => {
    new DeferredList([fail(new Error("boom")), succeed(1)]);
  });
  assertEquals(told, ["boom"]);
});

Deno.test("DeferredList: with consumeErrors the deferreds go on with undefined, and nothing is unhandled", () => {
  let outcomes: unknown[] = [];
  let a: Deferred<unknown> = succeed();
  const told = unhandledAfter(() => {
    a = fail(new Error("boom"));
    new DeferredList([a, succeed(1)], { consumeErrors: true })
      .addCallback((got) => outcomes = got);
  });
  assertEquals(told, []);
  assert(errorIn(outcomes[0]) instanceof Error);
  assertEquals(resultOf(a), undefined);
});

Deno.test("DeferredList: with fireOnOneCallback the first value comes with its index, and the rest is ignored", () => {
  const [a, b, c] = three();
  const list = new DeferredList([a, b, c], {
    fireOnOneCallback: true,
    consumeErrors: true,
  });
  a.errback(new Error("not this one"));
  assertEquals(resultOf(list), NOTHING);
  c.callback("c");
  assertEquals(resultOf(list), ["c", 2]);
  b.callback("b");
  assertEquals(resultOf(list), ["c", 2]);
});

Deno.test("DeferredList: with fireOnOneCallback and nothing but failures, the ordinary outcomes come", () => {
  const [first, second] = [new Error("first"), new Error("second")];
  const list = new DeferredList([fail(first), fail(second)], {
    fireOnOneCallback: true,
    consumeErrors: true,
  });
  let outcomes: unknown[] = [];
  list.addCallback((got) => outcomes = got);
  assertEquals(outcomes.map(errorIn), [first, second]);
});

Deno.test("DeferredList: with fireOnOneErrback the first failure comes at once, as a FirstError", () => {
  const [a, b, c] = three();
  const list = new DeferredList([a, b, c], {
    fireOnOneErrback: true,
    consumeErrors: true,
  });
  const boom = new Error("boom");
  a.callback("a");
  c.errback(boom);
  const error = failed(list, FirstError);
  assertEquals(error.index, 2);
  assertStrictEquals(error.subFailure.value, boom);
  b.errback(new Error("too late"));
  assertEquals(resultOf(list), undefined);
});

Deno.test("DeferredList: with fireOnOneErrback and nothing but values, the ordinary outcomes come", () => {
  const list = new DeferredList([succeed(1), succeed("b")], {
    fireOnOneErrback: true,
  });
  assertEquals(resultOf(list), [[true, 1], [true, "b"]]);
});

Deno.test("DeferredList: with both, whichever happens first decides", () => {
  const options = {
    fireOnOneCallback: true,
    fireOnOneErrback: true,
    consumeErrors: true,
  };
  const [a, b] = three();
  const value = new DeferredList([a, b], options);
  b.callback("b");
  assertEquals(resultOf(value), ["b", 1]);
  a.errback(new Error("too late"));

  const [c, d] = three();
  const failure = new DeferredList([c, d], options);
  d.errback(new Error("boom"));
  c.callback("too late");
  failed(failure, FirstError);
});

Deno.test("DeferredList: with fireOnOneErrback alone, the failing deferred is told as unhandled as well", () => {
  const told = unhandledAfter(() => {
    const list = new DeferredList([fail(new Error("boom"))], {
      fireOnOneErrback: true,
    });
    failed(list, FirstError);
  });
  assertEquals(told, ["boom"]);
});

Deno.test("DeferredList: an empty list fires at once", () => {
  assertEquals(resultOf(new DeferredList([])), []);
  assertEquals(resultOf(new DeferredList([], { fireOnOneErrback: true })), []);
});

Deno.test("DeferredList: an empty list that waits for the first value never fires, not even when cancelled", () => {
  for (const fireOnOneErrback of [false, true]) {
    const list = new DeferredList([], {
      fireOnOneCallback: true,
      fireOnOneErrback,
    });
    assertEquals(resultOf(list), NOTHING);
    list.cancel();
    assertEquals(resultOf(list), NOTHING);
    assert(!list.called);
  }
});

Deno.test("DeferredList: the deferreds keep their values", () => {
  const a = succeed(1);
  new DeferredList([a]);
  assertEquals(resultOf(a), 1);
});

Deno.test("DeferredList: a list sees the callbacks that were there before it, and none of the later ones", () => {
  const a = new Deferred<number>();
  a.addCallback((n) => n + 1);
  const list = new DeferredList([a]);
  a.addCallback((n) => n * 10);
  a.callback(1);
  assertEquals(resultOf(list), [[true, 2]]);
  assertEquals(resultOf(a), 20);
});

Deno.test("DeferredList: the same deferred twice counts in both places", () => {
  const a = new Deferred<string>();
  const list = new DeferredList([a, a]);
  a.callback("a");
  assertEquals(resultOf(list), [[true, "a"], [true, "a"]]);
});

Deno.test("DeferredList: failures after the list has fired are consumed all the same", () => {
  const told = unhandledAfter(() => {
    const [a, b] = three();
    const list = new DeferredList([a, b], {
      fireOnOneCallback: true,
      consumeErrors: true,
    });
    a.callback("a");
    b.errback(new Error("late"));
    assertEquals(resultOf(list), ["a", 0]);
    assertEquals(resultOf(b), undefined);
  });
  assertEquals(told, []);
});

Deno.test("DeferredList: anything that can be iterated is a list, and later changes to it are not seen", () => {
  const [a, b] = three();
  const array = [a];
  const list = new DeferredList(array);
  array.push(b);
  a.callback("a");
  assertEquals(resultOf(list), [[true, "a"]]);
  assertEquals(resultOf(new DeferredList(new Set([a]))), [[true, "a"]]);
  const generated = new DeferredList(function* () {
    yield a;
  }());
  assertEquals(resultOf(generated), [[true, "a"]]);
});

Deno.test("DeferredList: cancelling a list cancels its deferreds in order, and it fires by its own rules", () => {
  const cancelled: number[] = [];
  const ds = [0, 1, 2].map((n) => new Deferred(() => void cancelled.push(n)));
  const list = new DeferredList(ds, { consumeErrors: true });
  list.cancel();
  assertEquals(cancelled, [0, 1, 2]);
  let outcomes: unknown[] = [];
  list.addCallback((got) => outcomes = got);
  assertEquals(outcomes.length, 3);
  for (const outcome of outcomes) {
    assert(errorIn(outcome) instanceof CancelledError);
  }
});

Deno.test("DeferredList: cancelling a list with fireOnOneErrback gives the FirstError of its first deferred", () => {
  const list = new DeferredList(three(), {
    fireOnOneErrback: true,
    consumeErrors: true,
  });
  list.cancel();
  const error = failed(list, FirstError);
  assertEquals(error.index, 0);
  assert(error.subFailure.check(CancelledError));
});

Deno.test("DeferredList: a canceller that throws makes its deferred fail with the error, and the others are cancelled", () => {
  const boom = new Error("boom");
  const a = new Deferred(() => {
    throw boom;
  });
  const b = new Deferred();
  const list = new DeferredList([a, b], { consumeErrors: true });
  list.cancel();
  let outcomes: unknown[] = [];
  list.addCallback((got) => outcomes = got);
  assertStrictEquals(errorIn(outcomes[0]), boom);
  assert(errorIn(outcomes[1]) instanceof CancelledError);
});

Deno.test("DeferredList: cancelling a list that has fired leaves its deferreds alone", () => {
  const [a, b] = three();
  const list = new DeferredList([a, b], { fireOnOneCallback: true });
  a.callback("a");
  list.cancel();
  assert(!b.called);
});

Deno.test("DeferredList: cancelling a list that has fired goes to what its chain waits for", () => {
  const inner = new Deferred();
  const list = new DeferredList([succeed(1)]);
  list.addCallback(() => inner);
  list.cancel();
  assert(inner.called);
  failed(list, CancelledError);
});

Deno.test("DeferredList: cancelling a chain that waits for a list cancels the deferreds of the list", () => {
  const [a] = three();
  const list = new DeferredList([a], {
    fireOnOneErrback: true,
    consumeErrors: true,
  });
  const chain = succeed().addCallback(() => list);
  chain.cancel();
  assert(a.called);
  failed(chain, FirstError);
});

Deno.test("DeferredList: a canceller that cancels the list again does no harm", () => {
  let calls = 0;
  const a: Deferred<unknown> = new Deferred(() => {
    calls++;
    list.cancel();
  });
  const list: Deferred<unknown> = new DeferredList([a, new Deferred()], {
    consumeErrors: true,
  });
  list.cancel();
  assertEquals(calls, 1);
  assert(list.called);
});

Deno.test("DeferredList: a list that was fired by hand ignores its deferreds", () => {
  const a = new Deferred<string>();
  const list = new DeferredList([a]);
  list.callback([[true, "by hand"]]);
  a.callback("a");
  assertEquals(resultOf(list), [[true, "by hand"]]);
});

Deno.test("DeferredList: what is not a deferred is refused at once, and the others are left alone", () => {
  const a = new Deferred<string>();
  const wrong: unknown[] = [a, 5];
  assertThrows(
    // @ts-expect-error a list of anything is not a list of deferreds
    () => new DeferredList(wrong),
    TypeError,
    "deferreds[1] must be a Deferred, got 5",
  );
  a.callback("a");
  assertEquals(resultOf(a), "a");
  // @ts-expect-error a promise is no deferred
  assertThrows(() => new DeferredList([Promise.resolve(1)]), TypeError);
});

Deno.test("DeferredList: a FirstError says what failed first, and has it as its cause", () => {
  const boom = new Error("boom");
  const error = new FirstError(new Failure(boom), 3);
  assertEquals(error.name, "FirstError");
  assertEquals(error.message, "Deferred 3 was the first to fail: boom");
  assertStrictEquals(error.cause, boom);
});

Deno.test("DeferredList: with consumeErrors the deferreds that did not fail keep their values", () => {
  const [a, b] = [succeed("a"), fail(new Error("boom"))];
  new DeferredList([a, b], { consumeErrors: true });
  assertEquals([resultOf(a), resultOf(b)], ["a", undefined]);
});

Deno.test("DeferredList: an error that was consumed passes the errbacks by, and one that was not does not", () => {
  for (const consumeErrors of [true, false]) {
    const seen: unknown[] = [];
    const [a, b] = [new Deferred(), new Deferred()];
    const list = new DeferredList([a, b], { consumeErrors });
    a.addCallbacks(
      (value) => void seen.push(value),
      () => void seen.push("an error"),
    );
    a.errback(new Error("boom"));
    assertEquals(seen, [consumeErrors ? undefined : "an error"]);
    assert(!list.called);
  }
});

Deno.test("DeferredList: a list that goes on waiting after a cancel() can be cancelled again", () => {
  const next = new Deferred<string>();
  const element = new Deferred<string>();
  element.addErrback(() => next);
  const list = new DeferredList([element]);
  list.cancel();
  assert(!next.called);
  list.cancel();
  assert(next.called);
  assertEquals(
    resultOf(list.addCallback(([[success]]) => success)),
    FAILURE,
  );
  errorOf(element);
});
