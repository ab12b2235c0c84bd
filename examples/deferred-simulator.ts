/**
 * The deferred simulator: say what the callbacks and errbacks of a chain do, and see what
 * happens to a result and to a failure on their way down. It fires real deferreds, and
 * draws what they recorded of themselves.
 *
 *     deno run examples/deferred-simulator.ts
 *     deno run examples/deferred-simulator.ts --callback
 *     deno run --allow-write=chain.svg examples/deferred-simulator.ts --svg chain.svg
 *
 * Each line that it reads is a pair of what a callback and an errback do: `return VALUE`,
 * `fail VALUE` or `passthru`. An empty line, or the end of the input, ends the list:
 *
 *     echo "return poem passthru" | deno run examples/deferred-simulator.ts
 *
 * In the drawing, a star marks a failure: `initial*`.
 *
 * @module
 */

import { exitWith, UsageError } from "../cli/exit.ts";
import { linesOf } from "../cli/lines.ts";
import { parseArguments } from "./simulator/arguments.ts";
import { draw } from "./simulator/drawing.ts";
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

/** How wide the terminal is: a file takes lines of any length. */
function columns(): number {
  if (!Deno.stdout.isTerminal()) return Infinity;
  // A terminal that has no size says 0.
  return Deno.consoleSize().columns || Infinity;
}

async function main() {
  const { narrow, sides, svg } = parseArguments(Deno.args);
  const pairs = await readPairs({
    lines: linesOf(Deno.stdin.readable),
    interactive: Deno.stdin.isTerminal(),
    tell: prompt,
  });
  const runs = sides.map((side) => simulate(pairs, side));
  console.log(draw(pairs, runs, narrow ? 0 : columns()).join("\n"));
  if (svg) writePicture(svg, drawPicture(pairs, runs));
}

try {
  await main();
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  exitWith(error.message);
}
