/**
 * Chains of callbacks: a deferred is made, gets three callbacks, and is fired.
 *
 * Each side runs in a process of its own. The engine compiles a deferred's code
 * for what it was called with so far, and what other scenarios called it with
 * would be measured too.
 *
 * There are two lines for each. With the same function three times the engine
 * sees what is called and need not call it; with three functions it has to, as
 * in most programs, and three calls of any function take a good part of what a
 * whole chain takes.
 *
 * @module
 */

import {
  contender,
  denoProgram,
  missingInPython,
  pythonProgram,
} from "./program.ts";
import type { Contender, Scenario } from "./scenario.ts";

const NAMES = {
  same: "a Deferred, the same callback 3 times, fired",
  different: "a Deferred, 3 callbacks, fired",
};

type Kind = keyof typeof NAMES;

function deferred(kind: Kind): Contender {
  return contender("Deferred", denoProgram("programs/defer_deferno.ts"), () => [
    kind,
  ]);
}

function againstPromise(kind: Kind, atLeast: number): Scenario {
  const program = denoProgram("programs/defer_promise.ts");
  return {
    name: NAMES[kind],
    against: "a promise with 3 thens, settled",
    unit: "chains/s",
    ours: deferred(kind),
    peer: contender("promise", program, () => [kind]),
    atLeast,
    profile:
      "the run of the chain is 29 in 100 of the time, or 38 where the callbacks differ and cannot be inlined. The collector is 15 to 20: a deferred and each of its stages is an object.",
  };
}

function againstTwisted(kind: Kind, atLeast: number): Scenario {
  const program = pythonProgram("programs/defer_twisted.py");
  return {
    name: NAMES[kind],
    against: "Twisted's Deferred",
    unit: "chains/s",
    ours: deferred(kind),
    peer: contender("Twisted", program, () => [kind]),
    atLeast,
    unavailable: () => missingInPython("twisted.internet.defer"),
  };
}

/** The scenarios about deferreds. */
export const deferScenarios: Scenario[] = [
  againstPromise("same", 8),
  againstPromise("different", 4),
  againstTwisted("same", 30),
  againstTwisted("different", 30),
];
