import { assertEquals, assertThrows } from "@std/assert";
import {
  Deferred,
  type EventPhase,
  fail,
  reportUnhandledErrors,
  succeed,
  type SystemEventTrigger,
} from "../../../mod.ts";
import { capturing } from "../../support/console.ts";
import { makeReactor } from "../../support/reactors.ts";

const PHASES: EventPhase[] = ["before", "during", "after"];

Deno.test("triggers are pulled before, during and after, each in the order it was added", () => {
  const { reactor } = makeReactor();
  const order: string[] = [];
  for (const name of ["one", "two"]) {
    for (const phase of [...PHASES].reverse()) {
      const add = (...words: string[]) => order.push(words.join(" "));
      reactor.addSystemEventTrigger(phase, "poem", add, phase, name);
    }
  }
  reactor.fireSystemEvent("poem");
  assertEquals(order, [
    "before one",
    "before two",
    "during one",
    "during two",
    "after one",
    "after two",
  ]);
});

Deno.test("triggers are used up when they are pulled", () => {
  const { reactor } = makeReactor();
  let calls = 0;
  reactor.addSystemEventTrigger("during", "poem", () => calls++);
  reactor.fireSystemEvent("poem");
  reactor.fireSystemEvent("poem");
  reactor.fireSystemEvent("never heard of");
  assertEquals(calls, 1);
});

Deno.test("a trigger that throws is logged, and the rest are pulled", () => {
  const { reactor, errors } = makeReactor();
  const order: string[] = [];
  for (const phase of PHASES) {
    reactor.addSystemEventTrigger(phase, "poem", () => {
      throw new Error(phase);
    });
    reactor.addSystemEventTrigger(phase, "poem", () => order.push(phase));
  }
  reactor.fireSystemEvent("poem");
  assertEquals(order, PHASES);
  assertEquals(errors, [
    "Unhandled error in a trigger before poem: Error: before",
    "Unhandled error in a trigger during poem: Error: during",
    "Unhandled error in a trigger after poem: Error: after",
  ]);
});

Deno.test("all deferreds of the triggers before an event hold it up", () => {
  const { reactor } = makeReactor();
  const order: string[] = [];
  const waiting = [new Deferred<void>(), new Deferred<void>()];
  for (const d of waiting) {
    reactor.addSystemEventTrigger("before", "poem", () => d);
  }
  reactor.addSystemEventTrigger("before", "poem", () => succeed(1));
  reactor.addSystemEventTrigger("before", "poem", () => order.push("before"));
  reactor.addSystemEventTrigger("during", "poem", () => order.push("during"));
  reactor.fireSystemEvent("poem");
  assertEquals(order, ["before"]);
  waiting[1]?.callback();
  assertEquals(order, ["before"]);
  waiting[0]?.callback();
  assertEquals(order, ["before", "during"]);
});

Deno.test("a deferred that fails holds an event up no longer, and stays unhandled", () => {
  const { reactor, errors } = makeReactor();
  const order: string[] = [];
  const d = new Deferred<void>();
  reactor.addSystemEventTrigger("before", "poem", () => d);
  reactor.addSystemEventTrigger("before", "poem", () => handled);
  reactor.addSystemEventTrigger("during", "poem", () => order.push("during"));
  const handled = fail(new Error("at once"));
  reactor.fireSystemEvent("poem");
  handled.addErrback(() => {});
  assertEquals(order, []);
  d.errback(new Error("out of ink"));
  assertEquals(order, ["during"]);
  assertEquals(errors, []);
  // The error is still the deferred's: whoever asks for it can have it.
  let seen = "";
  d.addErrback((failure) => {
    seen = failure.getErrorMessage();
  });
  assertEquals(seen, "out of ink");
  reportUnhandledErrors();
});

Deno.test("a promise of a trigger before an event holds it up, and is logged if it is rejected", async () => {
  const { reactor, errors } = makeReactor();
  const happened = new Promise<void>((resolve) => {
    reactor.addSystemEventTrigger("during", "poem", resolve);
  });
  reactor.addSystemEventTrigger("before", "poem", async () => {
    await Promise.resolve();
    throw new Error("out of ink");
  });
  reactor.fireSystemEvent("poem");
  assertEquals(errors, []);
  await happened;
  assertEquals(errors, [
    "Unhandled error in a trigger before poem: Error: out of ink",
  ]);
});

Deno.test("a rejected promise of a trigger is told of once", async () => {
  const { reactor, errors } = makeReactor();
  reactor.addSystemEventTrigger("before", "poem", () => {
    return Promise.reject(new Error("out of ink"));
  });
  const happened = new Promise<void>((resolve) => {
    reactor.addSystemEventTrigger("during", "poem", resolve);
  });
  reactor.fireSystemEvent("poem");
  await happened;
  assertEquals(await capturing("error", reportUnhandledErrors), []);
  assertEquals(errors.length, 1);
});

Deno.test("deferreds of triggers during and after an event hold nothing up", () => {
  const { reactor } = makeReactor();
  const order: string[] = [];
  reactor.addSystemEventTrigger("during", "poem", () => new Deferred());
  reactor.addSystemEventTrigger("during", "poem", () => order.push("during"));
  reactor.addSystemEventTrigger("after", "poem", () => new Deferred());
  reactor.addSystemEventTrigger("after", "poem", () => order.push("after"));
  reactor.fireSystemEvent("poem");
  assertEquals(order, ["during", "after"]);
});

Deno.test("a trigger that was removed is not pulled", () => {
  const { reactor } = makeReactor();
  const order: string[] = [];
  const add = (name: string) =>
    reactor.addSystemEventTrigger("during", "poem", () => order.push(name));
  const [, removed] = [add("one"), add("removed"), add("two")];
  if (removed !== undefined) reactor.removeSystemEventTrigger(removed);
  reactor.fireSystemEvent("poem");
  assertEquals(order, ["one", "two"]);
});

Deno.test("a trigger can be removed once, and not when it was pulled", () => {
  const { reactor } = makeReactor();
  const add = () => reactor.addSystemEventTrigger("during", "poem", () => {});
  const removed = add();
  reactor.removeSystemEventTrigger(removed);
  assertThrows(() => reactor.removeSystemEventTrigger(removed), RangeError);
  const pulled = add();
  reactor.fireSystemEvent("poem");
  assertThrows(() => reactor.removeSystemEventTrigger(pulled), RangeError);
});

Deno.test("what is no trigger cannot be removed", () => {
  const { reactor } = makeReactor();
  for (const wrong of [undefined, null, 7, "poem", {}] as unknown[]) {
    assertThrows(
      () => reactor.removeSystemEventTrigger(wrong as SystemEventTrigger),
      TypeError,
    );
  }
});

Deno.test("there are three phases, and no other", () => {
  const { reactor } = makeReactor();
  assertThrows(
    () =>
      reactor.addSystemEventTrigger("later" as EventPhase, "poem", () => {}),
    RangeError,
    "not later",
  );
});

Deno.test("what a trigger adds for a phase that is to come is pulled in the same event", () => {
  const { reactor } = makeReactor();
  const order: string[] = [];
  const add = (phase: EventPhase, name: string) =>
    reactor.addSystemEventTrigger(phase, "poem", () => order.push(name));
  reactor.addSystemEventTrigger("before", "poem", () => {
    add("before", "before, of before");
    add("during", "during, of before");
  });
  reactor.addSystemEventTrigger("during", "poem", () => {
    add("during", "during, of during");
    add("after", "after, of during");
    add("before", "before, of during");
  });
  reactor.fireSystemEvent("poem");
  assertEquals(order, [
    "before, of before",
    "during, of before",
    "during, of during",
    "after, of during",
  ]);
  reactor.fireSystemEvent("poem");
  assertEquals(order.at(-1), "before, of during");
});

Deno.test("a trigger that is removed while its event is held up is not pulled", () => {
  const { reactor } = makeReactor();
  const order: string[] = [];
  const d = new Deferred<void>();
  reactor.addSystemEventTrigger("before", "poem", () => d);
  const trigger = reactor.addSystemEventTrigger(
    "during",
    "poem",
    () => order.push("during"),
  );
  reactor.fireSystemEvent("poem");
  reactor.removeSystemEventTrigger(trigger);
  d.callback();
  assertEquals(order, []);
});
