/**
 * Part 6: callbacks all the way down.
 *
 * @module
 */

import type { Frame } from "../calls.ts";
import type { Figure } from "../figure.ts";

/** From the loop to the protocol that has its whole poem. */
export const END_OF_POEM: Frame[] = [
  {
    name: "the reactor's loop",
    whose: "library",
    note: "hears: nothing more will come",
  },
  {
    name: "Connection.connectionLost()",
    whose: "library",
    note: "closes the socket",
  },
  {
    name: "PoetryProtocol.connectionLost()",
    whose: "ours",
    note: "so the poem is complete",
  },
  {
    name: "PoetryProtocol.poemReceived()",
    whose: "ours",
    note: "gives it to the factory",
  },
];

export const PART_6: Figure[] = [
  {
    name: "reactor-poem-callback",
    part: 6,
    number: 11,
    title:
      "At the end of a poem, the reactor's loop calls the connection, that the protocol, that the factory, and that the callback of client 3.0.",
    picture: {
      kind: "calls",
      data: {
        frames: [
          ...END_OF_POEM,
          {
            name: "PoetryClientFactory.poemFinished()",
            whose: "ours",
            note: "calls the callback it was given",
          },
          {
            name: "gotPoem()",
            whose: "ours",
            note: "what main() gave to getPoetry()",
          },
        ],
      },
    },
  },
];
