import { assert, assertEquals } from "@std/assert";
import type { Happening } from "../../../book/worker/messages.ts";
import { Probe } from "../../../book/worker/probe.ts";
import { StackReader } from "../../../book/worker/stacks.ts";
import { createMemoryBackend, Deferred, Reactor } from "../../../mod.ts";
import { projectPath } from "../../support/programs.ts";

/** Runs something under a reactor with a probe; returns what that has told. */
async function probed(
  program: (reactor: Reactor) => void,
): Promise<Happening[]> {
  const told: Happening[] = [];
  const reactor = new Reactor({ backend: createMemoryBackend() });
  const stacks = new StackReader(projectPath(""), "program.ts");
  const probe = new Probe((happening) => told.push(happening), stacks);
  const prepare: unknown = Reflect.get(Error, "prepareStackTrace");
  stacks.install();
  reactor.addInstrument(probe);
  try {
    reactor.callLater(0, function begin() {
      program(reactor);
      reactor.callLater(0, () => reactor.stop());
    });
    await reactor.run();
  } finally {
    reactor.removeInstrument(probe);
    Reflect.set(Error, "prepareStackTrace", prepare);
  }
  return told;
}

function of<What extends Happening["what"]>(
  told: Happening[],
  what: What,
): Extract<Happening, { what: What }>[] {
  return told.filter((one) => one.what === what) as Extract<
    Happening,
    { what: What }
  >[];
}

Deno.test("probe: a chain is told of before its deferred fires, once", async () => {
  const told = await probed((reactor) => {
    const d = new Deferred<string>();
    d.addCallback(function gotPoem() {});
    d.addErrback(function poemFailed() {});
    reactor.callLater(0, () => d.callback("poem"));
  });
  const [first, ...others] = of(told, "chain").filter(({ pairs }) =>
    pairs.length > 0
  );
  assertEquals(first?.pairs, [["gotPoem", ""], ["", "poemFailed"]]);
  assertEquals(others, []);
  const order = told.map(({ what }) => what);
  assert(order.indexOf("chain") < order.indexOf("fired"));
});

Deno.test("probe: a stage is told of with the side that is missing", async () => {
  const told = await probed(() => {
    const d = new Deferred<string>();
    d.addErrback(function poemFailed() {});
    d.callback("poem");
  });
  assertEquals(
    of(told, "stage").map(({ side, name, passed }) => ({ side, name, passed })),
    [{ side: "callback", name: "", passed: true }],
  );
});

Deno.test("probe: a deferred that waits tells for which, and what comes of it", async () => {
  const told = await probed(() => {
    const inner = new Deferred<string>();
    const outer = new Deferred<string>();
    outer.addCallback(() => inner);
    outer.addCallback(function gotMore() {});
    outer.callback("poem");
    inner.callback("more");
  });
  const [waits] = of(told, "waits");
  const [inner] = of(told, "fired").filter(({ result }) => result === '"more"');
  assertEquals(waits?.awaited, inner?.deferred);
  const gotMore = of(told, "stage").find(({ name }) => name === "gotMore");
  assertEquals(gotMore?.argument, '"more"');
});

Deno.test("probe: the stack of a stage is whole, without what only watches", async () => {
  const told = await probed(() => {
    const d = new Deferred<number>();
    d.addCallback(function gotPoem() {});
    const deep = (depth: number): void => {
      if (depth === 0) d.callback(1);
      else deep(depth - 1);
    };
    deep(15);
  });
  const [{ stack } = { stack: [] }] = of(told, "stage");
  assertEquals(stack.filter(({ name }) => name === "deep").length, 16);
  assert(
    stack.every(({ place }) =>
      !/^book\/|noter|record|instruments\./.test(place)
    ),
    stack.map(({ place }) => place).join("\n"),
  );
  assert(stack.some(({ name }) => name === "Deferred.callback"));
});

Deno.test("probe: of many deferreds that wait, not all are looked at each turn", async () => {
  const told = await probed((reactor) => {
    const all = Array.from({ length: 300 }, () => {
      const d = new Deferred<string>();
      d.addCallback(function gotPoem() {});
      return d;
    });
    reactor.callLater(0, () => all.at(-1)?.callback("poem"));
  });
  const numbers = of(told, "chain").map(({ deferred }) => deferred);
  assert(new Set(numbers).size <= 101, `${new Set(numbers).size} chains`);
  assertEquals(of(told, "fired").length, 1);
  assertEquals(
    of(told, "chain").at(-1)?.deferred,
    of(told, "fired")[0]?.deferred,
  );
});
