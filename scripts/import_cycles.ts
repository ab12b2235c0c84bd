/**
 * Finds the files that import one another.
 *
 * @module
 */

import type { Import } from "./import_graph.ts";
import type { Finding } from "./import_rules.ts";

const RULE = "each file imports only from those above it: move what both " +
  "need into a file of its own, or write `import type` where only the type " +
  "is needed";

/**
 * The circles among the files of one folder, each of them once. An import of a
 * type closes no circle, since nothing of it is left at run time.
 *
 * @param imports Every import of the project.
 * @param folder The folder to look at, with its slash: `defer/`.
 */
export function checkCycles(imports: Import[], folder: string): Finding[] {
  const edges = new Map<string, string[]>();
  for (const { from, to, typeOnly } of imports) {
    if (typeOnly || !from.startsWith(folder) || !to.startsWith(folder)) {
      continue;
    }
    edges.set(from, [...edges.get(from) ?? [], to]);
  }
  const seen = new Set<string>();
  const findings: Finding[] = [];
  for (const file of [...edges.keys()].sort()) {
    const circle = seen.has(file) ? undefined : shortestCircle(edges, file);
    if (circle === undefined) continue;
    circle.forEach((member) => seen.add(member));
    const what = `imports itself: ${[...circle, file].join(" → ")}`;
    findings.push({ where: file, what, rule: RULE });
  }
  return findings;
}

/** The files on the shortest way from a file back to itself, it first. */
function shortestCircle(
  edges: Map<string, string[]>,
  start: string,
): string[] | undefined {
  const ways = [[start]];
  const visited = new Set<string>();
  for (const way of ways) {
    for (const next of edges.get(way.at(-1) ?? start) ?? []) {
      if (next === start) return way;
      if (visited.has(next)) continue;
      visited.add(next);
      // The loop goes on over what is added here: first in, first out.
      ways.push([...way, next]);
    }
  }
  return undefined;
}
