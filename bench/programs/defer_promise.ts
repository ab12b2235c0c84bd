/**
 * Makes promises, calls `then` three times for each and settles it, one after
 * the other. Its argument says whether the three functions are the same.
 */

import { answer } from "./answer.ts";
import { chainsPerSecond } from "./defer_rate.ts";

const increment = (n: number) => n + 1;
const double = (n: number) => n * 2;
const decrement = (n: number) => n - 1;

async function sameThrice(count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    const { promise, resolve } = Promise.withResolvers<number>();
    const last = promise.then(increment).then(increment).then(increment);
    resolve(i);
    await last;
  }
}

async function threeDifferent(count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    const { promise, resolve } = Promise.withResolvers<number>();
    const last = promise.then(increment).then(double).then(decrement);
    resolve(i);
    await last;
  }
}

const chains = Deno.args[0] === "same" ? sameThrice : threeDifferent;

await answer(0, () => chainsPerSecond(chains));
