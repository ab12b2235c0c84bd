import { assert, assertEquals } from "@std/assert";
import { WAYS } from "../bench/flow_ways.ts";
import { nodeScenarios } from "../bench/node_scenarios.ts";
import type { Scenario } from "../bench/scenario.ts";
import { SCENARIOS } from "../bench/scenarios.ts";
import { wish } from "../bench/table.ts";
import { projectPath } from "./support/programs.ts";

const page = await Deno.readTextFile(projectPath("docs/performance.md"));

/** The cells of the rows of the table below a heading, without the headings'. */
function rowsBelow(heading: string): string[][] {
  const [, section = ""] = page.split(`## ${heading}\n`);
  const [text = ""] = section.split("\n## ");
  const rows = text.split("\n").filter((line) => line.startsWith("|"));
  return rows.slice(2).map((row) =>
    row.split("|").slice(1, -1).map((cell) => cell.trim())
  );
}

function lineOf(scenario: Scenario): string[] {
  return [scenario.name, scenario.against, wish(scenario)];
}

Deno.test("docs/performance.md: has all pairs of `deno task bench`, in order, with what they want", () => {
  assertEquals(
    rowsBelow("On Deno").map((cells) => cells.slice(0, 3)),
    SCENARIOS.map(lineOf),
  );
});

Deno.test("docs/performance.md: has all pairs of `deno task bench:node`, in order, with what they want", () => {
  assertEquals(
    rowsBelow("On Node").map((cells) => cells.slice(0, 3)),
    nodeScenarios("").map(lineOf),
  );
});

Deno.test("docs/performance.md: has all ways of `deno task bench:flow`, with what they want", () => {
  assertEquals(
    rowsBelow("Memory while a long file is sent").slice(0, WAYS.length)
      .map((cells) => cells.slice(0, 2)),
    WAYS.map(({ how, atMost }) => [`\`${how}\``, `${atMost} MiB at most`]),
  );
});

Deno.test("docs/performance.md: each pair has a figure", () => {
  const rows = [...rowsBelow("On Deno"), ...rowsBelow("On Node")];
  const without = rows.filter((cells) => !/\d/.test(cells[3] ?? ""));
  assertEquals(without, []);
});

Deno.test("bench: what a profile says has a figure", () => {
  for (const { name, profile } of [...SCENARIOS, ...nodeScenarios("")]) {
    if (profile !== undefined) assert(/\d/.test(profile), name);
  }
});
