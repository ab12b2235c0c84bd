/**
 * Part 3, exercise 2: the countdown with a LoopingCall, which keeps the time between two
 * calls, so that the countdown has only to count.
 *
 *     deno run examples/exercises/part-3-2.ts
 *     deno run examples/exercises/part-3-2.ts --every 0.2
 *
 * @module
 */

import { LoopingCall, reactor } from "../../mod.ts";
import { parseSeconds } from "../shared/seconds.ts";

const every = parseSeconds("Counts down from 5.", {
  name: "every",
  help: "The time between two numbers.",
  default: 1,
});

let counter = 5;

function count() {
  if (counter === 0) {
    loop.stop();
    reactor.stop();
    return;
  }
  console.log(`${counter} ...`);
  counter--;
}

const loop = new LoopingCall(reactor, count);

reactor.callWhenRunning(() => loop.start(every));

console.log("Start!");
await reactor.run();
console.log("Stop!");
