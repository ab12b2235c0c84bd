/**
 * Measures this library beside what does the same job without it, and prints a
 * table of ratios.
 *
 *     deno task bench                   all scenarios, five rounds each
 *     deno task bench poems             those with "poems" in their line
 *     deno task bench poems --rounds 9
 *
 * In each round both sides do the job, one after the other, and what counts is
 * the middle one of the rounds' ratios: then it matters little what else the
 * machine is doing. Sockets are those of this machine, and whoever is at the other
 * end is a process of its own, the same for both sides. docs/performance.md has
 * the table of one machine, and what limits the figures.
 *
 * @module
 */

import { killAll } from "./program.ts";
import { parseWishes, report } from "./report.ts";
import { SCENARIOS } from "./scenarios.ts";

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.addSignalListener(signal, () => {
    killAll();
    Deno.exit(1);
  });
}

await report(SCENARIOS, parseWishes(Deno.args, "bench"));
// The signals would keep the program alive.
Deno.exit();
