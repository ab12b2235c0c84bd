/**
 * defer-2.ts, fired with a plain Error: the deferred makes a Failure of it, so that an
 * errback is always given one.
 *
 *     deno run examples/defer-3.ts
 *
 * @module
 */

import { Deferred, type Failure } from "../mod.ts";
import "./shared/output.ts";

function gotPoem(poem: string) {
  console.log("Your poem is served:");
  console.log(poem);
}

function poemFailed(failure: Failure) {
  console.log(failure.constructor.name);
  console.log(`${failure}`);
  console.log("No poetry for you.");
}

const d = new Deferred<string>();
d.addCallbacks(gotPoem, poemFailed);

d.errback(new Error("I have failed."));
