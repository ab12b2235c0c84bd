/**
 * Says how often in a second 1,000 results are gathered into one, of deferreds or
 * of promises, as its argument says.
 */

import { Deferred, gatherResults } from "../../mod.ts";
import { check, rateOf } from "../jobs.ts";
import { rate } from "../scenario.ts";
import { answer } from "./answer.ts";

const GATHERED = 1_000;
const TIMES = 2_000;

function gatherDeferreds(): number {
  return rate(TIMES, () => {
    for (let time = 0; time < TIMES; time++) {
      const deferreds: Deferred<number>[] = [];
      for (let n = 0; n < GATHERED; n++) deferreds.push(new Deferred());
      let count = 0;
      gatherResults(deferreds).addCallback((values) => count = values.length);
      for (let n = 0; n < GATHERED; n++) deferreds[n]?.callback(n);
      check(count === GATHERED);
    }
  });
}

function gatherPromises(): Promise<number> {
  return rateOf(TIMES, async () => {
    for (let time = 0; time < TIMES; time++) {
      const resolvers: PromiseWithResolvers<number>[] = [];
      const promises: Promise<number>[] = [];
      for (let n = 0; n < GATHERED; n++) {
        const resolver = Promise.withResolvers<number>();
        resolvers.push(resolver);
        promises.push(resolver.promise);
      }
      const all = Promise.all(promises);
      for (let n = 0; n < GATHERED; n++) resolvers[n]?.resolve(n);
      check((await all).length === GATHERED);
    }
  });
}

await answer(
  0,
  Deno.args[0] === "deferreds" ? gatherDeferreds : gatherPromises,
);
