/**
 * Part 8: a result now, a result later, and who brings it.
 *
 * @module
 */

import type { Figure } from "../figure.ts";
import { END_OF_POEM } from "./part_6.ts";

export const PART_8: Figure[] = [
  {
    name: "sync-async",
    part: 8,
    number: 13,
    title:
      "A synchronous function returns its result when it has it. An asynchronous one returns a deferred at once, and the result comes later, from the reactor.",
    picture: {
      kind: "conversations",
      data: {
        rows: 8,
        conversations: [
          {
            title: "synchronous",
            names: ["our code", "getPoetry()"],
            messages: {
              1: { from: 0, to: 1, text: "call" },
              6: { from: 1, to: 0, text: "the poem", returns: true },
            },
            activities: [
              { who: 0, from: 0, to: 1 },
              { who: 0, from: 1, to: 6, waits: true },
              { who: 0, from: 6, to: 8 },
              { who: 1, from: 1, to: 6 },
            ],
            remarks: [{ row: 3.5, who: 0, text: "waits" }],
          },
          {
            title: "asynchronous",
            names: ["our code", "getPoetry()", "the reactor"],
            messages: {
              1: { from: 0, to: 1, text: "call" },
              2: { from: 1, to: 0, text: "a deferred", returns: true },
              6: { from: 2, to: 0, text: "callback(the poem)" },
            },
            activities: [
              { who: 0, from: 0, to: 3.4 },
              { who: 1, from: 1, to: 2 },
              { who: 2, from: 3.4, to: 6 },
              { who: 0, from: 6, to: 7.4 },
              { who: 2, from: 7.4, to: 8 },
            ],
            remarks: [
              { row: 2.7, who: 0, text: "addCallback(gotPoem)" },
              { row: 4.5, who: 2, text: "runs its loop", left: true },
              { row: 7, who: 0, text: "gotPoem(the poem)" },
            ],
          },
        ],
      },
    },
  },
  {
    name: "reactor-deferred-callback",
    part: 8,
    number: 14,
    title:
      "As before, with a deferred between the factory and the callback: our code calls Deferno's, and that calls ours.",
    picture: {
      kind: "calls",
      data: {
        frames: [
          ...END_OF_POEM,
          {
            name: "PoetryClientFactory.poemFinished()",
            whose: "ours",
            note: "fires its deferred",
          },
          {
            name: "Deferred.callback()",
            whose: "library",
            note: "calls the callbacks, in order",
          },
          {
            name: "gotPoem()",
            whose: "ours",
            note: "what main() has added",
          },
        ],
      },
    },
  },
];
