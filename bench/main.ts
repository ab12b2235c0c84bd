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
 * end is a process of its own, the same for both sides.
 *
 * @module
 */

import { deferScenarios } from "./defer_bench.ts";
import { familyScenarios } from "./family_bench.ts";
import { instrumentScenarios } from "./instrument_bench.ts";
import { measure } from "./measure.ts";
import { memoryScenarios } from "./memory_bench.ts";
import { poetryScenarios } from "./poetry_bench.ts";
import { killAll } from "./program.ts";
import { protocolScenarios } from "./protocol_bench.ts";
import type { Scenario } from "./scenario.ts";
import { serverScenarios } from "./servers_bench.ts";
import { startupScenarios } from "./startup_bench.ts";
import { streamScenarios } from "./stream_bench.ts";
import { HEADINGS, layOut, rowOf, rowWithout } from "./table.ts";
import { tlsScenarios } from "./tls_bench.ts";
import { timerScenarios } from "./timer_bench.ts";

const SCENARIOS: Scenario[] = [
  ...deferScenarios,
  ...familyScenarios,
  ...poetryScenarios,
  ...streamScenarios,
  ...tlsScenarios,
  ...protocolScenarios,
  ...memoryScenarios,
  ...serverScenarios,
  ...timerScenarios,
  ...instrumentScenarios,
  ...startupScenarios,
];

interface Wishes {
  part: string;
  rounds: number;
}

function parse(args: string[]): Wishes {
  const words = [...args];
  let rounds = 5;
  const at = words.indexOf("--rounds");
  if (at >= 0) {
    rounds = Number(words[at + 1]);
    words.splice(at, 2);
  }
  const isUnknown = words.length > 1 || words[0]?.startsWith("-");
  if (isUnknown || !Number.isInteger(rounds) || rounds < 1) {
    console.error("Usage: deno task bench [PART OF A NAME] [--rounds N]");
    Deno.exit(2);
  }
  return { part: (words[0] ?? "").toLowerCase(), rounds };
}

function isMeant({ name, against }: Scenario, part: string): boolean {
  return `${name} ${against}`.toLowerCase().includes(part);
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

async function main(): Promise<void> {
  const { part, rounds } = parse(Deno.args);
  const scenarios = SCENARIOS.filter((scenario) => isMeant(scenario, part));
  if (scenarios.length === 0) {
    console.error(`There is no scenario with "${part}" in its line.`);
    Deno.exit(2);
  }
  const rows = [HEADINGS];
  for (const scenario of scenarios) rows.push(await row(scenario, rounds));
  console.log(`\n${layOut(rows)}`);
  if (rows.some((cells) => cells.at(-1) === "failed")) Deno.exitCode = 1;
}

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.addSignalListener(signal, () => {
    killAll();
    Deno.exit(1);
  });
}

await main();
// The signals would keep the program alive.
Deno.exit();
