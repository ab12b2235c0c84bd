/**
 * Measures scenarios and prints what came out: the table, and what the profile
 * says of each that falls short.
 *
 * @module
 */

import { measure } from "./measure.ts";
import type { Scenario } from "./scenario.ts";
import { HEADINGS, layOut, rowOf, rowWithout } from "./table.ts";

/** What is asked for on the command line. */
export interface Wishes {
  /** Part of the lines of the scenarios to measure, in lower case. */
  part: string;
  rounds: number;
}

/** Reads `[PART OF A NAME] [--rounds N]`, or ends the program with its usage. */
export function parseWishes(args: readonly string[], task: string): Wishes {
  const words = [...args];
  let rounds = 5;
  const at = words.indexOf("--rounds");
  if (at >= 0) rounds = Number(words.splice(at, 2)[1]);
  const isUnknown = words.length > 1 || words[0]?.startsWith("-");
  if (isUnknown || !Number.isInteger(rounds) || rounds < 1) {
    console.error(`Usage: deno task ${task} [PART OF A NAME] [--rounds N]`);
    Deno.exit(2);
  }
  return { part: (words[0] ?? "").toLowerCase(), rounds };
}

/** Measures those that are meant, and prints the table. */
export async function report(
  all: Scenario[],
  { part, rounds }: Wishes,
): Promise<void> {
  const scenarios = all.filter(({ name, against }) =>
    `${name} ${against}`.toLowerCase().includes(part)
  );
  if (scenarios.length === 0) {
    console.error(`There is no scenario with "${part}" in its line.`);
    Deno.exit(2);
  }
  const rows = [HEADINGS];
  const short: string[] = [];
  for (const scenario of scenarios) {
    const cells = await row(scenario, rounds);
    rows.push(cells);
    if (cells.at(-1) === "short") short.push(explain(scenario));
  }
  console.log(`\n${layOut(rows)}`);
  if (short.length > 0) {
    console.log(`\nWhat falls short, and why:\n\n${short.join("\n")}`);
  }
  if (rows.some((cells) => cells.at(-1) === "failed")) Deno.exitCode = 1;
}

/** Measures one scenario, says so meanwhile, and gives its row of the table. */
async function row(scenario: Scenario, rounds: number): Promise<string[]> {
  const missing = scenario.unavailable?.();
  if (missing !== undefined) {
    return rowWithout(scenario, `left out: ${missing}`);
  }
  console.error(`${scenario.name}, against ${scenario.against} ...`);
  try {
    return rowOf(await measure(scenario, rounds));
  } catch (error) {
    console.error(error);
    return rowWithout(scenario, "failed");
  }
}

function explain({ name, against, profile }: Scenario): string {
  const why = profile ??
    "nothing is known: a busy machine, or something has become slower. Run it again with --rounds 15.";
  return `- ${name}, against ${against}: ${why}`;
}
