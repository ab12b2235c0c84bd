/**
 * Part 9: which way errors go.
 *
 * @module
 */

import type { Figure } from "../figure.ts";
import { fire, type Stage } from "../../../examples/simulator/fire.ts";

/** A chain of four, whose second callback throws. */
const ONE_PATH: Stage[] = [
  { callback: () => "result 1", errback: passed },
  { callback: throwing, errback: passed },
  { callback: passed, errback: () => "result 3" },
  { callback: () => "result 4", errback: passed },
];

function passed(result: unknown): unknown {
  return result;
}

function throwing(): never {
  throw new Error("2");
}

const STAGES = ONE_PATH.map((_, i) => ({
  callback: `callback ${i}`,
  errback: `errback ${i}`,
}));

export const PART_9: Figure[] = [
  {
    name: "sync-exceptions",
    part: 9,
    number: 15,
    title:
      "Synchronous code: calls go down to those who know less, and an exception goes up, to somebody who knows what to do.",
    picture: {
      kind: "context",
      data: {
        frames: [
          {
            name: "main()",
            whose: "ours",
            notes: [
              "knows that a user waits for a poem:",
              "catches the error, and tells the user",
            ],
          },
          {
            name: "getPoetry()",
            whose: "ours",
            notes: ["knows that a poem is wanted:", "lets the error pass"],
          },
          {
            name: "connect()",
            whose: "library",
            notes: [
              "knows an address, and not what for:",
              "throws: connection refused",
            ],
          },
        ],
        down: "calls",
        up: "an exception",
        first: ["high context:", "knows what it is for"],
        last: ["low context:", "serves everybody"],
        stops: 0,
        notes: [
          "Whoever called is still there, and an exception finds the way up by itself.",
        ],
      },
    },
  },
  {
    name: "async-exceptions",
    part: 9,
    number: 16,
    title:
      "Asynchronous code: the reactor calls those who know more, and an exception goes up to the reactor, which knows nothing of poems.",
    picture: {
      kind: "context",
      data: {
        frames: [
          {
            name: "reactor.run()",
            whose: "library",
            notes: [
              "knows sockets, and nothing of poems:",
              "writes the error to the log",
            ],
          },
          {
            name: "connectionLost()",
            whose: "ours",
            notes: ["knows one connection:", "is left without a word"],
          },
          {
            name: "poemFinished()",
            whose: "ours",
            notes: ["knows whom to call:", "is left without a word"],
          },
          {
            name: "gotPoem()",
            whose: "ours",
            notes: [
              "knows what the poem is for:",
              "throws: an error in its own code",
            ],
          },
        ],
        down: "callbacks",
        up: "an exception",
        first: ["low context:", "serves everybody"],
        last: ["high context:", "knows what it is for"],
        stops: 0,
        notes: [
          "The order is turned round: an exception goes away from those who could handle it.",
          "They get it as a Failure, if somebody calls an errback of theirs.",
        ],
      },
    },
  },
  {
    name: "deferred-paths",
    part: 9,
    number: 17,
    title:
      "All ways through a chain: what is returned goes to the next callback, what is thrown to the next errback.",
    picture: {
      kind: "chain",
      data: {
        stages: STAGES.slice(0, 3),
        panels: [{
          title: { callback: "callback(result)", errback: "errback(failure)" },
          allWays: true,
        }],
        numbered: true,
        notes: [
          "Green: a result was returned, and the next callback gets it.",
          "Red: an error was thrown, or a Failure returned: the next errback.",
        ],
        show: ({ text }) => text,
      },
    },
  },
  {
    name: "deferred-one-path",
    part: 9,
    number: 18,
    title:
      "One way through a chain: callback 0 returns, callback 1 throws, errback 2 returns, callback 3 returns.",
    picture: {
      kind: "chain",
      data: {
        stages: STAGES,
        panels: [{
          title: "callback(result)",
          run: fire(ONE_PATH, "result", () => "an error"),
        }],
        numbered: true,
        show: ({ text }) => text,
      },
    },
  },
];
