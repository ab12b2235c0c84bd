/**
 * Checks which file imports which. Run it with `deno task check:imports`.
 *
 * @module
 */

import { checkCycles } from "./import_cycles.ts";
import { listSources, readImports } from "./import_graph.ts";
import { checkFolders, type Finding } from "./import_rules.ts";

/**
 * What the files below a folder import that they should not.
 *
 * @param root The project's folder, where its deno.json stands.
 */
export async function checkImports(root: string): Promise<Finding[]> {
  const imports = await readImports(root, await listSources(root));
  return [
    ...checkFolders(imports),
    ...checkCycles(imports, "defer/"),
    ...checkCycles(imports, "reactor/"),
  ];
}

if (import.meta.main) {
  const findings = await checkImports(".");
  for (const { where, what, rule } of findings) {
    console.error(`${where} ${what}\n    ${rule}`);
  }
  if (findings.length > 0) {
    const breaks = findings.length === 1 ? "breaks" : "break";
    console.error(`${findings.length} of the imports ${breaks} a rule.`);
    Deno.exit(1);
  }
}
