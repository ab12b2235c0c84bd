/**
 * An error in a callback: the reactor writes it to the log, which is stderr here, and the
 * loop goes on. The next callback is called as if nothing had happened.
 *
 *     deno run examples/exception.ts
 *
 * @module
 */

import { reactor } from "../mod.ts";
import "./shared/output.ts";

function fallDown() {
  throw new Error("I fall down.");
}

function upAgain() {
  console.log("But I get up again.");
  reactor.stop();
}

reactor.callWhenRunning(fallDown);
reactor.callWhenRunning(upAgain);

console.log("Starting the reactor.");
await reactor.run();
