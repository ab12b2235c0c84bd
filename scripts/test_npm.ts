/**
 * Builds the npm package with nothing but the npm registry, and checks it on
 * Node and Bun: `deno task test:npm`.
 *
 * @module
 */

import { OLDEST_NODE } from "../reactor/backends/node/modules.ts";
import { checkPackage } from "./npm_check.ts";
import { compilePackage } from "./npm_compile.ts";
import { run } from "./npm_run.ts";
import { Sources } from "./npm_stage.ts";

/** Whether there is a Node to check it on, new enough for what checks it. */
async function hasNode(): Promise<boolean> {
  try {
    const { stdout } = await run("node", ["--version"], { cwd: "." });
    return Number.parseInt(stdout.slice(1)) >= Number.parseInt(OLDEST_NODE);
  } catch {
    return false;
  }
}

async function main(): Promise<void> {
  if (!await hasNode()) {
    console.log(`No Node.js ${OLDEST_NODE}: the npm package is not checked.`);
    return;
  }
  const dir = await Deno.makeTempDir();
  try {
    const packageDir = `${dir}/package`;
    const projectDir = `${dir}/project`;
    await Deno.mkdir(packageDir);
    await Deno.mkdir(projectDir);
    const sources = await Sources.read();
    await compilePackage(sources, "0.0.0", packageDir);
    await checkPackage(sources, packageDir, projectDir);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

if (import.meta.main) await main();
