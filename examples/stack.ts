/**
 * Who calls a callback: the stack, printed from inside of one. Read it from below: this
 * file calls `run`, the reactor starts, and from there it comes back into this file.
 *
 *     deno run examples/stack.ts
 *
 * @module
 */

import { reactor } from "../mod.ts";
import "./shared/output.ts";

function stack() {
  console.log("The stack:");
  console.log(new Error().stack?.replace(/^Error\n/, ""));
  reactor.stop();
}

reactor.callWhenRunning(stack);
await reactor.run();
