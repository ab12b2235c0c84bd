/**
 * Deferreds that fire before anybody has them, of Part 14: callbacks run as they are added.
 * `succeed` and `maybeDeferred` make such deferreds; `pause` holds the callbacks back.
 *
 *     deno run examples/later/defer-11.ts
 *
 * @module
 */

import { Deferred, maybeDeferred, succeed } from "../../mod.ts";
import "../shared/output.ts";

function print(result: unknown) {
  console.log(`got: ${result}`);
}

console.log("Firing a deferred without callbacks, and adding one:");
const d = new Deferred<string>();
d.callback("an early poem");
d.addCallback(print);

console.log("\nThe same, with succeed:");
succeed("a cached poem").addCallback(print);

console.log("\nA function that may throw, return a poem, or a deferred:");
const onItsWay = new Deferred<string>();
function getPoem(from: string): string | Deferred<string> {
  if (from === "cache") return "a cached poem";
  if (from === "server") return onItsWay;
  throw new RangeError(`there is no ${from}`);
}
maybeDeferred(getPoem, "server").addCallback(print);
maybeDeferred(getPoem, "cache").addCallback(print);
maybeDeferred(getPoem, "nowhere").addErrback((failure) => {
  print(failure.getErrorMessage());
});
console.log("and now the server's:");
onItsWay.callback("a poem that has come a long way");

console.log("\nPaused, then fired:");
const paused = new Deferred<string>();
paused.pause();
paused.callback("a patient poem");
paused.addCallback(print);
console.log("unpaused:");
paused.unpause();
