import { assertEquals, assertMatch } from "@std/assert";
import { Deferred, describe, fail, Failure, succeed } from "../../mod.ts";

/** The description without the numbers, which depend on what was printed before. */
function describeWithoutNumbers(d: Deferred<unknown>): string[] {
  return describe(d).replaceAll(/#\d+/g, "#N").split("\n");
}

Deno.test("describe: a deferred without a result is described as waiting", () => {
  assertEquals(describeWithoutNumbers(new Deferred()), [
    "Deferred #N is waiting to be fired",
  ]);
});

Deno.test("describe: the description tells the result and how often it is paused", () => {
  const d = succeed("a poem");
  d.pause();
  d.pause();
  assertEquals(describeWithoutNumbers(d), [
    'Deferred #N has the result "a poem", paused 2 times',
  ]);
  d.unpause();
  assertMatch(describe(d), /, paused once$/);
});

Deno.test("describe: the description tells the chain to come by function names", () => {
  const d = new Deferred<string>();
  d.addCallbacks(function gotPoem() {}, function poemFailed() {})
    .addCallback(function shout(_: void, _times: number) {}, 3)
    .addErrback(() => {})
    .addBoth(function done() {});
  d.chainDeferred(new Deferred<string>());
  assertEquals(describeWithoutNumbers(d), [
    "Deferred #N is waiting to be fired",
    "  to come: gotPoem | poemFailed, shout | –, – | (anonymous), done, chainDeferred",
  ]);
});

Deno.test("describe: the description follows the deferreds that are waited for", () => {
  const [outer, middle, inner] = [
    new Deferred<void>(),
    new Deferred<void>(),
    new Deferred<void>(),
  ];
  outer.addCallback(() => middle);
  outer.addCallback(function afterwards() {});
  middle.addCallback(() => inner);
  outer.callback();
  middle.callback();
  assertEquals(describeWithoutNumbers(outer), [
    "Deferred #N is waiting for Deferred #N, which a callback returned",
    "  to come: afterwards | –",
    "  Deferred #N is waiting for Deferred #N, which a callback returned",
    "    to come: (the rest of Deferred #N)",
    "    Deferred #N is waiting to be fired",
    "      to come: (the rest of Deferred #N)",
  ]);
});

Deno.test("describe: a deferred is described as running inside its callback", () => {
  const d = new Deferred<void>();
  let inside = "";
  d.addCallback(() => {
    inside = describe(d);
  });
  d.callback();
  assertMatch(inside, /is running a callback$/);
});

Deno.test("describe: a deferred is described as being cancelled inside its canceller", () => {
  let inside = "";
  const d = new Deferred((d) => inside = describe(d));
  d.cancel();
  d.addErrback(() => {});
  assertMatch(inside, /is being cancelled$/);
});

Deno.test("describe: describing a chain changes nothing about it", () => {
  const d = fail(new RangeError("no poem"));
  assertMatch(describe(d), /has the result Failure\(RangeError: no poem\)$/);
  let failure: unknown;
  d.addErrback((f) => {
    failure = f;
  });
  assertEquals(failure instanceof Failure, true);
});

Deno.test("describe: toString gives the state in one line", () => {
  const outer = new Deferred<string>();
  const inner = new Deferred<string>();
  const text = () => String(outer).replaceAll(/#\d+/g, "#N");
  assertEquals(text(), "<Deferred #N>");
  outer.addCallback(() => inner);
  outer.callback("x");
  assertEquals(text(), "<Deferred #N waiting on Deferred #N>");
  inner.callback("a\npoem");
  assertEquals(text(), '<Deferred #N current result: "a\\npoem">');
  outer.pause();
  assertEquals(text(), '<Deferred #N paused current result: "a\\npoem">');
});

Deno.test("describe: a deferred keeps its number, and a subclass its name", () => {
  class Poem extends Deferred<string> {}
  const poem = new Poem();
  assertMatch(String(poem), /^<Poem #\d+>$/);
  assertEquals(String(poem), String(poem));
});

Deno.test("describe: a long result is cut, and one that cannot be written says so", () => {
  assertMatch(String(succeed("x".repeat(100))), /"x{60}"…>$/);
  const spiteful = {
    toString() {
      throw new Error("no");
    },
  };
  assertMatch(String(succeed(spiteful)), /cannot be written as text\)>$/);
  assertMatch(String(succeed({ a: 1 })), /current result: Object \{…\}>$/);
  assertMatch(String(succeed([1, 2])), /current result: Array\(2\)>$/);
  assertMatch(String(succeed(10n)), /current result: 10n>$/);
});

Deno.test("describe: deferreds and failures are inspected in their one-line form", () => {
  const d = succeed(1);
  assertEquals(Deno.inspect(d), String(d));
  const failure = new Failure(new Error("no poem"));
  assertEquals(Deno.inspect(failure), String(failure));
});

Deno.test("describe: the target of chainDeferred says what it waits for", () => {
  const [source, target] = [new Deferred<void>(), new Deferred<void>()];
  source.chainDeferred(target);
  assertMatch(String(target), /^<Deferred #\d+ waiting on Deferred #\d+>$/);
  assertEquals(describeWithoutNumbers(target), [
    "Deferred #N is waiting for Deferred #N, which is chained to it",
    "  Deferred #N is waiting to be fired",
    "    to come: chainDeferred",
  ]);
  source.callback();
  assertMatch(String(target), /current result: undefined>$/);
});

Deno.test("describe: the target of chainDeferred keeps its canceller", () => {
  let cancelled = 0;
  const [source, target] = [
    new Deferred<void>(),
    new Deferred<void>(() => void cancelled++),
  ];
  source.chainDeferred(target);
  source.chainDeferred(target);
  target.addErrback(() => {});
  target.cancel();
  assertEquals([cancelled, source.called], [1, false]);
  assertMatch(String(target), /current result: undefined>$/);
});

Deno.test("describe: chainDeferred with a target that has a result changes nothing about how that looks", () => {
  const target = new Deferred<void>();
  target.callback();
  const source = new Deferred<void>().chainDeferred(target);
  assertMatch(String(target), /current result: undefined>$/);
  assertMatch(String(source), /^<Deferred #\d+>$/);
});

Deno.test("describe: two deferreds that are chained to each other can be described", () => {
  const [one, other] = [new Deferred<void>(), new Deferred<void>()];
  one.chainDeferred(other);
  other.chainDeferred(one);
  assertEquals(describeWithoutNumbers(one).length, 4);
});
