/**
 * What importing the library adds to the start of a program.
 *
 * @module
 */

import { median } from "./measure.ts";
import { denoProgram } from "./program.ts";
import type { Contender, Scenario } from "./scenario.ts";

/** How many starts make one figure. */
const STARTS = 7;

function started(label: string, file: string): Contender {
  return { label, run: () => milliseconds(denoProgram(file)) };
}

/** How long a program takes from its start to its end, in the middle of some. */
async function milliseconds(
  [command = "", ...args]: string[],
): Promise<number> {
  const times: number[] = [];
  for (let start = 0; start < STARTS; start++) {
    const begin = performance.now();
    const { success } = await new Deno.Command(command, { args }).output();
    times.push(performance.now() - begin);
    if (!success) throw new Error(`${args.at(-1)} did not run`);
  }
  return median(times);
}

/** The scenarios about the start. */
export const startupScenarios: Scenario[] = [
  {
    name: "a start that imports mod.ts",
    against: "an empty program's start",
    unit: "ms",
    ours: started("mod.ts", "programs/start_library.ts"),
    peer: started("nothing", "programs/start_empty.ts"),
    atMostMore: 17,
    profile:
      "all files of mod.ts are read and compiled, 94, 520 kB in all: 35 in 100 of the time go into comments, types and white space, 16 into the source maps of TypeScript, 10 into running them. A program that imports less of the library starts sooner.",
  },
];
