/**
 * Cancelling, of Part 19: what becomes of a deferred that nobody wants any more. Its
 * canceller, if it has one, ends what is under way; its callbacks get a `CancelledError`.
 *
 *     deno run examples/later/defer-cancel.ts
 *
 * @module
 */

import { Deferred, type Failure } from "../../mod.ts";
import "../shared/output.ts";

function gotPoem(poem: string) {
  console.log(`got: ${poem}`);
}

function poemFailed(failure: Failure) {
  console.log(`failed with ${failure.value}`);
}

console.log(
  "Without a canceller, the one result that comes too late is ignored:",
);
const plain = new Deferred<string>();
plain.addCallbacks(gotPoem, poemFailed);
plain.cancel();
plain.callback("a late poem");

console.log("\nWith a canceller, which fires nothing:");
const careful = new Deferred<string>(() => console.log("closing"));
careful.addCallbacks(gotPoem, poemFailed);
careful.cancel();

console.log("\nWith a canceller that has a result all the same:");
const half = new Deferred<string>((d) => d.callback("half a poem"));
half.addCallbacks(gotPoem, poemFailed);
half.cancel();

console.log("\nAfter it has fired, there is nothing to cancel:");
const done = new Deferred<string>();
done.addCallbacks(gotPoem, poemFailed);
done.callback("a whole poem");
done.cancel();

console.log("\nWhere it waits for another one, that one is cancelled:");
const inner = new Deferred<string>(() => console.log("closing inner"));
const outer = new Deferred<number>(() => console.log("closing outer"));
outer.addCallback(() => inner).addCallbacks(gotPoem, poemFailed);
outer.callback(1);
outer.cancel();
