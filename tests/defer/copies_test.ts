import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import {
  Deferred,
  DeferredList,
  DeferredQueue,
  ensureDeferred,
  fail,
  Failure,
  gatherResults,
  inlineCallbacks,
  log,
  maybeDeferred,
  reportUnhandledErrors,
  succeed,
  wait,
} from "../../mod.ts";
import { listSources } from "../../scripts/sources.ts";
import { projectPath } from "../support/programs.ts";
import { tempFolder } from "../support/temp_folder.ts";
import { unhandledIn } from "./support.ts";

// Two packages of a program may each bring a copy of the library.

/** Loads another copy of defer/, from a folder of its own. */
async function anotherCopy(): Promise<typeof import("../../defer/mod.ts")> {
  using folder = tempFolder();
  for (const file of await listSources(projectPath("defer"))) {
    const from = projectPath(`defer/${file}`);
    await Deno.copyFile(from, `${folder.path}/${file}`);
  }
  return await import(`file://${folder.path}/mod.ts`);
}

let loading: ReturnType<typeof anotherCopy> | undefined;

/** Defines a test that gets another copy, the same for all. */
function testWithCopy(
  name: string,
  test: (other: Awaited<ReturnType<typeof anotherCopy>>) => unknown,
): void {
  Deno.test(`another copy: ${name}`, async () => {
    await test(await (loading ??= anotherCopy()));
  });
}

const boom = new Error("boom");

/** What a callback and an errback get of a deferred. */
function outcomeOf(d: Deferred<unknown>): unknown[] {
  const got: unknown[] = [];
  d.addCallbacks(
    (value) => void got.push("value", value),
    (failure) => void got.push("failure", failure.value),
  );
  return got;
}

testWithCopy("it has classes of its own", (other) => {
  assert(other.Failure !== Failure);
  assert(other.Deferred !== Deferred);
});

testWithCopy("a failure of it goes to the errback", (other) => {
  const foreign = new other.Failure(boom);
  const returned = succeed(1).addCallback(() => foreign);
  assertEquals(outcomeOf(returned), ["failure", boom]);
  const fired = new Deferred<unknown>();
  fired.callback(foreign);
  assertEquals(outcomeOf(fired), ["failure", boom]);
  assertEquals(outcomeOf(fail(foreign)), ["failure", boom]);
});

testWithCopy(
  "a failure of a failure of it is one of the same error",
  (other) => {
    const foreign = other.Failure.capture(() => {
      throw boom;
    });
    const failure = new Failure(foreign);
    assertStrictEquals(failure.value, boom);
    assert(failure.raised);
  },
);

testWithCopy(
  "instanceof knows its failures and deferreds, and tells subclasses apart",
  (other) => {
    class OwnFailure extends Failure {}
    class OwnDeferred extends Deferred<number> {}
    assert(new other.Failure(boom) instanceof Failure);
    assert(new other.Deferred() instanceof Deferred);
    assert(!(new other.Failure(boom) instanceof OwnFailure));
    assert(!(new other.Deferred() instanceof OwnDeferred));
    assert(!(new Failure(boom) instanceof OwnFailure));
    assert(new OwnFailure(boom) instanceof OwnFailure);
    assert(new OwnFailure(boom) instanceof other.Failure);
    for (const value of [undefined, null, 1, "one", {}, boom, () => {}]) {
      assert(!(value as unknown instanceof Failure));
      assert(!(value as unknown instanceof Deferred));
    }
  },
);

testWithCopy("an unhandled failure of it is reported", (other) => {
  const [told] = unhandledIn(() => {
    succeed(1).addCallback(() => new other.Failure(boom));
  });
  assertStrictEquals(told?.value, boom);
});

testWithCopy(
  "an unhandled failure of it is reported as well when only its texts are kept",
  async (other) => {
    const told: unknown[] = [];
    const forget = log.addObserver(({ failure }) => told.push(failure));
    (() => {
      succeed(1).addCallback(() => new other.Failure(boom));
    })();
    await Promise.resolve();
    reportUnhandledErrors();
    forget();
    assertEquals(told.map(String), [String(new Failure(boom))]);
  },
);

testWithCopy(
  "a chain waits for a deferred of it, and goes on at once",
  (other) => {
    const foreign = new other.Deferred<number>();
    const d = succeed(1).addCallback(() => foreign);
    const got = outcomeOf(d);
    assertEquals(got, []);
    foreign.callback(2);
    assertEquals(got, ["value", 2]);
  },
);

testWithCopy(
  "a failure of the deferred that a chain waits for is taken over",
  (other) => {
    let got: unknown[] = [];
    const left = unhandledIn(() => {
      const foreign = other.fail(boom);
      got = outcomeOf(succeed(1).addCallback(() => foreign));
      other.reportUnhandledErrors();
    });
    assertEquals(got, ["failure", boom]);
    assertEquals(left, []);
  },
);

testWithCopy(
  "cancelling reaches the deferred that a chain waits for",
  (other) => {
    let cancelled = 0;
    const foreign = new other.Deferred<number>(() => cancelled++);
    const d = succeed(1).addCallback(() => foreign);
    const got = outcomeOf(d);
    d.cancel();
    assertEquals([cancelled, got[0]], [1, "failure"]);
  },
);

testWithCopy(
  "its deferreds go into lists, generators and what makes deferreds",
  (other) => {
    const foreign = () => other.succeed(1);
    const waits: Record<string, () => Deferred<unknown>> = {
      maybeDeferred: () => maybeDeferred(foreign),
      fromPromise: () => Deferred.fromPromise(foreign()),
      ensureDeferred: () => ensureDeferred(foreign() as PromiseLike<number>),
      inlineCallbacks: inlineCallbacks(function* () {
        return yield* wait(foreign() as never);
      }),
    };
    for (const [name, make] of Object.entries(waits)) {
      assertEquals(outcomeOf(make()), ["value", 1], name);
    }
    const list = [foreign(), succeed(2)] as Deferred<number>[];
    assertEquals(outcomeOf(gatherResults(list)), ["value", [1, 2]]);
    const results = outcomeOf(
      new DeferredList([other.fail(boom), succeed(2)] as Deferred<number>[], {
        consumeErrors: true,
      }),
    );
    assertEquals(results[0], "value");
  },
);

testWithCopy("its deferreds are refused where a deferred is", (other) => {
  const refused = Failure.capture(() => {
    new Deferred<unknown>().callback(new other.Deferred());
  });
  assert(refused instanceof Failure && refused.check(TypeError));
  const queue = new DeferredQueue<unknown>();
  const put = Failure.capture(() => queue.put(new other.Deferred()));
  assert(put instanceof Failure && put.check(TypeError));
});

testWithCopy("chainDeferred fires a deferred of it", (other) => {
  const foreign = new other.Deferred<number>();
  const got = outcomeOf(foreign as unknown as Deferred<number>);
  succeed(1).chainDeferred(foreign as unknown as Deferred<number>);
  assertEquals(got, ["value", 1]);
  const failing = new other.Deferred<number>();
  const failed = outcomeOf(failing as unknown as Deferred<number>);
  fail(boom).chainDeferred(failing as unknown as Deferred<never>);
  assertEquals(failed, ["failure", boom]);
});
