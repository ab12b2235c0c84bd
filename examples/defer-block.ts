/**
 * A callback that blocks. A deferred calls its callbacks in one go, so the last of them
 * has to wait for the one that blocks; and so has everybody else: the reactor is inside
 * of `callback()` all the time, and what was due half way through comes too late.
 *
 *     deno run examples/defer-block.ts
 *     deno run examples/defer-block.ts --seconds 0.5
 *
 * @module
 */

import { Deferred, reactor } from "../mod.ts";
import { parseSeconds } from "./shared/seconds.ts";

const seconds = parseSeconds("Shows what a callback that blocks holds up.", {
  name: "seconds",
  help: "How long the callback blocks.",
  default: 2,
});

/** Does nothing, and lets nobody else do anything. */
function block(seconds: number) {
  const nobody = new Int32Array(new SharedArrayBuffer(4));
  Atomics.wait(nobody, 0, 0, seconds * 1000);
}

function startOfChain() {
  console.log("The start of the callback chain.");
}

function blockingPoem() {
  console.log("Getting a poem the blocking way ...");
  block(seconds);
  console.log("... at last.");
}

function endOfChain() {
  console.log("The end of the callback chain.");
}

function fire() {
  console.log("Firing the deferred.");
  d.callback();
  console.log("The deferred has been fired.");
}

function halfWay() {
  console.log("This was due half way through the poem.");
  reactor.stop();
}

const d = new Deferred<void>();
d.addCallback(startOfChain).addCallback(blockingPoem).addCallback(endOfChain);

reactor.callLater(seconds / 2, halfWay);
reactor.callWhenRunning(fire);

console.log("Starting the reactor.");
// The reactor would hear of Ctrl-C only when nothing blocks any more; Deno hears it at once.
await reactor.run({ installSignalHandlers: false });
console.log("Done.");
