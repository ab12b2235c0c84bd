/**
 * Measuring a scenario: both sides in turn, so that whatever else the machine
 * does falls on both alike.
 *
 * @module
 */

import type { Contender, Resource, Scenario } from "./scenario.ts";

/** What came out of a scenario. */
export interface Outcome {
  scenario: Scenario;
  /** Our figure, in the middle of all rounds. */
  ours: number;
  /** Theirs. */
  theirs: number;
  /** The middle one of the rounds' comparisons: a ratio, or a difference. */
  compared: number;
  /** The lowest and the highest of the rounds' comparisons. */
  range: [number, number];
  /** Whether `compared` is what the scenario wants. */
  ok: boolean;
}

/**
 * Measures a scenario.
 *
 * @param scenario What to measure.
 * @param rounds How often each side is run; the first run, before those, warms
 *   both up and does not count.
 */
export async function measure(
  scenario: Scenario,
  rounds: number,
): Promise<Outcome> {
  const resources = [...scenario.shared ?? [], scenario.ours, scenario.peer];
  try {
    for (const resource of resources) await resource.start?.();
    const pairs = await runInTurn(scenario, rounds);
    return outcomeOf(scenario, pairs);
  } finally {
    for (const resource of resources.reverse()) await endQuietly(resource);
  }
}

/** What both sides gave in one round. */
interface Pair {
  ours: number;
  theirs: number;
}

async function runInTurn(
  { ours, peer }: Scenario,
  rounds: number,
): Promise<Pair[]> {
  const pairs: Pair[] = [];
  await runOnce(ours);
  await runOnce(peer);
  for (let round = 0; round < rounds; round++) {
    pairs.push({ ours: await runOnce(ours), theirs: await runOnce(peer) });
  }
  return pairs;
}

async function runOnce({ label, run }: Contender): Promise<number> {
  const figure = await run();
  if (Number.isFinite(figure) && figure > 0) return figure;
  throw new Error(`${label} gave ${figure}, which is no figure`);
}

function outcomeOf(scenario: Scenario, pairs: Pair[]): Outcome {
  const compared = pairs.map(({ ours, theirs }) =>
    scenario.atMostMore === undefined ? ours / theirs : ours - theirs
  );
  const middle = median(compared);
  return {
    scenario,
    ours: median(pairs.map(({ ours }) => ours)),
    theirs: median(pairs.map(({ theirs }) => theirs)),
    compared: middle,
    range: [Math.min(...compared), Math.max(...compared)],
    ok: isWanted(scenario, middle),
  };
}

function isWanted(scenario: Scenario, compared: number): boolean {
  const { atLeast = -Infinity, atMost, atMostMore } = scenario;
  return compared >= atLeast && compared <= (atMost ?? atMostMore ?? Infinity);
}

/** The value in the middle, or between the two in the middle. */
export function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length / 2;
  const low = sorted[Math.ceil(half) - 1];
  const high = sorted[Math.floor(half)];
  return low === undefined || high === undefined ? NaN : (low + high) / 2;
}

/** The end of one thing must not keep the others from theirs. */
async function endQuietly(resource: Partial<Resource>): Promise<void> {
  try {
    await resource.end?.();
  } catch (error) {
    console.error("A part of a measurement did not end:", error);
  }
}
