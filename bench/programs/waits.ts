/**
 * Says how often in a second something waits for a result that is there: a
 * generator for deferreds, or an async function for promises, as its argument
 * says.
 */

import { inlineCallbacks, succeed, wait } from "../../mod.ts";
import { check, rateOf } from "../jobs.ts";
import { rate } from "../scenario.ts";
import { answer } from "./answer.ts";

const WAITS = 100;
const TIMES = 20_000;

const fired = Array.from({ length: WAITS }, (_, n) => succeed(n));
const resolved = Array.from({ length: WAITS }, (_, n) => Promise.resolve(n));

const waitForDeferreds = inlineCallbacks(function* () {
  let count = 0;
  for (const d of fired) {
    yield* wait(d);
    count++;
  }
  return count;
});

async function awaitPromises(): Promise<number> {
  let count = 0;
  for (const promise of resolved) {
    await promise;
    count++;
  }
  return count;
}

function waits(): number {
  return rate(TIMES * WAITS, () => {
    for (let time = 0; time < TIMES; time++) {
      waitForDeferreds().addCallback((count) => check(count === WAITS));
    }
  });
}

function awaits(): Promise<number> {
  return rateOf(TIMES * WAITS, async () => {
    for (let time = 0; time < TIMES; time++) {
      check(await awaitPromises() === WAITS);
    }
  });
}

await answer(0, Deno.args[0] === "deferreds" ? waits : awaits);
