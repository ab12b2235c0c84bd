// What the compiler has to accept, and what it has to refuse: a line below
// `@ts-expect-error` that compiles is an error. Nothing here is ever run.

import {
  type Chained,
  type Clock,
  Deferred,
  execute,
  fail,
  type Failure,
  maybeDeferred,
  succeed,
} from "../../mod.ts";

/** Takes a value of exactly type `T`. */
function is<T>(_value: T): <U>(
  ..._: [T] extends [U] ? [U] extends [T] ? [] : [never] : [never]
) => void {
  return () => {};
}

declare const text: Deferred<string>;
declare const clock: Clock;
declare const error: Error;
declare const failure: Failure;

function length(s: string): number {
  return s.length;
}

export function results(): void {
  is(text.addCallback(length))<Deferred<number>>();
  is(text.addCallback((s) => [s]))<Deferred<string[]>>();
  is(text.addCallback(() => {}))<Deferred<void>>();
  is(text.addErrback(() => 3))<Deferred<string | number>>();
  is(text.addErrback((failure) => failure))<Deferred<string>>();
  is(text.addBoth(() => 3))<Deferred<number>>();
  is(text.addCallbacks(length))<Deferred<number>>();
  is(text.addCallbacks(length, () => true))<Deferred<number | boolean>>();
  is(text.addCallbacks(null, () => true))<Deferred<string | boolean>>();
  is(text.addCallbacks(undefined, null))<Deferred<string>>();
  is(text.addTimeout(1, clock))<Deferred<string>>();
  is(text.addCallback(length).addCallback((n) => n * 2))<Deferred<number>>();

  text.addCallback((s) => is(s)<string>());
  text.addErrback((failure) => is(failure)<Failure>());
  text.addBoth((result) => is(result)<string | Failure>());

  // @ts-expect-error the chain gives a string, and the callback takes a number
  text.addCallback((n: number) => n);
  // @ts-expect-error after length the chain gives a number
  text.addCallback(length).addCallback(length);
  // @ts-expect-error an errback gets a failure, not the error
  text.addErrback((e: Error) => e);
  // @ts-expect-error the callback of addBoth may get a failure
  text.addBoth((s: string) => s);
  // @ts-expect-error the callback takes a number
  text.addCallbacks((n: number) => n, () => 3);
  // @ts-expect-error that is no function
  text.addCallback("length");
  // @ts-expect-error addCallback needs a callback
  text.addCallback();
}

export function failures(): void {
  is(text.addCallback(() => failure))<Deferred<never>>();
  is(text.addCallback((s) => s ? s : failure))<Deferred<string>>();
  is(text.addErrback((f) => f.check(Error) ? length("") : f))<
    Deferred<string | number>
  >();
  is(fail(error))<Deferred<never>>();
  const failed: Deferred<string> = fail(error);
  is(failed)<Deferred<string>>();
  is(fail(error).addErrback(() => "instead"))<Deferred<string>>();
  // @ts-expect-error fail needs an error
  fail();
  // @ts-expect-error errback needs an error
  text.errback();
  // @ts-expect-error text is no error
  text.errback("text");
}

class PoemError extends Error {
  poem = "";
}

class LineError extends Error {
  line = 0;
}

export function checks(): string | number {
  is(failure.value)<unknown>();
  if (failure.check(PoemError)) {
    is(failure.value)<PoemError>();
    is(failure.getErrorMessage())<string>();
    return failure.value.poem;
  }
  is(failure.value)<unknown>();
  if (failure.check(PoemError, LineError)) {
    is(failure.value)<PoemError | LineError>();
    // @ts-expect-error it may be the other one
    return failure.value.poem;
  }
  if (!failure.check(LineError)) {
    is(failure)<Failure>();
    return failure.getErrorMessage();
  }
  is(failure.value)<LineError>();
  return failure.value.line;
}

export function checksByName(): string {
  const types = [PoemError, LineError];
  if (failure.check(...types)) is(failure.value)<PoemError | LineError>();
  is(failure.check("PoemError", LineError))<
    "PoemError" | typeof LineError | undefined
  >();
  // A name says nothing about the value.
  if (failure.check("PoemError")) is(failure.value)<unknown>();
  else is(failure.value)<unknown>();
  is(failure.trap(PoemError))<typeof PoemError>();
  const optional: Failure | undefined = failure;
  return optional?.check(PoemError) ? optional.value.poem : "";
}

export function extraArguments(): void {
  function repeat(s: string, times: number, mark?: string): string {
    return s.repeat(times) + mark;
  }
  is(text.addCallback(repeat, 3))<Deferred<string>>();
  is(text.addCallback(repeat, 3, "!"))<Deferred<string>>();
  text.addErrback((_failure, n: number) => n, 3);
  text.addBoth((_result, n: number, s: string) => [n, s], 3, "!");
  text.addCallbacks(repeat, (_failure, n: number) => n, [3], [4]);
  // @ts-expect-error repeat needs to know how often
  text.addCallback(repeat);
  // @ts-expect-error a number is wanted
  text.addCallback(repeat, "3");
  // @ts-expect-error there is one too many
  text.addCallback(repeat, 3, "!", true);
  // @ts-expect-error a number is wanted
  text.addErrback((_failure, n: number) => n, "3");
  // @ts-expect-error a number is wanted
  text.addBoth((_result, n: number) => n, "3");
  // @ts-expect-error a number is wanted
  text.addCallbacks(repeat, () => 3, ["3"]);
  // @ts-expect-error a number is wanted
  text.addCallbacks(repeat, (_failure, n: number) => n, [3], ["4"]);
}

export function unwrapping(): void {
  is(text.addCallback(() => succeed(3)))<Deferred<number>>();
  is(text.addCallback(() => Promise.resolve(3)))<Deferred<number>>();
  is(text.addCallback(async (s) => await Promise.resolve(s.length)))<
    Deferred<number>
  >();
  is(text.addCallback(() => Promise.resolve(succeed(3))))<Deferred<number>>();
  is(text.addErrback(() => succeed(3)))<Deferred<string | number>>();
  is(text.addBoth(() => Promise.resolve(3)))<Deferred<number>>();
  is(text.addCallbacks(() => succeed(3), () => Promise.resolve(true)))<
    Deferred<number | boolean>
  >();
  is(text.addCallback((s) => s ? succeed(3) : s))<
    Deferred<number | string>
  >();
  is<Chained<Deferred<string> | Promise<number> | Failure>>("")<
    string | number
  >();
}

export function creating(): void {
  is(succeed("poem"))<Deferred<string>>();
  is(succeed())<Deferred<void>>();
  is(maybeDeferred(() => "poem"))<Deferred<string>>();
  is(maybeDeferred(() => succeed("poem")))<Deferred<string>>();
  is(maybeDeferred(() => Promise.resolve("poem")))<Deferred<string>>();
  is(maybeDeferred(length, "poem"))<Deferred<number>>();
  is(execute(length, "poem"))<Deferred<number>>();
  is(Deferred.fromPromise(Promise.resolve("poem")))<Deferred<string>>();
  // @ts-expect-error length takes a string
  maybeDeferred(length, 3);
  // @ts-expect-error length needs its argument
  execute(length);
}

export function firing(): void {
  text.callback("poem");
  text.callback(failure);
  text.errback(failure);
  new Deferred().callback(3);
  new Deferred<void>().callback(undefined);
  new Deferred<string>((d) => d.callback("instead"));
  text.chainDeferred(new Deferred<string>());
  // @ts-expect-error it is a deferred of text
  text.callback(3);
  // @ts-expect-error a deferred is returned from a callback, not fired with
  text.callback(new Deferred<string>());
  // @ts-expect-error a value is missing
  text.callback();
  // @ts-expect-error it is a deferred of text
  new Deferred<string>((d) => d.callback(3));
  // @ts-expect-error the other takes numbers
  text.chainDeferred(new Deferred<number>());
  // @ts-expect-error whether it was called is for the deferred to say
  text.called = true;
}

export async function awaiting(): Promise<void> {
  is(await text)<string>();
  is(await text.toPromise())<string>();
  is(text.then((s) => s.length))<Promise<number>>();
  const promise: PromiseLike<string> = text;
  is(await promise)<string>();
}

export function assigning(): void {
  const anything: Deferred<unknown> = text;
  const wider: Deferred<string | number> = text;
  is([anything, wider])<Deferred<unknown>[]>();
  // @ts-expect-error a number is no text
  const narrower: Deferred<string> = new Deferred<number>();
  is(narrower)<Deferred<string>>();
}
