/**
 * Part 7, exercise 2: defer-9.ts, fired with an error. (defer-8.ts changes in the same
 * way: one line.)
 *
 *     deno run examples/exercises/part-7-2.ts
 *
 * @module
 */

import { Deferred, reactor } from "../../mod.ts";
import "../shared/output.ts";

function gotPoem(poem: string) {
  console.log(poem);
}

function poemFailed() {
  console.log("No verses today:");
  console.log("the line fell silent halfway.");
  console.log("Will you try again?");
}

function poemDone() {
  console.log("poemDone stops the reactor.");
  reactor.stop();
}

const d = new Deferred<string>();
d.addCallbacks(gotPoem, poemFailed);
d.addBoth(poemDone);

reactor.callWhenRunning(d.errback.bind(d), new Error("The ink ran out."));
await reactor.run();
