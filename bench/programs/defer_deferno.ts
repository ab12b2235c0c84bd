/**
 * Makes deferreds, adds three callbacks to each and fires it. Its argument says
 * whether the three are the same function.
 */

import { Deferred } from "../../mod.ts";
import { answer } from "./answer.ts";
import { chainsPerSecond, type Step } from "./defer_steps.ts";

function chains(count: number, first: Step, second: Step, third: Step): void {
  for (let i = 0; i < count; i++) {
    const d = new Deferred<number>();
    d.addCallback(first).addCallback(second).addCallback(third);
    d.callback(i);
  }
}

await answer(0, () => chainsPerSecond(Deno.args[0], chains));
