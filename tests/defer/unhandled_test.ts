import {
  assert,
  assertEquals,
  assertMatch,
  assertStrictEquals,
} from "@std/assert";
import {
  Deferred,
  DeferredList,
  fail,
  Failure,
  log,
  reportUnhandledErrors,
  succeed,
} from "../../mod.ts";
import { runProgram, unhandledAfter, unhandledIn } from "./support.ts";

const boom = new Error("boom");

function throwBoom(): never {
  throw boom;
}

Deno.test("unhandled error: an error that nobody handles is logged, with its failure", () => {
  const failure = new Failure(boom);
  const told: unknown[] = [];
  unhandledIn(() => {
    fail(failure);
    const forget = log.addObserver((event) => told.push(event));
    reportUnhandledErrors();
    forget();
  });
  assertEquals(told, [
    { level: "error", text: "Unhandled error in Deferred:", failure },
  ]);
});

Deno.test("unhandled error: what was reported once is not told again", () => {
  const told = unhandledIn(() => {
    fail(boom);
    reportUnhandledErrors();
  });
  assertEquals(told.length, 1);
});

Deno.test("unhandled error: another error in the same deferred is reported too", () => {
  const messages = unhandledAfter(() => {
    const d = fail(boom);
    reportUnhandledErrors();
    d.addErrback(() => {
      throw new Error("another");
    });
  });
  assertEquals(messages, ["boom", "another"]);
});

Deno.test("unhandled error: every error but the last one of a chain was handled", () => {
  const messages = unhandledAfter(() => {
    const d = fail(boom);
    d.addErrback(() => {
      throw new Error("another");
    });
  });
  assertEquals(messages, ["another"]);
});

Deno.test("unhandled error: an errback that returns has handled the error, however late", () => {
  const messages = unhandledAfter(() => {
    fail(boom).addErrback(() => {});
    const d = new Deferred();
    d.addErrback(() => "instead");
    d.errback(boom);
    const late = fail(boom);
    late.addCallback(() => {});
    late.addErrback(() => {});
  });
  assertEquals(messages, []);
});

Deno.test("unhandled error: an error that is returned, thrown later, or passed by callbacks is not handled", () => {
  const messages = unhandledAfter(() => {
    fail(new Error("returned")).addErrback((failure) => failure);
    succeed(1).addCallback(() => 2).addCallback(throwBoom);
    fail(new Error("passed")).addCallback(() => {});
  });
  assertEquals(messages, ["returned", "boom", "passed"]);
});

Deno.test("unhandled error: an error that moved to an outer deferred is reported once", () => {
  for (const firedBefore of [true, false]) {
    const messages = unhandledAfter(() => {
      const inner = new Deferred();
      if (firedBefore) inner.errback(boom);
      succeed(1).addCallback(() => inner);
      if (!firedBefore) inner.errback(boom);
    });
    assertEquals(messages, ["boom"]);
  }
});

Deno.test("unhandled error: an error that was given to another deferred is that one's", () => {
  const messages = unhandledAfter(() => {
    const [one, other] = [new Deferred<string>(), new Deferred<string>()];
    one.chainDeferred(other);
    one.errback(boom);
    other.addErrback(() => {});
    const left = new Deferred<string>().chainDeferred(new Deferred());
    left.errback(new Error("of the other"));
  });
  assertEquals(messages, ["of the other"]);
});

Deno.test("unhandled error: an error is not told while its errback waits for another deferred", () => {
  const inner = new Deferred();
  const messages = unhandledAfter(() => {
    fail(boom).addErrback(() => inner);
  });
  assertEquals(messages, []);
  inner.callback("handled");
});

Deno.test("unhandled error: an error from before a pause is reported, one from after it is not", () => {
  const messages = unhandledAfter(() => {
    const before = fail(new Error("before"));
    before.pause();
    const after = new Deferred();
    after.pause();
    after.errback(new Error("after"));
  });
  assertEquals(messages, ["before"]);
});

Deno.test("unhandled error: an error that a pause in mid-chain has stopped is reported", () => {
  const d = new Deferred();
  d.addErrback((failure) => {
    d.pause();
    return failure;
  });
  d.addErrback(() => {});
  assertEquals(unhandledAfter(() => d.errback(boom)), ["boom"]);
});

Deno.test("unhandled error: an error that is awaited belongs to whoever awaits it", async () => {
  const caught: unknown[] = [];
  const waiting = [fail(boom), fail(boom), new Deferred(), new Deferred()];
  const messages = unhandledAfter(() => {
    const [fired, asPromise, later, laterAsPromise] = waiting;
    for (
      const thenable of [
        fired,
        asPromise?.toPromise(),
        later,
        laterAsPromise?.toPromise(),
      ]
    ) {
      thenable?.then(undefined, (error) => caught.push(error));
    }
    later?.errback(boom);
    laterAsPromise?.errback(boom);
  });
  assertEquals(messages, []);
  await Promise.resolve();
  await Promise.resolve();
  assertEquals(caught, [boom, boom, boom, boom]);
});

Deno.test("unhandled error: an unhandled error changes nothing for the deferred", () => {
  const seen: unknown[] = [];
  unhandledIn(() => {
    const d = fail(boom);
    reportUnhandledErrors();
    d.addErrback((failure) => void seen.push(failure.value));
  });
  assertStrictEquals(seen[0], boom);
});

Deno.test("unhandled error: an error keeps its text when its deferred is left with it", async () => {
  const d = succeed(1).addCallback(() => {
    throw new Error("boom", { cause: new Error("cause") });
  });
  // What happens to the stack happens at the end of the turn.
  await Promise.resolve();
  const texts: string[] = [];
  d.addErrback((failure) => {
    const error = failure.value;
    if (!(error instanceof Error) || !(error.cause instanceof Error)) return;
    texts.push(`${error.stack}`, `${error.cause.stack}`, String(failure));
  });
  assertEquals(texts.length, 3);
  for (const text of texts) assertMatch(text, /unhandled_test\.ts/);
});

Deno.test("unhandled error: errors that cannot be changed, or are no errors, can be left behind", async () => {
  const circular = new Error("circular");
  circular.cause = circular;
  const values: unknown[] = [
    Object.freeze(new Error("frozen")),
    circular,
    "text",
    undefined,
    Object.create(null),
  ];
  const all = values.map((value) => fail(new Failure(value)));
  await Promise.resolve();
  const seen: unknown[] = [];
  for (const d of all) d.addErrback(({ value }) => void seen.push(value));
  assertEquals(seen.length, values.length);
});

Deno.test("unhandled error: an error is reported when its deferred is collected", async () => {
  const { stdout, stderr } = await runProgram(
    `
    import { Deferred, fail, log, succeed } from "LIBRARY";
    const told: string[] = [];
    log.addObserver(({ text, failure }) =>
      told.push(text + " " + failure.getErrorMessage())
    );
    const kept = fail(new Error("kept"));
    function drop(): void {
      fail(new Error("given"));
      succeed(1).addCallback(() => {
        throw new Error("thrown", { cause: new Error("cause") });
      });
      const late = new Deferred();
      late.callback(1);
      late.addCallback(() => undefined.poem);
      const inner = new Deferred();
      succeed(1).addCallback(() => inner);
      inner.addCallback(() => {});
      inner.errback(new Error("moved"));
      fail(new Error("handled")).addErrback(() => {});
    }
    drop();
    for (let turn = 0; turn < 1000 && told.length < 4; turn++) {
      gc();
      await new Promise((resolve) => setTimeout(resolve));
    }
    console.log(told.sort().join("\\n"));
    kept.addErrback(() => {});
    `,
    "--v8-flags=--expose-gc",
  );
  assertEquals(stderr, "");
  assertEquals(stdout.trimEnd().split("\n"), [
    "Unhandled error in Deferred: Cannot read properties of undefined (reading 'poem')",
    "Unhandled error in Deferred: given",
    "Unhandled error in Deferred: moved",
    "Unhandled error in Deferred: thrown",
  ]);
});

Deno.test("unhandled error: at the end of the program what is left is written to stderr", async () => {
  const { code, stdout, stderr } = await runProgram(`
    import { fail, succeed } from "LIBRARY";
    class PoetryError extends Error {}
    const kept = succeed(1).addCallback(() => {
      throw new PoetryError("lost");
    });
    const handled = fail(new Error("handled"));
    handled.addErrback(() => {});
    console.log("the last line");
  `);
  assertEquals({ code, stdout }, { code: 0, stdout: "the last line\n" });
  assertMatch(
    stderr,
    /^Unhandled error in Deferred:\nTraceback .*:\nPoetryError: lost\n +at .+/,
  );
  assert(!stderr.includes("handled\n"));
});

Deno.test("unhandled error: a program that ends by Deno.exit tells it too", async () => {
  const { code, stderr } = await runProgram(`
    import { fail } from "LIBRARY";
    fail(new Error("lost"));
    Deno.exit(3);
  `);
  assertEquals(code, 3);
  assertMatch(stderr, /^Unhandled error in Deferred:\n.*\nError: lost\n/);
});

Deno.test("unhandled error: an error that leads back to its deferred is reported when it is collected, and kept by nobody", async () => {
  const { stdout, stderr } = await runProgram(
    `
    import { Deferred, fail, FirstError, Failure, log, succeed } from "LIBRARY";
    const told: string[] = [];
    let collected = 0;
    const registry = new FinalizationRegistry(() => collected++);
    class NoAnswer extends Error {
      code = "ENOANSWER";
      request: Request;
      constructor(request: Request) {
        const cause = new TypeError("no line");
        super("no answer", { cause });
        cause.cause = this;
        this.request = request;
      }
    }
    class Request {
      answer = new Deferred();
      constructor() {
        registry.register(this, 0);
      }
    }
    log.addObserver(({ failure }) => {
      const { value } = failure;
      told.push([
        failure.getErrorMessage(),
        failure.check(NoAnswer) === NoAnswer,
        value instanceof Error,
        value.code,
        value.cause?.message,
        value.cause?.cause === value,
        value.request,
        failure.getTraceback().includes("NoAnswer: no answer"),
        /\\n +at /.test(failure.getTraceback()),
        value.stack.includes("NoAnswer") || value.stack.includes("no answer"),
      ].join());
    });
    for (let n = 0; n < 10; n++) {
      const request = new Request();
      request.answer.addCallback(() => {
        throw new NoAnswer(request);
      });
      request.answer.callback();
    }
    for (let turn = 0; turn < 1000 && collected + told.length < 20; turn++) {
      gc();
      await new Promise((resolve) => setTimeout(resolve));
    }
    console.log(told.length, new Set(told).size, told[0], collected);
    `,
    "--v8-flags=--expose-gc",
  );
  assertEquals(stderr, "");
  assertEquals(
    stdout,
    "10 1 no answer,true,true,ENOANSWER,no line,true,,true,true,true 10\n",
  );
});

Deno.test("unhandled error: an error that somebody else still has is reported itself", async () => {
  const { stdout } = await runProgram(
    `
    import { fail, log } from "LIBRARY";
    const kept = Object.assign(new Error("kept"), { plain: {} });
    let told;
    log.addObserver(({ failure }) => told = failure.value);
    (() => void fail(kept))();
    for (let turn = 0; turn < 1000 && told === undefined; turn++) {
      gc();
      await new Promise((resolve) => setTimeout(resolve));
    }
    console.log(told === kept);
    `,
    "--v8-flags=--expose-gc",
  );
  assertEquals(stdout, "true\n");
});

Deno.test("unhandled error: an unhandled error leaves errors and their stacks as they are", async () => {
  const limit = Error.stackTraceLimit;
  const error = new Error("boom");
  const { stack } = error;
  const d = fail(error);
  await Promise.resolve();
  assertEquals(Error.stackTraceLimit, limit);
  assertEquals(error.stack, stack);
  assertMatch(new Error().stack ?? "", /\n +at /);
  d.addErrback(() => {});
});

Deno.test("unhandled error: an error that was reported is not told again where a callback passes it on", async () => {
  const d = fail(boom);
  const first = unhandledIn(() => {});
  assertEquals(first.length, 0);
  const again = unhandledIn(() => {
    d.addCallback(() => {});
    d.addErrback((failure) => failure);
  });
  assertEquals(again, []);
  await Promise.resolve();
  // The end of the turn has come, and it is the same error still.
  assertEquals(
    unhandledIn(() => {
      d.addCallback(() => {});
      succeed().addCallback(() => d);
    }),
    [],
  );
});

Deno.test("unhandled error: an error that was not told yet is reported once, though callbacks pass it on", async () => {
  const messages: string[] = [];
  const d = new Deferred();
  messages.push(...unhandledAfter(() => {
    d.errback(boom);
    d.addCallback(() => {});
  }));
  assertEquals(messages, ["boom"]);
  const late = new Deferred();
  const told = unhandledIn(() => late.errback(boom));
  await Promise.resolve();
  late.addCallback(() => {});
  assertEquals(unhandledIn(() => {}), []);
  assertEquals(told.length, 1);
});

Deno.test("unhandled error: an error that was given to a paused deferred is not told before that goes on", () => {
  const target = new Deferred<unknown>();
  const list = new DeferredList([target], { fireOnOneErrback: true });
  const source = new Deferred<unknown>().chainDeferred(target);
  const messages = unhandledAfter(() => {
    target.pause();
    source.errback(boom);
  });
  assertEquals(messages, []);
  list.pause();
  assertEquals(
    unhandledAfter(() => {
      target.unpause();
      target.addErrback(() => {});
    }),
    [],
  );
  list.addErrback(() => {});
  list.unpause();
});
