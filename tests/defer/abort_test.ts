import {
  assert,
  assertEquals,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import {
  abortOnCancel,
  CancelledError,
  cancelOnAbort,
  Deferred,
  fail,
  Failure,
  succeed,
} from "../../mod.ts";
import {
  errorOf,
  failed,
  NOTHING,
  resultOf,
  unhandledAfter,
} from "./family_support.ts";

class CountedSignal extends EventTarget {
  listeners = 0;
  override addEventListener(
    ...args: Parameters<EventTarget["addEventListener"]>
  ): void {
    this.listeners++;
    super.addEventListener(...args);
  }
  override removeEventListener(
    ...args: Parameters<EventTarget["removeEventListener"]>
  ): void {
    this.listeners--;
    super.removeEventListener(...args);
  }
}

/** Makes a real signal count its listeners. */
function countListeners(signal: AbortSignal): CountedSignal {
  const counted = new CountedSignal();
  signal.addEventListener = counted.addEventListener.bind(counted);
  signal.removeEventListener = counted.removeEventListener.bind(counted);
  return counted;
}

Deno.test("AbortSignal: a signal cancels the deferred, and the reason is the cause of the error", () => {
  const stop = new AbortController();
  const told: string[] = [];
  const d = new Deferred(() => void told.push("cancelled"));
  assertStrictEquals(cancelOnAbort(d, stop.signal), d);
  assertEquals(resultOf(d), NOTHING);
  const reason = new Error("the audience left");
  stop.abort(reason);
  assertEquals(told, ["cancelled"]);
  assertStrictEquals(failed(d, CancelledError).cause, reason);
});

Deno.test("AbortSignal: a signal that is aborted already cancels at once", () => {
  const d = cancelOnAbort(new Deferred(), AbortSignal.abort());
  failed(d, CancelledError);
});

Deno.test("AbortSignal: a result in time stays, and the listener is gone", () => {
  const stop = new AbortController();
  const counted = countListeners(stop.signal);
  const value = new Deferred<string>();
  const error = new Deferred<string>();
  cancelOnAbort(value, stop.signal);
  cancelOnAbort(error, stop.signal);
  assertEquals(counted.listeners, 2);
  value.callback("in time");
  error.errback(new RangeError("in time"));
  assertEquals(counted.listeners, 0);
  stop.abort();
  assertEquals(resultOf(value), "in time");
  failed(error, RangeError);
});

Deno.test("AbortSignal: a deferred that has fired is left as it is", () => {
  const counted = countListeners(new AbortController().signal);
  const d = cancelOnAbort(succeed("fired"), AbortSignal.abort());
  assertEquals(resultOf(d), "fired");
  assertEquals(counted.listeners, 0);
});

Deno.test("AbortSignal: the signal reaches what the chain waits for", () => {
  const stop = new AbortController();
  const inner = new Deferred();
  const d = succeed().addCallback(() => inner);
  cancelOnAbort(d, stop.signal);
  stop.abort();
  assert(inner.called);
  failed(d, CancelledError);
});

Deno.test("AbortSignal: callbacks that were added later are not covered by the signal", () => {
  const stop = new AbortController();
  const later = new Deferred<string>();
  const d = cancelOnAbort(succeed(), stop.signal).addCallback(() => later);
  stop.abort();
  assert(!later.called);
  later.callback("value");
  assertEquals(resultOf(d), "value");
});

Deno.test("AbortSignal: what the canceller fires with stays as it is", () => {
  const stop = new AbortController();
  const value: Deferred<string> = new Deferred((d) => d.callback("after all"));
  const boom = new RangeError("boom");
  const error: Deferred<string> = new Deferred((d) => d.errback(boom));
  const cause = new Error("cause");
  const caused: Deferred<string> = new Deferred((d) =>
    d.errback(new CancelledError("said so already", { cause }))
  );
  for (const d of [value, error, caused]) cancelOnAbort(d, stop.signal);
  stop.abort();
  assertEquals(resultOf(value), "after all");
  assertStrictEquals(errorOf(error), boom);
  assertStrictEquals(failed(caused, CancelledError).cause, cause);
});

Deno.test("AbortSignal: a cancel that was not the signal's has no cause", () => {
  const d = cancelOnAbort(new Deferred(), new AbortController().signal);
  d.cancel();
  assertEquals("cause" in failed(d, CancelledError), false);
});

Deno.test("AbortSignal: a function with a signal gives a deferred of its result", async () => {
  const d = abortOnCancel((signal) => Promise.resolve(signal.aborted));
  assertEquals(await d, false);
  const boom = new Error("boom");
  const error = await abortOnCancel(() => Promise.reject(boom))
    .addErrback((failure) => failure.value);
  assertStrictEquals(error, boom);
});

Deno.test("AbortSignal: what the function throws is the failure", () => {
  const boom = new Error("boom");
  const d = abortOnCancel(() => {
    throw boom;
  });
  assertStrictEquals(errorOf(d), boom);
});

Deno.test("AbortSignal: what is not a function is refused at once", () => {
  // @ts-expect-error a promise is no function
  assertThrows(() => abortOnCancel(Promise.resolve()), TypeError, "fn");
});

Deno.test("AbortSignal: cancelling aborts the signal, and the deferred fails at once with a CancelledError", async () => {
  let signal: AbortSignal | undefined;
  const ended = Promise.withResolvers<unknown>();
  const d = abortOnCancel((given) => {
    signal = given;
    return new Promise<never>((_, reject) => {
      given.addEventListener("abort", () => {
        reject(given.reason);
        ended.resolve(given.reason);
      });
    });
  });
  assertEquals(signal?.aborted, false);
  d.cancel();
  assertEquals(signal?.aborted, true);
  failed(d, CancelledError);
  assert(await ended.promise instanceof CancelledError);
  assertEquals(unhandledAfter(() => {}), []);
});

Deno.test("AbortSignal: once the result is there, cancelling aborts nothing", async () => {
  let signal: AbortSignal | undefined;
  const d = abortOnCancel((given) => {
    signal = given;
    return Promise.resolve("value");
  });
  assertEquals(await d, "value");
  d.cancel();
  assertEquals(signal?.aborted, false);
});

Deno.test("AbortSignal: cancelling a chain reaches the function it waits for", () => {
  let signal: AbortSignal | undefined;
  const d = succeed("url").addCallback(() =>
    abortOnCancel((given) => {
      signal = given;
      return new Promise<string>(() => {});
    })
  );
  d.cancel();
  assertEquals(signal?.aborted, true);
  failed(d, CancelledError);
});

Deno.test("AbortSignal: both ways together: a signal from outside stops the function", () => {
  const stop = new AbortController();
  let inner: AbortSignal | undefined;
  const d = cancelOnAbort(
    abortOnCancel((given) => {
      inner = given;
      return new Promise<string>(() => {});
    }),
    stop.signal,
  );
  stop.abort("enough");
  assertEquals(inner?.aborted, true);
  assertEquals(failed(d, CancelledError).cause, "enough");
});

Deno.test("AbortSignal: a failure that a promise gives is a failure", async () => {
  const boom = new Error("boom");
  const d = abortOnCancel(() => Promise.resolve(new Failure(boom)));
  const error = await d.addErrback((failure) => failure.value);
  assertStrictEquals(error, boom);
  assertEquals(resultOf(fail(boom).addErrback(() => "handled")), "handled");
});

/** Takes one request and answers nothing, until whoever asks has gone. */
async function beIgnored(
  listener: Deno.Listener,
  asked: () => void,
): Promise<void> {
  using connection = await listener.accept();
  const buffer = new Uint8Array(1024);
  await connection.read(buffer);
  asked();
  while (await connection.read(buffer) !== null);
}

Deno.test("AbortSignal: a fetch in a chain ends with the chain", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const asked = Promise.withResolvers<void>();
  const ignored = beIgnored(listener, asked.resolve);
  const url = `http://127.0.0.1:${listener.addr.port}/`;
  const poem = succeed(url).addCallback((url) =>
    abortOnCancel(async (signal) => {
      const response = await fetch(url, { signal });
      return await response.text();
    })
  );
  await asked.promise;
  poem.cancel();
  failed(poem, CancelledError);
  await ignored;
});
