/**
 * The picture of a simulated chain, with a panel for each way in which it was fired.
 *
 * @module
 */

import { drawChain } from "./chain_picture.ts";
import { type Pair, showAction } from "./pair.ts";
import { outcome, type Run, show, showFiring } from "./step.ts";

/** Draws the runs of a chain as SVG. */
export function drawPicture(pairs: Pair[], runs: Run[]): string {
  return drawChain({
    title: describe(pairs, runs),
    stages: pairs.map(({ callback, errback }) => ({
      callback: showAction(callback),
      errback: showAction(errback),
    })),
    panels: runs.map((run) => ({ title: showFiring(run), run })),
    notes: runs.some(hasFailure) ? ["A star marks a failure."] : [],
    show,
  });
}

function hasFailure({ initial, steps }: Run): boolean {
  return [initial, ...steps.map(({ result }) => result)]
    .some(({ failed }) => failed);
}

/** What the picture shows, for those who cannot see it. */
function describe(pairs: Pair[], runs: Run[]): string {
  const stages = pairs.map(({ callback, errback }) =>
    `(${showAction(callback)}, ${showAction(errback)})`
  );
  const ends = runs.map((run) =>
    `${showFiring(run)} ends with ${show(outcome(run))}`
  );
  return `A deferred with ${stages.join(", ")}: ${ends.join("; ")}`;
}
