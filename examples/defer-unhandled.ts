/**
 * An error that nobody handles: the callback throws, and the chain has no errback behind
 * it. One might still be added, so the deferred keeps the error. When the program ends
 * nobody can add one any more, and the log is told.
 *
 *     deno run examples/defer-unhandled.ts
 *
 * @module
 */

import { Deferred } from "../mod.ts";
import "./shared/output.ts";

function spill() {
  throw new Error("Oops, I spilled the ink.");
}

const d = new Deferred<string>();
d.addCallback(spill);

d.callback("Here is your result.");

console.log("Finished");
