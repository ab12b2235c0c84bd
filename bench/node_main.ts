/**
 * Measures the npm package on Node, beside plain `node:net` code that does the
 * same, and prints a table of ratios.
 *
 *     deno task bench:node                   all scenarios, five rounds each
 *     deno task bench:node poems             those with "poems" in their line
 *     deno task bench:node poems --rounds 9
 *
 * @module
 */

import { bundleAll } from "../scripts/npm_bundle.ts";
import { installInto } from "../scripts/npm_check.ts";
import { compilePackage } from "../scripts/test_npm.ts";
import { nameOf, nodeScenarios, PROGRAMS } from "./node_scenarios.ts";
import { killAll } from "./program.ts";
import { parseWishes, report } from "./report.ts";

/** Where the programs are, made into JavaScript. */
const dir = await Deno.makeTempDir();

/**
 * Builds the package, installs it, and makes one file of each program and all that it
 * uses, so that no side pays for having more files than the other: Node takes memory for
 * each.
 */
async function prepare(): Promise<void> {
  await compilePackage("0.0.0", `${dir}/package`);
  const cwd = `${dir}/project`;
  await Deno.mkdir(cwd);
  await installInto(cwd, `${dir}/package`);
  // The poem is found from where the programs are, which is not where they run.
  const here = JSON.stringify(new URL("programs/poem.ts", import.meta.url));
  const define = { "import.meta.url": here };
  for (const program of PROGRAMS) {
    const files = ["bench/node_prelude.ts", program];
    const bundled = await bundleAll(cwd, files, { define });
    await Deno.writeTextFile(`${cwd}/${nameOf(program)}.mjs`, bundled);
  }
}

function end(status: number): never {
  killAll();
  Deno.removeSync(dir, { recursive: true });
  Deno.exit(status);
}

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.addSignalListener(signal, () => end(1));
}

const wishes = parseWishes(Deno.args, "bench:node");
try {
  await prepare();
  await report(nodeScenarios(`${dir}/project`), wishes);
} catch (error) {
  console.error(error);
  end(1);
}
// The signals would keep the program alive.
end(0);
