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
  /**
   * The middle of the rounds' ratios of what each side does in a second of a
   * processor; NaN where that is unknown, or the figure is no rate.
   */
  cpu: number;
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

/** What one side gave in one round. */
interface Run {
  figure: number;
  /** How many processors it kept busy meanwhile. */
  processors: number;
}

/** What both sides gave in one round. */
interface Pair {
  ours: Run;
  theirs: Run;
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

async function runOnce(contender: Contender): Promise<Run> {
  const cpuBefore = contender.cpuSeconds?.() ?? NaN;
  const start = performance.now();
  const figure = await contender.run();
  const seconds = (performance.now() - start) / 1000;
  if (!(Number.isFinite(figure) && figure > 0)) {
    throw new Error(`${contender.label} gave ${figure}, which is no figure`);
  }
  const cpuSeconds = (contender.cpuSeconds?.() ?? NaN) - cpuBefore;
  return { figure, processors: cpuSeconds / seconds };
}

function outcomeOf(scenario: Scenario, pairs: Pair[]): Outcome {
  const figures = pairs.map(({ ours, theirs }) =>
    scenario.atMostMore === undefined
      ? ours.figure / theirs.figure
      : ours.figure - theirs.figure
  );
  const rates = pairs.map(({ ours, theirs }) =>
    perProcessor(ours) / perProcessor(theirs)
  );
  const cpu = scenario.atLeast === undefined ? NaN : median(rates);
  const compared = scenario.by === "cpu" && !Number.isNaN(cpu)
    ? rates
    : figures;
  const middle = median(compared);
  return {
    scenario,
    ours: median(pairs.map(({ ours }) => ours.figure)),
    theirs: median(pairs.map(({ theirs }) => theirs.figure)),
    compared: middle,
    range: [Math.min(...compared), Math.max(...compared)],
    cpu,
    ok: isWanted(scenario, middle),
  };
}

/** The rate if a whole processor had been its own. */
function perProcessor({ figure, processors }: Run): number {
  return figure / processors;
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
