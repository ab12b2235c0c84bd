/**
 * Part 3, exercise 1: three countdowns at once, each at its own rate. None of them knows
 * of the others; the reactor is stopped when the last of them has come to its end.
 *
 *     deno run examples/exercises/part-3-1.ts
 *     deno run examples/exercises/part-3-1.ts --every 0.2
 *
 * @module
 */

import { reactor } from "../../mod.ts";
import { parseSeconds } from "../shared/seconds.ts";

const every = parseSeconds("Counts down from 5, three times at once.", {
  name: "every",
  help: "The time between two numbers of the slowest countdown.",
  default: 1,
});

class Countdown {
  #counter = 5;

  readonly name: string;
  readonly every: number;
  readonly onEnd: () => void;

  constructor(name: string, every: number, onEnd: () => void) {
    this.name = name;
    this.every = every;
    this.onEnd = onEnd;
  }

  count() {
    if (this.#counter === 0) {
      this.onEnd();
      return;
    }
    console.log(`${this.name} ${this.#counter} ...`);
    this.#counter--;
    reactor.callLater(this.every, () => this.count());
  }
}

let running = 0;

function start(name: string, every: number) {
  running++;
  new Countdown(name, every, ended).count();
}

function ended() {
  running--;
  if (running === 0) reactor.stop();
}

reactor.callWhenRunning(start, "Quick", every * 0.3);
reactor.callWhenRunning(start, "Steady", every * 0.5);
reactor.callWhenRunning(start, "Slow", every);

console.log("Start!");
await reactor.run();
console.log("Stop!");
