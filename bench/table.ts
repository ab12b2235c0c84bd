/**
 * The table that the measurements end in.
 *
 * @module
 */

import type { Outcome } from "./measure.ts";
import type { Scenario } from "./scenario.ts";

/** The columns' headings. */
export const HEADINGS = [
  "scenario",
  "against",
  "ours",
  "theirs",
  "ratio",
  "rounds",
  "by CPU",
  "wanted",
  "",
];

/** The row of a scenario that was measured. */
export function rowOf({ scenario, ...outcome }: Outcome): string[] {
  const { name, against, unit } = scenario;
  const compared = (value: number) => comparison(scenario, value);
  return [
    name,
    against,
    `${figure(outcome.ours)} ${unit}`,
    `${figure(outcome.theirs)} ${unit}`,
    compared(outcome.compared),
    outcome.range.map(compared).join(" to "),
    Number.isFinite(outcome.cpu) ? `${outcome.cpu.toFixed(2)}x` : "-",
    wish(scenario),
    outcome.ok ? "ok" : "short",
  ];
}

/** The row of a scenario that could not be measured. */
export function rowWithout(scenario: Scenario, mark: string): string[] {
  const { name, against } = scenario;
  return [name, against, "-", "-", "-", "-", "-", wish(scenario), mark];
}

/** Lays rows out in columns. */
export function layOut(rows: string[][]): string {
  const widths = HEADINGS.map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0))
  );
  return rows.map((row) =>
    row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ")
      .trimEnd()
  ).join("\n");
}

/** What a scenario wants, in words. */
export function wish(
  { unit, by, atLeast, atMost, atMostMore }: Scenario,
): string {
  const how = by === undefined ? "" : ` by ${by.toUpperCase()}`;
  if (atLeast !== undefined) return `${atLeast}x or more${how}`;
  return atMost === undefined
    ? `+${atMostMore} ${unit} at most`
    : `${atMost}x at most`;
}

function comparison({ unit, atMostMore }: Scenario, value: number): string {
  if (atMostMore === undefined) return `${value.toFixed(2)}x`;
  return `${value < 0 ? "" : "+"}${value.toFixed(1)} ${unit}`;
}

/** Three digits of a figure, with a comma between thousands. */
function figure(value: number): string {
  return value.toLocaleString("en", { maximumSignificantDigits: 3 });
}
