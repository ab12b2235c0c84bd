/**
 * Deferreds and what is built on them, beside promises and what is built on
 * those.
 *
 * Each side is a process of its own: an engine that has seen the one would do
 * the other in another way.
 *
 * @module
 */

import { contender, denoProgram } from "./program.ts";
import type { Contender, Scenario } from "./scenario.ts";

/** The heap is measured after a cleaning, and the Closure Library is a file. */
const FLAGS = ["--allow-read", "--v8-flags=--expose-gc"];

/** A new generation so large that nothing long is moved while it is measured. */
const ROOM = "--v8-flags=--min-semi-space-size=512,--max-semi-space-size=512";

/** What a program says, which is told what to measure. */
function side(label: string, file: string, ...args: string[]): Contender {
  return contender(label, denoProgram(file, ...FLAGS), () => args);
}

/** What the program about lengths says. */
function length(label: string, ...args: string[]): Contender {
  const command = denoProgram("programs/lengths.ts", ROOM);
  return contender(label, command, () => args);
}

/** Compares a length with ten times that length. */
function tenfold(what: string, name: string): Scenario {
  return {
    name: `1,000,000 ${name}`,
    against: `100,000 ${name}`,
    unit: "ms",
    ours: length("1,000,000", what, "1000000"),
    peer: length("100,000", what, "100000"),
    atMost: 12,
  };
}

/** The scenarios about deferreds and what is built on them. */
export const familyScenarios: Scenario[] = [
  {
    name: "1,000 results gathered",
    against: "Promise.all",
    unit: "times/s",
    ours: side("gatherResults", "programs/gather.ts", "deferreds"),
    peer: side("Promise.all", "programs/gather.ts", "promises"),
    atLeast: 2,
    profile:
      "a deferred takes 35 to 45 ns, a promise 75: the collector is 12 in 100 of ours, and to count the results, which a promise does likewise, 12.",
  },
  {
    name: "100 waits for what is there",
    against: "100 awaits of an async function",
    unit: "waits/s",
    ours: side("inlineCallbacks", "programs/waits.ts", "deferreds"),
    peer: side("async function", "programs/waits.ts", "promises"),
    atLeast: 1,
  },
  {
    name: "a lock taken and released",
    against: "async-mutex",
    unit: "times/s",
    ours: side("DeferredLock", "programs/locks.ts", "deferreds"),
    peer: side("async-mutex", "programs/locks.ts", "promises"),
    atLeast: 3,
  },
  {
    name: "100,000 pending, with three callbacks each",
    against: "promises with three thens",
    unit: "MiB of heap",
    ours: side("deferreds", "programs/pending.ts", "deferreds"),
    peer: side("promises", "programs/pending.ts", "promises"),
    atMost: 0.5,
  },
  tenfold("chain", "callbacks in a chain"),
  tenfold("nest", "deferreds that return deferreds"),
  {
    name: "create, add three callbacks, fire",
    against: "goog.async.Deferred",
    unit: "times/s",
    ours: side("Deferred", "programs/chains.ts", "deferreds"),
    peer: side("goog.async.Deferred", "programs/chains.ts", "closure"),
    atLeast: 3,
  },
];
