import {
  assert,
  assertEquals,
  assertMatch,
  assertNotStrictEquals,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import { Deferred, Failure, log } from "../../mod.ts";

class PoetryError extends Error {}
class MissingPoem extends PoetryError {}

function thrown(error: unknown): Failure {
  const outcome = Failure.capture(() => {
    throw error;
  });
  assert(outcome instanceof Failure);
  return outcome;
}

Deno.test("Failure: a failure holds the error, its class, and that it was not thrown", () => {
  const error = new MissingPoem("lost");
  const failure = new Failure(error);
  assertStrictEquals(failure.value, error);
  assertStrictEquals(failure.type, MissingPoem);
  assert(!failure.raised);
});

Deno.test("Failure: an error caught from a throw says so", () => {
  const error = new MissingPoem("lost");
  const failure = thrown(error);
  assertStrictEquals(failure.value, error);
  assert(failure.raised);
});

Deno.test("Failure: capture gives what the function returned, if it did", () => {
  assertEquals(Failure.capture(() => "a poem"), "a poem");
});

Deno.test("Failure: anything can be an error", () => {
  assertStrictEquals(new Failure("text").type, String);
  assertStrictEquals(new Failure(5).type, Number);
  assertStrictEquals(new Failure(Object.create(null)).type, undefined);
  for (const nothing of [undefined, null]) {
    const failure = new Failure(nothing);
    assertStrictEquals(failure.value, nothing);
    assertStrictEquals(failure.type, undefined);
    assertEquals(failure.check(Error), undefined);
    assertEquals(failure.getErrorMessage(), String(nothing));
  }
});

Deno.test("Failure: a failure of a failure holds the same error and does not nest", () => {
  const inner = thrown(new MissingPoem("lost"));
  const outer = new Failure(inner);
  assertNotStrictEquals(outer, inner);
  assertStrictEquals(outer.value, inner.value);
  assertStrictEquals(outer.type, MissingPoem);
  assert(outer.raised);
});

Deno.test("Failure: check finds the class, a superclass, or its name", () => {
  const failure = new Failure(new MissingPoem("lost"));
  assertStrictEquals(failure.check(MissingPoem), MissingPoem);
  assertStrictEquals(failure.check(PoetryError), PoetryError);
  assertStrictEquals(failure.check(Error), Error);
  assertEquals(failure.check("MissingPoem"), "MissingPoem");
  assertEquals(failure.check("PoetryError"), "PoetryError");
  assertEquals(failure.check("Error"), "Error");
});

Deno.test("Failure: check gives the first of its arguments that matches", () => {
  const failure = new Failure(new MissingPoem("lost"));
  assertStrictEquals(
    failure.check(TypeError, PoetryError, MissingPoem),
    PoetryError,
  );
  assertEquals(failure.check("Missing", "PoetryError"), "PoetryError");
});

Deno.test("Failure: check gives undefined where nothing matches, and for no arguments", () => {
  const failure = new Failure(new PoetryError("lost"));
  assertStrictEquals(failure.check(MissingPoem, TypeError), undefined);
  assertStrictEquals(failure.check("poetryerror"), undefined);
  assertStrictEquals(failure.check(), undefined);
});

Deno.test("Failure: check knows the classes of values that are no objects", () => {
  assertStrictEquals(new Failure("text").check(String), String);
  assertStrictEquals(new Failure("text").check(Error), undefined);
});

Deno.test("Failure: trap gives the class that matched, like check", () => {
  const failure = new Failure(new MissingPoem("lost"));
  assertStrictEquals(failure.trap(TypeError, PoetryError), PoetryError);
});

Deno.test("Failure: trap throws the error itself where nothing matches", () => {
  const error = new MissingPoem("lost");
  const failure = new Failure(error);
  for (const types of [[TypeError], []]) {
    const caught = assertThrows(() => failure.trap(...types));
    assertStrictEquals(caught, error);
  }
});

Deno.test("Failure: trap in an errback hands the error on in another failure", () => {
  const first = new Failure(new MissingPoem("lost"));
  const seen: Failure[] = [];
  const d = new Deferred();
  d.addErrback((failure) => failure.trap(TypeError));
  d.addErrback((failure) => void seen.push(failure));
  d.errback(first);
  assertEquals(seen.length, 1);
  assertNotStrictEquals(seen[0], first);
  assertStrictEquals(seen[0]?.value, first.value);
});

Deno.test("Failure: raiseException throws the error itself", () => {
  const error = new MissingPoem("lost");
  const caught = assertThrows(() => new Failure(error).raiseException());
  assertStrictEquals(caught, error);
});

Deno.test("Failure: the message is the error's, or the text of any other value", () => {
  assertEquals(new Failure(new Error("lost")).getErrorMessage(), "lost");
  assertEquals(new Failure(new Error()).getErrorMessage(), "");
  assertEquals(new Failure("text").getErrorMessage(), "text");
  assertEquals(new Failure([1, 2]).getErrorMessage(), "1,2");
});

Deno.test("Failure: a value that cannot be written as text has a message all the same", () => {
  const value = {
    toString() {
      throw new Error("no");
    },
  };
  for (const unwritable of [value, Object.create(null)]) {
    assertMatch(new Failure(unwritable).getErrorMessage(), /cannot be written/);
  }
});

Deno.test("Failure: as text, an error that was never thrown has no frames", () => {
  const failure = new Failure(new MissingPoem("lost"));
  assertEquals(
    String(failure),
    "[Failure instance: Traceback (failure with no frames): MissingPoem: lost\n]",
  );
  assertEquals(
    failure.getBriefTraceback(),
    "Traceback (failure with no frames): MissingPoem: lost\n",
  );
  assertEquals(
    failure.getTraceback(),
    "Traceback (failure with no frames):\nMissingPoem: lost\n",
  );
});

Deno.test("Failure: as text, a thrown error has its frames, one a line", () => {
  const failure = thrown(new MissingPoem("lost"));
  const frames = "(    at .+\n)+";
  assertMatch(
    String(failure),
    new RegExp(
      `^\\[Failure instance: Traceback: MissingPoem: lost\n${frames}\\]$`,
    ),
  );
  assertMatch(
    failure.getBriefTraceback(),
    new RegExp(`^Traceback: MissingPoem: lost\n${frames}$`),
  );
  assertMatch(
    failure.getTraceback(),
    new RegExp(`^Traceback .*:\nMissingPoem: lost\n${frames}$`),
  );
  assertMatch(String(failure), /failure_test\.ts/);
});

Deno.test("Failure: the name is that of the class, whatever the error calls itself", () => {
  const error = new MissingPoem("lost");
  error.name = "SomethingElse";
  assertMatch(String(new Failure(error)), /: MissingPoem: lost/);
});

Deno.test("Failure: lines of the message are not taken for frames", () => {
  const failure = thrown(new Error("first\nsecond"));
  assertMatch(
    String(failure),
    /^\[Failure instance: Traceback: Error: first\nsecond\n +at /,
  );
});

Deno.test("Failure: a thrown value that has no stack prints without one", () => {
  assertEquals(
    String(thrown("text")),
    "[Failure instance: Traceback: String: text\n]",
  );
  assertEquals(
    String(thrown(undefined)),
    "[Failure instance: Traceback: undefined: undefined\n]",
  );
});

Deno.test("Failure: causes are not printed", () => {
  const failure = thrown(new Error("effect", { cause: new Error("cause") }));
  assert(!failure.getTraceback().includes("cause"));
});

Deno.test("Failure: printTraceback tells the log", () => {
  const failure = new Failure(new Error("lost"));
  const told: unknown[] = [];
  const forget = log.addObserver((event) => told.push(event));
  failure.printTraceback();
  forget();
  assertEquals(told, [{ level: "error", text: "Unhandled error", failure }]);
});

Deno.test("Failure: a stack of frames alone is shown whole", () => {
  const failure = thrown(
    Object.assign(new Error("lost"), { stack: "    at poem (poem.ts:1:1)" }),
  );
  assertEquals(
    failure.getBriefTraceback(),
    "Traceback: Error: lost\n    at poem (poem.ts:1:1)\n",
  );
});
