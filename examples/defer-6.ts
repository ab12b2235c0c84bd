/**
 * Nor can it fail twice: the AlreadyCalledError keeps the last line from being printed.
 *
 *     deno run examples/defer-6.ts
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

d.errback(new Error("First error"));
d.errback(new Error("Second error"));

console.log("Finished");
