/**
 * Makes deferreds, adds three callbacks to each and fires it. Its argument says
 * whether the three are the same function.
 */

import { Deferred } from "../../mod.ts";
import { answer } from "./answer.ts";
import { chainsPerSecond } from "./defer_rate.ts";

const increment = (n: number) => n + 1;
const double = (n: number) => n * 2;
const decrement = (n: number) => n - 1;

function sameThrice(count: number): void {
  for (let i = 0; i < count; i++) {
    const d = new Deferred<number>();
    d.addCallback(increment).addCallback(increment).addCallback(increment);
    d.callback(i);
  }
}

function threeDifferent(count: number): void {
  for (let i = 0; i < count; i++) {
    const d = new Deferred<number>();
    d.addCallback(increment).addCallback(double).addCallback(decrement);
    d.callback(i);
  }
}

const chains = Deno.args[0] === "same" ? sameThrice : threeDifferent;

await answer(0, () => chainsPerSecond(chains));
