// The types of what is built on deferreds, held by the compiler: a line below
// `@ts-expect-error` has to stay an error, and `same` takes two names for one
// type only.

import { assertEquals } from "@std/assert";
import {
  abortOnCancel,
  cancelOnAbort,
  Deferred,
  DeferredList,
  DeferredLock,
  DeferredQueue,
  DeferredSemaphore,
  ensureDeferred,
  type Failure,
  gatherResults,
  inlineCallbacks,
  type Outcome,
  race,
  succeed,
  wait,
} from "../../mod.ts";

/** `true` where two types are the same, and not only fit each other. */
type Same<A, B> = (<X>() => X extends A ? 1 : 2) extends
  (<X>() => X extends B ? 1 : 2) ? true : false;

/** Compiles where the two types are one. */
function same<A, B>(_: Same<A, B>): void {}

/** What a deferred gives its next callback, as the compiler sees it. */
type Given<D> = D extends Deferred<infer T> ? T : never;

/** Types are looked at, and nothing of this is run. */
function types(fn: () => void): void {
  assertEquals(typeof fn, "function");
}

const name = new Deferred<string>();
const count = new Deferred<number>();
const names: Deferred<string>[] = [];

Deno.test("types: a list of a tuple gives a tuple of outcomes, and of an array an array", () =>
  types(() => {
    const tuple = new DeferredList([name, count]);
    same<Given<typeof tuple>, [Outcome<string>, Outcome<number>]>(true);
    const array = new DeferredList(names);
    same<Given<typeof array>, Outcome<string>[]>(true);
    const set = new DeferredList(new Set(names));
    same<Given<typeof set>, Outcome<string>[]>(true);
    const options = new DeferredList([name], {
      fireOnOneCallback: false,
      fireOnOneErrback: true,
      consumeErrors: true,
    });
    same<Given<typeof options>, [Outcome<string>]>(true);
  }));

Deno.test("types: the first of an outcome tells what the second is", () =>
  types(() => {
    new DeferredList([name]).addCallback(([[ok, result]]) => {
      if (ok) same<typeof result, string>(true);
      else same<typeof result, Failure>(true);
      // @ts-expect-error it may be a failure
      return result.length;
    });
  }));

Deno.test("types: with fireOnOneCallback a value with its index may come instead", () =>
  types(() => {
    const first = new DeferredList([name, count], { fireOnOneCallback: true });
    same<
      Given<typeof first>,
      | [Outcome<string>, Outcome<number>]
      | [value: string | number, index: number]
    >(true);
  }));

Deno.test("types: a list takes deferreds and the options there are", () =>
  types(() => {
    // @ts-expect-error a number is no deferred
    new DeferredList([name, 5]);
    // @ts-expect-error a promise is no deferred
    new DeferredList([Promise.resolve(5)]);
    // @ts-expect-error it is called fireOnOneErrback
    new DeferredList([name], { fireOnOneError: true });
  }));

Deno.test("types: the values of a tuple are a tuple, and of an array an array", () =>
  types(() => {
    const tuple = gatherResults([name, count]);
    same<Given<typeof tuple>, [string, number]>(true);
    const array = gatherResults(names);
    same<Given<typeof array>, string[]>(true);
    const set = gatherResults(new Set([count]));
    same<Given<typeof set>, number[]>(true);
    const none = gatherResults([]);
    same<Given<typeof none>, []>(true);
    tuple.addCallback(([text, number]) => text.repeat(number));
    // @ts-expect-error the first is a string
    tuple.addCallback(([text]) => text * 2);
    // @ts-expect-error a string is no deferred
    gatherResults([name, "count"]);
  }));

Deno.test("types: the index of a race's winner tells what it won with", () =>
  types(() => {
    const tuple = race([name, count]);
    same<
      Given<typeof tuple>,
      [index: 0, value: string] | [index: 1, value: number]
    >(
      true,
    );
    tuple.addCallback((winner) => {
      if (winner[0] === 0) same<(typeof winner)[1], string>(true);
      else same<(typeof winner)[1], number>(true);
    });
    const array = race(names);
    same<Given<typeof array>, [index: number, value: string]>(true);
  }));

Deno.test("types: waiting in a generator gives what the deferred holds", () =>
  types(() => {
    const run = inlineCallbacks(function* (port: number) {
      const text = yield* wait(name);
      same<typeof text, string>(true);
      const fetched = yield* wait(Promise.resolve(port));
      same<typeof fetched, number>(true);
      const plain = yield* wait(true);
      same<typeof plain, boolean>(true);
      const nested = yield* wait(inner());
      same<typeof nested, Date>(true);
      const raw = yield name;
      same<typeof raw, unknown>(true);
      return text.length;
    });
    function* inner() {
      yield* wait(count);
      return new Date();
    }
    same<typeof run, (this: unknown, port: number) => Deferred<number>>(true);
    // @ts-expect-error the port is a number
    run("10000");
    // @ts-expect-error there is a port
    run();
  }));

Deno.test("types: inlineCallbacks takes generator functions", () =>
  types(() => {
    // @ts-expect-error it waits by itself
    inlineCallbacks(async () => {});
    // @ts-expect-error a generator is made by the call
    inlineCallbacks(function* () {}());
    const failing = inlineCallbacks(function* (failure: Failure) {
      yield* wait(name);
      return Math.random() < 0.5 ? failure : "no failure";
    });
    same<Given<ReturnType<typeof failing>>, "no failure">(true);
  }));

Deno.test("types: ensureDeferred gives a deferred of what the function returns", () =>
  types(() => {
    const d = ensureDeferred(name);
    same<typeof d, Deferred<string>>(true);
    const called = ensureDeferred((async () => await count)());
    same<typeof called, Deferred<number>>(true);
    const uncalled = ensureDeferred(async () => await count);
    same<typeof uncalled, Deferred<number>>(true);
    // @ts-expect-error a value is no coroutine
    ensureDeferred(5);
    // @ts-expect-error a function that is not async is none either
    ensureDeferred(() => 5);
  }));

Deno.test("types: locks and semaphores give themselves, and what a run gave", () =>
  types(() => {
    const lock = new DeferredLock();
    const held = lock.acquire();
    same<typeof held, Deferred<DeferredLock>>(true);
    const acquired = new DeferredSemaphore(2).acquire();
    same<typeof acquired, Deferred<DeferredSemaphore>>(true);
    const value = lock.run((text: string) => text.length, "text");
    same<typeof value, Deferred<number>>(true);
    const waited = lock.run(() => name);
    same<typeof waited, Deferred<string>>(true);
    const promised = lock.run(async () => await count);
    same<typeof promised, Deferred<number>>(true);
    // @ts-expect-error the function takes a string
    lock.run((text: string) => text.length, 5);
    // @ts-expect-error a lock is taken and released, not set
    lock.locked = true;
    // @ts-expect-error the line is for reading
    lock.waiting.push(held);
  }));

Deno.test("types: a queue gives what is put in", () =>
  types(() => {
    const queue = new DeferredQueue<string>();
    const next = queue.get();
    same<typeof next, Deferred<string>>(true);
    // @ts-expect-error it is a queue of strings
    queue.put(5);
    // @ts-expect-error a deferred has to fire first
    queue.put(succeed("text"));
    // @ts-expect-error the size is decided when the queue is made
    queue.size = 5;
  }));

Deno.test("types: signals keep the type of the result", () =>
  types(() => {
    const stop = new AbortController();
    const cancelled = cancelOnAbort(name, stop.signal);
    same<typeof cancelled, Deferred<string>>(true);
    const response = abortOnCancel((signal) => fetch("data:,", { signal }));
    same<typeof response, Deferred<Response>>(true);
    // @ts-expect-error a signal, and not its controller
    cancelOnAbort(name, stop);
    // @ts-expect-error the function gives a promise
    abortOnCancel((signal) => signal.aborted);
  }));
