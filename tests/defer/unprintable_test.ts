import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import {
  Deferred,
  DeferredList,
  DeferredQueue,
  describe,
  ensureDeferred,
  execute,
  fail,
  Failure,
  FailureGroup,
  FirstError,
  gatherResults,
  inlineCallbacks,
  maybeDeferred,
  race,
  succeed,
  wait,
} from "../../mod.ts";
import { errorOf, failed, resultOf } from "./family_support.ts";
import { runProgram, unhandledIn } from "./support.ts";

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

/** An error one of whose properties throws when it is read. */
function throwing(property: string): Error {
  return Object.defineProperty(new Error("text"), property, {
    get() {
      throw new Error(`no ${property}`);
    },
  });
}

function named(name: unknown): Error {
  class Odd extends Error {}
  return Object.defineProperty(new Odd("text"), "constructor", {
    value: Object.defineProperty(Odd, "name", { value: name }),
  });
}

class NamelessError extends Error {
  static override get name(): string {
    throw new Error("no name");
  }
}

const UNPRINTABLE: Record<string, () => unknown> = {
  "a stack that throws": () => throwing("stack"),
  "a message that throws": () => throwing("message"),
  "a name that throws": () => throwing("name"),
  "a cause that throws": () => throwing("cause"),
  "a constructor that throws": () => throwing("constructor"),
  "a message that is a symbol": () =>
    Object.assign(new Error(), { message: Symbol("text") }),
  "a message without a text": () =>
    Object.assign(new Error(), { message: Object.create(null) }),
  "a stack that is no text": () => Object.assign(new Error(), { stack: 5 }),
  "a class with a name that throws": () => new NamelessError("text"),
  "a class with a symbol as its name": () => named(Symbol("Odd")),
  "a class with a function as its name": () => named(() => "Odd"),
  "a revoked proxy": revoked,
  "a revoked proxy as the cause": () => new Error("text", { cause: revoked() }),
  "a text that throws": () => ({
    toString() {
      throw new Error("no text");
    },
  }),
  "an object without a prototype": () => Object.create(null),
  "a symbol": () => Symbol("text"),
  "nothing": () => undefined,
};

for (const [what, make] of Object.entries(UNPRINTABLE)) {
  Deno.test(`unprintable: a failure of ${what} has a text`, () => {
    for (const raised of [true, false]) {
      const failure = new Failure(make(), { raised });
      const texts = [
        failure.getErrorMessage(),
        failure.getTraceback(),
        failure.getBriefTraceback(),
        String(failure),
        String(fail(failure).addErrback((f) => f).addErrback(() => failure)),
      ];
      for (const text of texts) assertEquals(typeof text, "string");
      assert(failure.getTraceback().startsWith("Traceback"));
    }
  });

  Deno.test(`unprintable: ${what} can be thrown, handed on and left in a chain`, () => {
    const value = make();
    const seen: unknown[] = [];
    const told = unhandledIn(() => {
      const d = succeed(1).addCallback(() => {
        throw value;
      });
      d.addErrback((failure) => {
        seen.push(failure.value);
        return failure;
      });
      d.addErrback((failure) => failure.trap(NeverThrown));
    });
    assertStrictEquals(seen[0], value);
    assertEquals(told.length, 1);
    assertStrictEquals(told[0]?.value, value);
  });

  Deno.test(`unprintable: ${what} has classes that can be asked for`, () => {
    const failure = new Failure(make());
    assertEquals(failure.check(NeverThrown), undefined);
    assertEquals(failure.check("NeverThrown"), undefined);
    assert(["function", "undefined"].includes(typeof failure.type));
  });

  Deno.test(`unprintable: errors about ${what} can be made of a failure`, () => {
    const failure = new Failure(make());
    assert(new FirstError(failure, 0).message.includes("0"));
    assertEquals(new FailureGroup([failure]).failures, [failure]);
  });
}

class NeverThrown extends Error {}

Deno.test("unprintable: a class without a name is written by the one it extends", () => {
  assertEquals(
    new Failure(new NamelessError("text")).getBriefTraceback(),
    "Traceback (failure with no frames): Error: text\n",
  );
});

Deno.test("unprintable: a type that nothing can be an instance of is refused all the same", () => {
  const arrow: typeof Error = Object.assign(() => {}) as never;
  for (const value of [new Error(), revoked()]) {
    let refused: unknown;
    try {
      new Failure(value).check(arrow);
    } catch (error) {
      refused = error;
    }
    assert(refused instanceof TypeError);
  }
});

Deno.test("unprintable: a revoked proxy is a value like any other", () => {
  const value = revoked();
  const seen: unknown[] = [];
  const see = (got: unknown) => void seen.push(got);
  const d = new Deferred<object>();
  d.callback(value);
  assert(String(d).includes("cannot be written"));
  assert(describe(d).includes("cannot be written"));
  d.addCallback(see);
  execute(() => value).addCallback(see);
  new DeferredList([succeed(value)]).addCallback(([[, got]]) => see(got));
  gatherResults([succeed(value)]).addCallback(([got]) => see(got));
  race([succeed(value)]).addCallback(([, got]) => see(got));
  const queue = new DeferredQueue<object>();
  queue.put(value);
  queue.get().addCallback(see);
  assertEquals(seen.length, 6);
  assert(seen.every((got) => got === value));
});

/** Values that throw when they are looked at for a `then`. */
const THENLESS: Record<string, () => unknown> = {
  "a revoked proxy": revoked,
  "a then that throws": () => ({
    get then() {
      throw new RangeError("no then");
    },
  }),
};

for (const [what, make] of Object.entries(THENLESS)) {
  Deno.test(`unprintable: ${what} makes a deferred fail, and throws at nobody`, () => {
    const value = make();
    const ways: (() => Deferred<unknown>)[] = [
      () => maybeDeferred(() => value),
      () => ensureDeferred(value as Promise<unknown>),
      () => Deferred.fromPromise(value as Promise<unknown>),
      () => succeed(1).addCallback(() => value),
      () =>
        inlineCallbacks(function* () {
          yield value;
        })(),
      () =>
        inlineCallbacks(function* () {
          yield* wait(value);
        })(),
    ];
    for (const way of ways) assert(errorOf(way()) instanceof Error);
  });

  Deno.test(`unprintable: a generator that yields ${what} can catch the error`, () => {
    const run = inlineCallbacks(function* () {
      try {
        yield make();
      } catch (error) {
        return error instanceof Error;
      }
    });
    assertEquals(resultOf(run()), true);
  });
}

Deno.test("unprintable: a thenable that gives another one is waited for to the end", async () => {
  const thenable = (value: unknown): PromiseLike<unknown> => ({
    then: (settle?: ((value: unknown) => unknown) | null) =>
      settle?.(value) as never,
  });
  for (
    const value of [
      thenable("end"),
      succeed("end"),
      Promise.resolve("end"),
      thenable(thenable("end")),
    ]
  ) {
    assertEquals(await Deferred.fromPromise(thenable(value)), "end");
    assertEquals(await succeed().addCallback(() => thenable(value)), "end");
  }
  const itself: PromiseLike<unknown> = {
    then: (settle?: ((value: unknown) => unknown) | null) =>
      settle?.(itself) as never,
  };
  failed(Deferred.fromPromise(itself), TypeError);
});

Deno.test("unprintable: what the parameters of a generator function throw is the result's failure", () => {
  const run = inlineCallbacks(function* ({ length }: { length: number }) {
    return yield length;
  });
  // @ts-expect-error nothing is no object
  failed(run(), TypeError);
});

Deno.test("unprintable: functions whose names are no texts can be in a chain", () => {
  const strange = Object.defineProperty(() => {}, "name", {
    value: Symbol("strange"),
  });
  const d = new Deferred();
  d.addCallback(strange);
  assert(describe(d).includes("(anonymous)"));
  class Odd extends Deferred {
    static override name = Symbol("odd") as never;
  }
  assert(String(new Odd()).startsWith("<Deferred #"));
});

Deno.test("unprintable: errors that cannot be written end no program, and hide no other", async () => {
  const { code, stdout, stderr } = await runProgram(`
    import { fail } from "LIBRARY";
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    for (const property of ["stack", "name", "message", "cause"]) {
      fail(Object.defineProperty(new Error(), property, {
        get() {
          throw new Error("unreadable");
        },
      }));
    }
    fail(new Error("with a cause", { cause: proxy }));
    fail(proxy);
    fail(new Error("the last one"));
    await new Promise((resolve) => setTimeout(resolve));
    console.log("alive");
  `);
  assertEquals({ code, stdout }, { code: 0, stdout: "alive\n" });
  assertEquals(stderr.match(/^Unhandled error in Deferred:$/gm)?.length, 7);
  assert(stderr.includes("Error: the last one"));
  assert(!stderr.includes("unreadable"));
});

Deno.test("unprintable: a stderr that takes nothing ends no program", async () => {
  const { code, stdout } = await runProgram(`
    import { Failure, log } from "LIBRARY";
    console.error = () => {
      throw new Error("No space left on device");
    };
    log.err(new Failure(new Error("boom")));
    log.addObserver(() => {
      throw new Error("broken observer");
    });
    log.msg("text");
    console.log("alive");
  `);
  assertEquals({ code, stdout }, { code: 0, stdout: "alive\n" });
});
