/**
 * Part 6: callbacks all the way down.
 *
 * @module
 */

import type { Figure } from "../figure.ts";

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
