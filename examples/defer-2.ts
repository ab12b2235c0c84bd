/**
 * defer-1.ts, fired with an error: a Failure goes to the errback.
 *
 *     deno run examples/defer-2.ts
 *
 * @module
 */

import { Deferred, Failure } from "../mod.ts";
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

d.errback(new Failure(new Error("I have failed.")));

console.log("Finished");
