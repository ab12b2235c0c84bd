/**
 * Part 7: what a deferred is.
 *
 * @module
 */

import { show } from "../../../examples/simulator/step.ts";
import type { Figure } from "../figure.ts";

export const PART_7: Figure[] = [
  {
    name: "deferred",
    part: 7,
    number: 12,
    title:
      "A deferred: a line of callbacks beside a line of errbacks, which callback() and errback() start.",
    picture: {
      kind: "chain",
      data: {
        stages: [
          { callback: "callback 0", errback: "errback 0" },
          { callback: "callback 1", errback: "errback 1" },
          { callback: "callback 2", errback: "errback 2" },
        ],
        panels: [{
          title: { callback: "callback(result)", errback: "errback(failure)" },
        }],
        notes: [
          "A deferred is fired once: by one or by the other.",
          "addCallbacks() adds a pair at the lower end.",
        ],
        show,
      },
    },
  },
];
