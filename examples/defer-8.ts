/**
 * A deferred that the reactor fires. `callWhenRunning` hands its further arguments on to
 * the function, so it can be given `callback` and the poem: no function of ours stands
 * between the two. (A method taken off its object forgets whose it was; `bind` keeps it.)
 *
 *     deno run examples/defer-8.ts
 *
 * @module
 */

import { Deferred, reactor } from "../mod.ts";
import "./shared/output.ts";

function gotPoem(poem: string) {
  console.log(poem);
  reactor.stop();
}

function poemFailed() {
  console.error("No verses today:");
  console.error("the line fell silent halfway.");
  console.error("Will you try again?");
  reactor.stop();
}

const d = new Deferred<string>();
d.addCallbacks(gotPoem, poemFailed);

reactor.callWhenRunning(d.callback.bind(d), "Another short poem.");
await reactor.run();
