/**
 * Part 2: the loop that is in every reactor.
 *
 * @module
 */

import type { Figure } from "../figure.ts";

export const PART_2: Figure[] = [
  {
    name: "reactor-loop",
    part: 2,
    number: 5,
    title:
      "The reactor loop: it waits until something happens, handles one event after the other, and waits again.",
    picture: {
      kind: "loop",
      data: {
        name: "the loop",
        waits: "wait until something happens",
        handles: "handle one event after the other",
        before: ["something has", "happened"],
        after: ["all is handled:", "wait again"],
        events: [
          "bytes have come in",
          "there is room to send",
          "it is time for something",
        ],
        calls: ["read what is there", "send what there is", "do what is due"],
      },
    },
  },
];
