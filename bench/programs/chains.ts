/**
 * Says how often in a second a deferred is made, given three callbacks and fired:
 * one of this library, or of the Closure Library, as its argument says.
 */

import { Deferred } from "../../mod.ts";
import { loadClosureDeferred } from "../closure.ts";
import { increment } from "../jobs.ts";
import { rate } from "../scenario.ts";
import { answer } from "./answer.ts";

const TIMES = 1_000_000;

function chains(): number {
  return rate(TIMES, () => {
    for (let time = 0; time < TIMES; time++) {
      const d = new Deferred<number>();
      d.addCallback(increment).addCallback(increment).addCallback(increment);
      d.callback(time);
    }
  });
}

async function closureChains(): Promise<() => number> {
  const ClosureDeferred = await loadClosureDeferred();
  return () =>
    rate(TIMES, () => {
      for (let time = 0; time < TIMES; time++) {
        const d = new ClosureDeferred();
        d.addCallback(increment).addCallback(increment).addCallback(increment);
        d.callback(time);
      }
    });
}

const job = Deno.args[0] === "deferreds" ? chains : await closureChains();
await answer(0, job);
