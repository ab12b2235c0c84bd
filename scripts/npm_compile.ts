/**
 * The way to build the npm package that needs nothing but the npm registry: the
 * TypeScript compiler makes of the sources what dnt makes of them.
 *
 * @module
 */

import {
  ENTRY_POINTS,
  finishPackage,
  LIB,
  RUNTIME_TYPES,
  TARGET,
} from "./npm_package.ts";
import { install, run } from "./npm_run.ts";
import { type Sources, writeFile } from "./npm_stage.ts";

const TYPESCRIPT = "typescript@6.0.3";

/** As dnt reads the sources. */
const OPTIONS = {
  module: "ESNext",
  moduleResolution: "bundler",
  target: TARGET,
  lib: LIB,
  types: ["deno", "node"],
  strict: true,
  noImplicitOverride: true,
  noUncheckedIndexedAccess: true,
  declaration: true,
  noEmitOnError: true,
  isolatedModules: true,
  useDefineForClassFields: true,
  skipLibCheck: true,
  rootDir: "src",
  outDir: "esm",
};

/**
 * Builds the package: checks its types with those of the runtimes, and writes its
 * modules and their declarations.
 *
 * @param sources The project's sources.
 * @param version The version to build.
 * @param outDir An empty folder.
 */
export async function compilePackage(
  sources: Sources,
  version: string,
  outDir: string,
): Promise<void> {
  const entries = ENTRY_POINTS.map(({ path }) => path.replace("./", ""));
  await sources.copy(entries, `${outDir}/src`);
  await writeFile(
    `${outDir}/tsconfig.json`,
    JSON.stringify({ compilerOptions: OPTIONS, include: ["src"] }),
  );
  await writeFile(`${outDir}/package.json`, `{ "private": true }`);
  const types = Object.entries(RUNTIME_TYPES)
    .map(([name, version]) => `${name}@${version}`);
  await install(outDir, [TYPESCRIPT, ...types]);
  await run("node_modules/.bin/tsc", [], { cwd: outDir });
  await finishPackage(outDir, version);
}
