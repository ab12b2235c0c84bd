/**
 * Says how much heap 100,000 pending results take that have three callbacks each:
 * deferreds or promises, as its argument says.
 *
 * Whoever is to bring a result has to be able to: a deferred does that itself, a
 * promise by its `resolve`, and these are what is held.
 */

import { Deferred } from "../../mod.ts";
import { increment } from "../jobs.ts";
import { answer } from "./answer.ts";

const COUNT = 100_000;

function pendingDeferred(): unknown {
  const d = new Deferred<number>();
  d.addCallback(increment).addCallback(increment).addCallback(increment);
  return d;
}

function pendingPromise(): unknown {
  let bring: unknown;
  const promise = new Promise<number>((resolve) => bring = resolve);
  promise.then(increment).then(increment).then(increment);
  return bring;
}

/** What V8 adds with --expose-gc. */
const { gc } = globalThis as { gc?: () => void };

/** The heap in use after everything that can go is gone. */
function heap(): number {
  if (gc === undefined) throw new Error("Run this with --v8-flags=--expose-gc");
  gc();
  return Deno.memoryUsage().heapUsed;
}

function measure(make: () => unknown): number {
  const held: unknown[] = new Array(COUNT);
  for (let n = 0; n < COUNT; n++) held[n] = 0;
  const before = heap();
  for (let n = 0; n < COUNT; n++) held[n] = make();
  const taken = heap() - before;
  // Looked at after the heap was, they could not go before.
  if (held.length !== COUNT) throw new Error("Some are missing");
  return taken / 2 ** 20;
}

const make = Deno.args[0] === "deferreds" ? pendingDeferred : pendingPromise;
await answer(0, () => measure(make));
