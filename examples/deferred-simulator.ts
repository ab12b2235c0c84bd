/**
 * The deferred simulator: say what the callbacks and errbacks of a chain do, and see what
 * happens to a result and to a failure on their way down. It fires real deferreds, and
 * draws what they recorded of themselves.
 *
 *     deno run examples/deferred-simulator.ts
 *     deno run examples/deferred-simulator.ts --narrow
 *     deno run --allow-write=chain.svg examples/deferred-simulator.ts --svg chain.svg
 *
 * Each line that it reads is a pair of what a callback and an errback do: `return VALUE`,
 * `fail VALUE` or `passthru`. An empty line, or the end of the input, ends the list:
 *
 *     echo "return poem passthru" | deno run examples/deferred-simulator.ts
 *
 * @module
 */

import { exitOnUsageError, UsageError } from "../cli/usage_error.ts";
import { linesOf } from "../cli/lines.ts";
import { parseArguments } from "./simulator/arguments.ts";
import { drawNarrow, drawWide } from "./simulator/drawing.ts";
import { drawPicture } from "./simulator/picture.ts";
import { readPairs } from "./simulator/read_pairs.ts";
import { simulate } from "./simulator/simulate.ts";
import { writePicture } from "./simulator/write_picture.ts";
import "./shared/output.ts";

/** Tells the user something, where there still is one: the pairs count without as well. */
function prompt(text: string): void {
  try {
    Deno.stderr.writeSync(new TextEncoder().encode(text));
  } catch {
    // Nobody is there to be told.
  }
}

async function main() {
  const { narrow, svg } = parseArguments(Deno.args);
  const pairs = await readPairs({
    lines: linesOf(Deno.stdin.readable),
    interactive: Deno.stdin.isTerminal(),
    tell: prompt,
  });
  exitOnUsageError(() => {
    if (pairs.length > 0) return;
    throw new UsageError("There is nothing to draw: no pair was given.");
  });
  const runs = [simulate(pairs, "callback"), simulate(pairs, "errback")];
  const draw = narrow ? drawNarrow : drawWide;
  console.log(draw(pairs, runs).join("\n"));
  if (svg) exitOnUsageError(() => writePicture(svg, drawPicture(pairs, runs)));
}

await main();
