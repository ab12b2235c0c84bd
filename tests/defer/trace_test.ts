import {
  assertEquals,
  assertInstanceOf,
  assertStrictEquals,
} from "@std/assert";
import {
  AlreadyCalledError,
  Deferred,
  Failure,
  type Step,
  succeed,
  trace,
} from "../../mod.ts";

/** What a test wants to see of a step. */
function outline({ side, name, passed }: Step): string {
  return `${side} ${passed ? "passed" : name}`;
}

Deno.test("trace: a trace tells which stages ran, with argument and result", () => {
  const d = new Deferred<string>();
  const steps = trace(d);
  d.addCallback(function count(poem) {
    return poem.length;
  }).addCallback(function double(length) {
    return length * 2;
  });
  d.callback("poem");
  assertEquals([...steps], [
    {
      side: "callback",
      name: "count",
      passed: false,
      argument: "poem",
      result: 4,
    },
    { side: "callback", name: "double", passed: false, argument: 4, result: 8 },
  ]);
});

Deno.test("trace: stages added before the trace are recorded as well", () => {
  const d = new Deferred<number>();
  d.addCallback(function before(n) {
    return n + 1;
  });
  const steps = trace(d);
  d.callback(1);
  assertEquals(steps.map(outline), ["callback before"]);
});

Deno.test("trace: a side that is missing is recorded as passed", () => {
  const d = new Deferred<number>();
  const steps = trace(d);
  d.addErrback(function recover() {
    return 0;
  });
  d.callback(1);
  assertEquals([...steps], [
    { side: "callback", name: "", passed: true, argument: 1, result: 1 },
  ]);
});

Deno.test("trace: an error that is thrown is recorded as the failure that goes on", () => {
  const d = new Deferred<number>();
  const steps = trace(d);
  const error = new Error("no poem");
  d.addCallback(function fails(): number {
    throw error;
  }).addErrback(function recover() {
    return 3;
  });
  d.callback(1);
  assertEquals(steps.map(outline), ["callback fails", "errback recover"]);
  const failure = steps[0]?.result;
  assertStrictEquals(failure instanceof Failure && failure.value, error);
  assertInstanceOf(steps[1]?.argument, Failure);
  assertEquals(steps[1]?.result, 3);
});

Deno.test("trace: a deferred that is waited for is recorded as the result", () => {
  const inner = new Deferred<string>();
  const d = new Deferred<void>();
  const steps = trace(d);
  d.addCallback(function getPoem() {
    return inner;
  }).addCallback(function gotPoem() {});
  d.callback();
  assertStrictEquals(steps[0]?.result, inner);
  assertEquals(steps.length, 1);
  inner.callback("a poem");
  assertEquals(steps[1]?.argument, "a poem");
});

Deno.test("trace: extra arguments reach a callback that is traced, under its own name", () => {
  const d = new Deferred<number>();
  const steps = trace(d);
  let sum = 0;
  d.addCallback(function add(a, b: number) {
    return sum = a + b;
  }, 2);
  d.callback(1);
  assertEquals(sum, 3);
  assertEquals(steps[0]?.name, "add");
});

Deno.test("trace: a hand-over to another deferred is recorded", () => {
  const d = new Deferred<number>();
  const steps = trace(d);
  const other = new Deferred<number>();
  d.chainDeferred(other);
  d.callback(1);
  assertEquals(steps.map(outline), ["callback chainDeferred"]);
  assertEquals(steps[0]?.argument, 1);
});

Deno.test("trace: a trace goes on with stages added to a deferred that has fired", () => {
  const d = succeed(1);
  const steps = trace(d);
  d.addCallback(function later() {});
  assertEquals(steps.map(outline), ["callback later"]);
});

Deno.test("trace: asking for a trace again gives the same record, and runs nothing twice", () => {
  const d = new Deferred<number>();
  let calls = 0;
  d.addCallback(() => calls++);
  assertStrictEquals(trace(d), trace(d));
  d.callback(1);
  assertEquals(calls, 1);
  assertEquals(trace(d).length, 1);
});

Deno.test("trace: a traced deferred fires once, like any other", () => {
  const d = new Deferred<number>();
  trace(d);
  d.callback(1);
  let error: unknown;
  try {
    d.callback(2);
  } catch (thrown) {
    error = thrown;
  }
  assertInstanceOf(error, AlreadyCalledError);
});
