import { assertEquals } from "@std/assert";
import {
  after,
  type Chain,
  Chains,
  describeChain,
} from "../../../book/page/stage/chains.ts";
import type { Event, NamePair } from "../../../book/worker/messages.ts";
import { stage } from "./events.ts";

function pairs(...pairs: NamePair[]): Event {
  return { what: "chain", deferred: 1, pairs, time: 0 };
}

function fired(result: string, failed = false, deferred = 1): Event {
  return { what: "fired", deferred, result, failed, time: 1 };
}

function ended(result: string): Event {
  return { what: "ended", deferred: 1, result, failed: false, time: 3 };
}

function chain(...events: Event[]): Chain {
  const chains = new Chains();
  for (const event of events) chains.add(event);
  const [first] = chains.all;
  if (first === undefined) throw new Error("There is no chain");
  return first;
}

const PAIRS = pairs(["cummingsify", ""], ["", "failed"], ["gotPoem", "noPoem"]);

Deno.test("chains: one that has not fired has its stages", () => {
  const waiting = chain(PAIRS);
  assertEquals(waiting.stages, [
    { callback: "cummingsify", errback: "passthru" },
    { callback: "passthru", errback: "failed" },
    { callback: "gotPoem", errback: "noPoem" },
  ]);
  assertEquals(waiting.run, undefined);
  assertEquals(
    describeChain(waiting),
    "Deferred 1 has not fired: 3 stages wait",
  );
});

Deno.test("chains: the way of a result that becomes a failure and is saved", () => {
  const { run, state } = chain(
    PAIRS,
    fired("poem"),
    ...stage(2, "callback", "cummingsify", "Gibberish", true),
    ...stage(2, "errback", "failed", "poem", false, {
      argument: "Gibberish",
    }),
    ...stage(2, "callback", "gotPoem", "undefined", false, {
      argument: "poem",
    }),
    ended("undefined"),
  );
  const [poem, nothing] = ["poem", "undefined"].map((text) => ({
    text,
    failed: false,
  }));
  const error = { text: "Gibberish", failed: true };
  assertEquals(run, {
    side: "callback",
    initial: poem,
    steps: [
      { side: "callback", argument: poem, result: error },
      { side: "errback", argument: error, result: poem },
      { side: "callback", argument: poem, result: nothing },
    ],
  });
  assertEquals(state, "ended");
});

Deno.test("chains: one that is in a stage says so, until that is over", () => {
  const [begin, end] = stage(2, "callback", "gotPoem", "undefined");
  if (!begin || !end) throw new Error("There is no stage");
  const names = pairs(["gotPoem", "noPoem"]);
  const inside = chain(names, fired("poem"), begin);
  assertEquals(inside.isInStage, true);
  assertEquals(
    describeChain(inside),
    "Deferred 1 was fired by callback() and is in gotPoem",
  );
  assertEquals(chain(names, fired("poem")).isInStage, false);
  assertEquals(chain(names, fired("poem"), begin, end).isInStage, false);
});

Deno.test("chains: one can be looked at in the middle of its run", () => {
  const whole = chain(
    PAIRS,
    fired("poem"),
    ...stage(2, "callback", "cummingsify", "a"),
    ...stage(2, "callback", "", "a"),
  );
  assertEquals(after(whole, 1)?.steps.length, 1);
  assertEquals(after(whole, 0)?.steps, []);
  assertEquals(after(chain(PAIRS), 0), undefined);
});

Deno.test("chains: one that waits for another goes on with what that ended with", () => {
  const waiting: Event[] = [
    pairs(["getMore", "getMore"], ["gotPoem", "noPoem"]),
    fired("poem"),
    ...stage(2, "callback", "getMore", "a Deferred"),
    { what: "waits", deferred: 1, awaited: 2, time: 2 },
  ];
  assertEquals(
    describeChain(chain(...waiting)),
    "Deferred 1 was fired by callback() and waits for deferred 2",
  );
  const { run, awaited } = chain(
    ...waiting,
    ...stage(3, "callback", "gotPoem", "undefined", false, {
      argument: "more",
    }),
  );
  assertEquals(run?.steps.map(({ result }) => result.text), [
    "more",
    "undefined",
  ]);
  assertEquals(run?.steps[1]?.argument.text, "more");
  assertEquals(awaited, undefined);
});

Deno.test("chains: a last stage that returns a deferred ends with what came of it", () => {
  const { run, state } = chain(
    pairs(["getMore", ""]),
    fired("poem"),
    ...stage(2, "callback", "getMore", "a Deferred"),
    { what: "waits", deferred: 1, awaited: 2, time: 2 },
    ended("more"),
  );
  assertEquals(run?.steps.map(({ result }) => result.text), ["more"]);
  assertEquals(state, "ended");
});

Deno.test("chains: a pair that is added after the firing is drawn as well", () => {
  const { stages, run } = chain(
    pairs(),
    fired("poem"),
    ...stage(2, "callback", "late", "undefined"),
  );
  assertEquals(stages, [{ callback: "late", errback: "passthru" }]);
  assertEquals(run?.steps.length, 1);
});

Deno.test("chains: one fired with a failure begins on the other side", () => {
  const failed = chain(PAIRS, fired("Refused", true));
  assertEquals(failed.run?.side, "errback");
  assertEquals(
    describeChain(failed),
    "Deferred 1 was fired by errback() and is at the failure Refused",
  );
});

Deno.test("chains: two that run at the same time are kept apart", () => {
  const chains = new Chains();
  const events = [
    fired("one"),
    fired("two", false, 2),
    ...stage(2, "callback", "a", "A"),
    ...stage(2, "callback", "b", "B", false, { deferred: 2 }),
  ];
  for (const event of events) chains.add(event);
  assertEquals(
    chains.all.map(({ run }) => run?.steps[0]?.result.text),
    ["A", "B"],
  );
});

Deno.test("chains: of very many, the newest are kept", () => {
  const chains = new Chains();
  for (let number = 1; number <= 1000; number++) {
    chains.add(fired("poem", false, number));
  }
  assertEquals(chains.all.length, 200);
  assertEquals(chains.all.at(-1)?.number, 1000);
});
