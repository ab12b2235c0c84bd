/**
 * The way to build the npm package that needs nothing but the npm registry: the
 * TypeScript compiler makes of the sources what dnt makes of them.
 *
 * @module
 */

import {
  ENTRY_POINTS,
  MAPPINGS,
  METADATA,
  packageJson,
  TARGET,
} from "./npm_package.ts";
import { install, run } from "./npm_run.ts";
import type { Import } from "./sources.ts";
import { type Sources, type Target, writeFile } from "./npm_stage.ts";

const TYPESCRIPT = "typescript@5.9.3";

/** The two shapes of the package: the folder, and the options of the compiler. */
const SHAPES = [
  {
    folder: "esm",
    type: "module",
    options: { module: "ESNext", moduleResolution: "bundler" },
  },
  {
    folder: "script",
    type: "commonjs",
    options: {
      module: "CommonJS",
      moduleResolution: "node10",
      esModuleInterop: true,
    },
  },
];

/**
 * Builds the package: checks its types without Deno's, and writes both shapes
 * of it and their declarations.
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
  const imported = new Set<string>();
  for (const { folder } of SHAPES) {
    await sources.copy(entries, `${outDir}/src/${folder}`, (made) => {
      imported.add(`./${made.to}`);
      return redirect(made);
    });
  }
  checkMappings(imported);
  await writeFile(
    `${outDir}/package.json`,
    JSON.stringify(packageJson(version), undefined, 2),
  );
  await writeFile(`${outDir}/.npmignore`, "/src/\n/tsconfig.*\n");
  const types = Object.entries(METADATA.devDependencies);
  await install(outDir, [
    TYPESCRIPT,
    ...types.map(([name, version]) => `${name}@${version}`),
  ]);
  await Promise.all(SHAPES.map((shape) => compile(outDir, shape)));
}

/** Nothing stands in for a file that nobody imports: dnt refuses that as well. */
function checkMappings(imported: Set<string>): void {
  const useless = Object.keys(MAPPINGS).filter((file) => !imported.has(file));
  if (useless.length === 0) return;
  throw new Error(`No part of the npm package imports ${useless.join(", ")}`);
}

/** Where an import of the library leads on Node. */
function redirect({ to, from }: Import): Target {
  const mapped = MAPPINGS[`./${to}`]?.replace("./", "") ?? to;
  if (/^[a-z]+:/.test(mapped)) return { specifier: outside(from, mapped) };
  return { to: mapped };
}

/** An import from outside the project, which only Node may provide. */
function outside(from: string, specifier: string): string {
  if (specifier.startsWith("node:")) return specifier;
  throw new Error(
    `${from} imports ${specifier}: the npm package has no dependencies, so ` +
      "another file has to stand in for it on Node",
  );
}

async function compile(
  outDir: string,
  { folder, type, options }: typeof SHAPES[number],
): Promise<void> {
  const config = {
    compilerOptions: {
      ...options,
      target: TARGET,
      lib: [TARGET],
      types: ["node"],
      strict: true,
      noImplicitOverride: true,
      noUncheckedIndexedAccess: true,
      declaration: true,
      noEmitOnError: true,
      // As dnt reads them.
      isolatedModules: true,
      useDefineForClassFields: true,
      rootDir: `src/${folder}`,
      outDir: folder,
    },
    include: [`src/${folder}`],
  };
  const file = `tsconfig.${folder}.json`;
  await writeFile(`${outDir}/${file}`, JSON.stringify(config));
  await run("node_modules/.bin/tsc", ["--project", file], { cwd: outDir });
  await writeFile(`${outDir}/${folder}/package.json`, JSON.stringify({ type }));
}
