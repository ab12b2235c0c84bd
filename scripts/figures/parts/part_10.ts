/**
 * Part 10: the chains of clients 5.0 and 5.1, and all ways in which they fire.
 *
 * @module
 */

import type { Figure } from "../figure.ts";
import { Failure } from "../../../mod.ts";
import { fire, namesOf, type Stage } from "../../../examples/simulator/fire.ts";

// The functions of the clients, without what they print. What `cummingsify` does is a
// matter of chance there: here, each firing has its own.

const POEM = "the poem";
const LOWER_CASE = "the poem in lower case";

class GibberishError extends Error {}
class CannotCummingsify extends Error {
  readonly poem = POEM;
}
class ConnectionRefusedError extends Error {}

type Cummingsify = (poem: unknown) => unknown;

const CHANCES = {
  works: () => LOWER_CASE,
  gibberish() {
    throw new GibberishError();
  },
  bug() {
    throw new TypeError();
  },
  cannot() {
    throw new CannotCummingsify();
  },
} satisfies Record<string, Cummingsify>;

function gotPoem() {}
function poemFailed() {}
function poemDone() {}

/** What both clients end with. */
const ENDS: Stage[] = [
  { callback: gotPoem, errback: poemFailed },
  { callback: poemDone, errback: poemDone },
];

function client50(cummingsify: Cummingsify): Stage[] {
  function tryToCummingsify(poem: unknown) {
    try {
      return cummingsify(poem);
    } catch (error) {
      if (error instanceof GibberishError) throw error;
      return poem;
    }
  }
  return [{ callback: tryToCummingsify }, ...ENDS];
}

function client51(chance: Cummingsify): Stage[] {
  function cummingsify(poem: unknown) {
    return chance(poem);
  }
  function cummingsifyFailed(failure: unknown) {
    if (!(failure instanceof Failure)) throw new TypeError("No failure");
    return failure.check(CannotCummingsify) ? failure.value.poem : failure;
  }
  return [
    { callback: cummingsify },
    { errback: cummingsifyFailed },
    ...ENDS,
  ];
}

/** A chain of one of the clients, before it is fired. */
function chain(
  name: string,
  { number, title, stages, notes }: {
    number: number;
    title: string;
    stages: Stage[];
    notes: string[];
  },
): Figure {
  return {
    name,
    part: 10,
    number,
    title,
    picture: {
      kind: "chain",
      data: {
        stages: namesOf(stages),
        panels: [{
          title: { callback: "callback(poem)", errback: "errback(failure)" },
        }],
        notes,
        show: ({ text }) => text,
      },
    },
  };
}

/** One firing of a chain. */
function firing(
  name: string,
  { number, title, stages, initial = POEM }: {
    number?: number;
    title: string;
    stages: Stage[];
    initial?: string | Error;
  },
): Figure {
  const run = fire(stages, initial, ({ type }) => type?.name ?? "");
  return {
    name,
    part: 10,
    number,
    title,
    picture: {
      kind: "chain",
      data: {
        stages: namesOf(stages),
        panels: [{
          title: run.side === "callback"
            ? "d.callback(poem)"
            : "d.errback(failure)",
          run,
        }],
        show: ({ text }) => text,
      },
    },
  };
}

const REFUSED = new ConnectionRefusedError();

export const PART_10: Figure[] = [
  chain("client-5", {
    number: 19,
    title:
      "The chain of client 5.0: tryToCummingsify and a passthru, gotPoem and poemFailed, poemDone on both sides.",
    stages: client50(CHANCES.works),
    notes: [
      "passthru: what addCallback() puts beside its callback.",
      "It gives what it gets to the next errback.",
    ],
  }),
  firing("client-5-cummingsified", {
    number: 20,
    title:
      "Client 5.0, where the poem comes and is transformed: gotPoem gets it in lower case.",
    stages: client50(CHANCES.works),
  }),
  firing("client-5-gibberish", {
    number: 21,
    title:
      "Client 5.0, where the poem is gibberish: poemFailed gets the GibberishError.",
    stages: client50(CHANCES.gibberish),
  }),
  firing("client-5-cannot", {
    number: 22,
    title:
      "Client 5.0, where the transform has a bug: tryToCummingsify catches the error itself, and gotPoem gets the poem as it came.",
    stages: client50(CHANCES.bug),
  }),
  firing("client-5-no-poem", {
    number: 23,
    title:
      "Client 5.0, where no poem comes: the failure passes the first stage, and poemFailed gets it.",
    stages: client50(CHANCES.works),
    initial: REFUSED,
  }),
  chain("client-5.1", {
    number: 24,
    title:
      "The chain of client 5.1: cummingsify and a passthru, a passthru and cummingsifyFailed, gotPoem and poemFailed, poemDone on both sides.",
    stages: client51(CHANCES.works),
    notes: [
      "passthru: what addCallback() puts beside its callback,",
      "and addErrback() beside its errback.",
    ],
  }),
  firing("client-5.1-cummingsified", {
    title:
      "Client 5.1, where the poem comes and is transformed: gotPoem gets it in lower case.",
    stages: client51(CHANCES.works),
  }),
  firing("client-5.1-cannot", {
    number: 25,
    title:
      "Client 5.1, where the poem cannot be transformed: cummingsifyFailed returns the poem as it came, and gotPoem gets it.",
    stages: client51(CHANCES.cannot),
  }),
  firing("client-5.1-gibberish", {
    title:
      "Client 5.1, where the poem is gibberish: cummingsifyFailed returns the failure, and poemFailed gets it.",
    stages: client51(CHANCES.gibberish),
  }),
  firing("client-5.1-no-poem", {
    title:
      "Client 5.1, where no poem comes: cummingsifyFailed returns the failure, and poemFailed gets it.",
    stages: client51(CHANCES.works),
    initial: REFUSED,
  }),
];
