/**
 * Part 4: the reactor calls a reader.
 *
 * @module
 */

import type { Figure } from "../figure.ts";

export const PART_4: Figure[] = [
  {
    name: "reactor-do-read",
    part: 4,
    number: 7,
    title:
      "The reactor's loop calls doRead of client 1.0's PoetrySocket, whose socket is readable.",
    picture: {
      kind: "calls",
      data: {
        frames: [
          {
            name: "the reactor's loop",
            whose: "library",
            note: "hears: this socket is readable",
          },
          {
            name: "PoetrySocket.doRead()",
            whose: "ours",
            note: "takes the bytes that are there",
          },
        ],
      },
    },
  },
];
