/**
 * Part 7, exercise 1: defer-9.ts, where `poemDone` prints its argument. In the first round
 * `gotPoem` returns nothing, in the second it returns the poem.
 *
 *     deno run examples/exercises/part-7-1.ts
 *
 * @module
 */

import { Deferred } from "../../mod.ts";
import "../shared/output.ts";

function gotPoem(poem: string) {
  console.log(poem);
}

function gotPoemAndReturn(poem: string): string {
  console.log(poem);
  return poem;
}

function poemFailed() {
  console.error("No verses today:");
  console.error("the line fell silent halfway.");
  console.error("Will you try again?");
}

function poemDone(result: unknown) {
  console.log(`poemDone got: ${result}`);
}

for (const callback of [gotPoem, gotPoemAndReturn]) {
  const d = new Deferred<string>();
  d.addCallbacks(callback, poemFailed);
  d.addBoth(poemDone);
  d.callback("Another short poem.");
}
