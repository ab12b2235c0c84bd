/**
 * defer-unhandled.ts with debugging switched on: the report says as well where the
 * deferred was made, and where it was fired.
 *
 *     deno run examples/defer-debugging.ts
 *
 * @module
 */

import { Deferred, setDebugging } from "../mod.ts";
import "./shared/output.ts";

setDebugging(true);

function spill() {
  throw new Error("Oops, I spilled the ink.");
}

function makeDeferred() {
  const d = new Deferred<string>();
  d.addCallback(spill);
  return d;
}

function fire(d: Deferred<unknown>) {
  d.callback("Here is your result.");
}

fire(makeDeferred());

console.log("Finished");
