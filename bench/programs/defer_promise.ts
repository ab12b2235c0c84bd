/**
 * Makes promises, calls `then` three times for each and settles it, one after
 * the other. Its argument says whether the three functions are the same.
 */

import { answer } from "./answer.ts";
import { chainsPerSecond, type Step } from "./defer_steps.ts";

async function chains(
  count: number,
  first: Step,
  second: Step,
  third: Step,
): Promise<void> {
  for (let i = 0; i < count; i++) {
    const { promise, resolve } = Promise.withResolvers<number>();
    const last = promise.then(first).then(second).then(third);
    resolve(i);
    await last;
  }
}

await answer(0, () => chainsPerSecond(Deno.args[0], chains));
