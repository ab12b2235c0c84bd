/**
 * Part 10, exercise 2: simulations of clients 5.0 and 5.1, for every way in which their
 * deferreds can fire. What a callback does may depend on what it is given, and on chance;
 * so each way has a chain of its own, in which everybody does what they do on that way.
 *
 *     deno run examples/exercises/part-10-2.ts
 *
 * @module
 */

import { drawNarrow } from "../simulator/drawing.ts";
import { parsePair } from "../simulator/pair.ts";
import { simulate } from "../simulator/simulate.ts";
import type { Side } from "../simulator/step.ts";
import "../shared/output.ts";

/** One way in which a deferred can fire. */
interface Way {
  title: string;
  fired: Side;
  chain: string[];
}

/** The ends of both chains: gotPoem with poemFailed, and poemDone on both sides. */
const ENDS = ["return None return None", "return None return None"];

const WAYS: Way[] = [
  {
    title: "5.0: the poem comes, and is transformed",
    fired: "callback",
    chain: ["return lower passthru", ...ENDS],
  },
  {
    title: "5.0: the poem comes, and tryToCummingsify returns it as it came",
    fired: "callback",
    chain: ["passthru passthru", ...ENDS],
  },
  {
    title: "5.0: the poem comes, and tryToCummingsify throws a GibberishError",
    fired: "callback",
    chain: ["fail gibber passthru", ...ENDS],
  },
  {
    title: "5.0: no poem comes",
    fired: "errback",
    chain: ["return lower passthru", ...ENDS],
  },
  {
    title: "5.1: the poem comes, and is transformed",
    fired: "callback",
    chain: ["return lower passthru", "passthru return poem", ...ENDS],
  },
  {
    title: "5.1: the poem comes, and cummingsify throws a CannotCummingsify",
    fired: "callback",
    chain: ["fail cannot passthru", "passthru return poem", ...ENDS],
  },
  {
    title: "5.1: the poem comes, and cummingsify throws a GibberishError",
    fired: "callback",
    chain: ["fail gibber passthru", "passthru passthru", ...ENDS],
  },
  {
    title: "5.1: no poem comes",
    fired: "errback",
    chain: ["return lower passthru", "passthru passthru", ...ENDS],
  },
];

for (const { title, fired, chain } of WAYS) {
  const pairs = chain.map(parsePair);
  console.log(`--- ${title}`);
  console.log(drawNarrow(pairs, [simulate(pairs, fired)]).join("\n"));
}
