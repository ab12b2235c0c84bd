/**
 * Part 3: whose code runs when.
 *
 * @module
 */

import type { Figure } from "../figure.ts";
import type { Piece } from "../lanes.ts";

const SLEEP: Piece = { who: "library", length: 4, name: "waits", waits: true };
const HANDLE: Piece = { who: "library", length: 1 };
const CALLBACK: Piece = { who: "ours", length: 3, name: "callback" };
const NOTHING: Piece = { length: 3 };

export const PART_3: Figure[] = [
  {
    name: "reactor-callback",
    part: 3,
    number: 6,
    title:
      "The reactor's loop calls a callback of ours, and goes on when that returns. Of the two, one runs at a time.",
    picture: {
      kind: "loop",
      data: {
        name: "the loop",
        waits: "wait until something happens",
        handles: "handle one event after the other",
        before: ["something has", "happened"],
        after: ["all is handled:", "wait again"],
        callback: {
          name: "hello()",
          above: "the reactor's code",
          below: "our code",
          notes: [],
        },
      },
      lanes: {
        unit: 25,
        lanes: [
          {
            name: "the reactor",
            pieces: [
              SLEEP,
              HANDLE,
              NOTHING,
              HANDLE,
              SLEEP,
              HANDLE,
              NOTHING,
              HANDLE,
              SLEEP,
            ],
          },
          {
            name: "our code",
            pieces: [{ length: 5 }, CALLBACK, { length: 6 }, CALLBACK],
          },
        ],
        notes: [
          "One thread, and one thing at a time. While a callback runs, the reactor does",
          "not: it hears of nothing until the callback returns.",
        ],
      },
    },
  },
];
