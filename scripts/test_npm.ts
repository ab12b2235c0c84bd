/**
 * Builds the npm package with nothing but the npm registry, and checks it on
 * Node and Bun: `deno task test:npm`.
 *
 * @module
 */

import { OLDEST_NODE } from "../reactor/backends/node/system.ts";
import { checkPackage } from "./npm_check.ts";
import { finishPackage, RUNTIME_TYPES } from "./npm_package.ts";
import { install, run } from "./npm_run.ts";

const TYPESCRIPT = "typescript@6.0.3";

/**
 * Builds one version of the package in a folder: the compiler makes of the sources what
 * dnt makes of them, and checks their types with those of the runtimes.
 */
export async function compilePackage(
  version: string,
  outDir: string,
): Promise<void> {
  const types = Object.entries(RUNTIME_TYPES).map((it) => it.join("@"));
  await install(outDir, [TYPESCRIPT, ...types]);
  const modules = `${outDir}/node_modules`;
  const options = [
    "--typeRoots",
    `${modules}/@types`,
    "--outDir",
    `${outDir}/esm`,
  ];
  const project = ["--project", "scripts/npm_tsconfig.json"];
  await run(`${modules}/.bin/tsc`, [...project, ...options], ".");
  await finishPackage(outDir, version);
}

async function main(): Promise<void> {
  const version = await run("node", ["--version"], ".").catch(() => "v0");
  if (Number.parseInt(version.slice(1)) < Number.parseInt(OLDEST_NODE)) {
    console.log(`No Node.js ${OLDEST_NODE}: the npm package is not checked.`);
    return;
  }
  const packageDir = await Deno.makeTempDir();
  try {
    await compilePackage("0.0.0", packageDir);
    await checkPackage(packageDir);
  } finally {
    await Deno.remove(packageDir, { recursive: true });
  }
}

if (import.meta.main) await main();
