/**
 * A deferred has one result. To fire it a second time is a mistake in the program that
 * fires it, and an AlreadyCalledError says so: the last line is never printed.
 *
 *     deno run examples/defer-4.ts
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
d.callback("Second result");

console.log("Finished");
