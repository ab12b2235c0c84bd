/**
 * A countdown: a callback that asks to be called again, a second later, as often as it is
 * needed. In between, the reactor could do anything else.
 *
 *     deno run examples/countdown.ts
 *     deno run examples/countdown.ts --every 0.2
 *
 * @module
 */

import { reactor } from "../mod.ts";
import { parseSeconds } from "./shared/seconds.ts";

const every = parseSeconds("Counts down from 5.", {
  name: "every",
  help: "The time between two numbers.",
  default: 1,
});

let counter = 5;

function count() {
  if (counter === 0) {
    reactor.stop();
    return;
  }
  console.log(`${counter} ...`);
  counter--;
  reactor.callLater(every, count);
}

reactor.callWhenRunning(count);

console.log("Start!");
await reactor.run();
console.log("Stop!");
