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

import { BUNDLER, installInto } from "../scripts/npm_check.ts";
import { compilePackage } from "../scripts/npm_compile.ts";
import { ENTRY_POINTS, NAME } from "../scripts/npm_package.ts";
import { run } from "../scripts/npm_run.ts";
import { Sources, writeFile } from "../scripts/npm_stage.ts";
import { nameOf, nodeScenarios, PROGRAMS } from "./node_scenarios.ts";
import { killAll } from "./program.ts";
import { parseWishes, report } from "./report.ts";

/** Where the programs are, made into JavaScript. */
const dir = await Deno.makeTempDir();

/** Builds the package, installs it, and bundles the programs that use it. */
async function prepare(): Promise<void> {
  const sources = await Sources.read();
  await Deno.mkdir(`${dir}/package`);
  await Deno.mkdir(`${dir}/project`);
  await compilePackage(sources, "0.0.0", `${dir}/package`);
  const cwd = `${dir}/project`;
  const packages = new Set([BUNDLER]);
  await sources.copy(
    ["bench/node_prelude.ts", ...PROGRAMS],
    cwd,
    ({ to, specifier }) => {
      const [, name, version] = /^npm:([^@]+)@([^/]+)/.exec(specifier) ?? [];
      if (name !== undefined) {
        packages.add(`${name}@${version}`);
        return specifier.replace(`npm:${name}@${version}`, name);
      }
      const entry = ENTRY_POINTS.find(({ path }) => path === `./${to}`);
      return entry && NAME + entry.name.slice(1);
    },
  );
  await installInto(cwd, `${dir}/package`, [...packages]);
  for (const program of PROGRAMS) await bundle(cwd, program);
}

/**
 * Makes one file of a program and all that it uses, so that no side pays for
 * having more files than the other: Node takes memory for each.
 */
async function bundle(cwd: string, program: string): Promise<void> {
  const entry = `${nameOf(program)}.ts`;
  const imports = ["bench/node_prelude.ts", program]
    .map((file) => `import "./${file}";\n`);
  await writeFile(`${cwd}/${entry}`, imports.join(""));
  // The poem is found from where the programs are, which is not where they run.
  const here = new URL("programs/poem.ts", import.meta.url).href;
  await run("node_modules/.bin/esbuild", [
    entry,
    "--bundle",
    "--platform=node",
    "--target=node20",
    "--format=esm",
    "--log-level=warning",
    `--define:import.meta.url=${JSON.stringify(here)}`,
    `--outfile=${nameOf(program)}.mjs`,
  ], { cwd });
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
