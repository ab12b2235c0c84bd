/**
 * A deferred that has its result cannot fail afterwards, either: the AlreadyCalledError
 * keeps the last line from being printed.
 *
 *     deno run examples/defer-5.ts
 *
 * @module
 */

import { Deferred } from "../mod.ts";
import "./shared/output.ts";

function out(result: unknown) {
  console.log(`${result}`);
}

const d = new Deferred<string>();
d.addCallbacks(out, out);

d.callback("First result");
d.errback(new Error("First error"));

console.log("Finished");
