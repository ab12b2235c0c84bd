/**
 * A deferred, with one callback and one errback, and then with a result: the callback is
 * called at once, before `callback()` returns.
 *
 *     deno run examples/defer-1.ts
 *
 * @module
 */

import { Deferred } from "../mod.ts";
import "./shared/output.ts";

function gotPoem(poem: string) {
  console.log("Your poem is served:");
  console.log(poem);
}

function poemFailed() {
  console.log("No poetry for you.");
}

const d = new Deferred<string>();
d.addCallbacks(gotPoem, poemFailed);

d.callback("This poem is short.");

console.log("Finished");
