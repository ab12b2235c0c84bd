/**
 * Checks a package that was built, as those who install it find it.
 *
 * @module
 */

import { ENTRY_POINTS, NAME } from "./npm_package.ts";
import { programIn } from "./npm_readme.ts";
import { install, run } from "./npm_run.ts";
import { type Sources, writeFile } from "./npm_stage.ts";
import { testPackage } from "./npm_tests.ts";
import { checkTypes, COMPILERS } from "./npm_types.ts";

/** What makes one file of a program and all that it uses. */
export const BUNDLER = "esbuild@0.25.9";

/** What says how well a package is made. */
const LINTERS = ["publint@0.3.25", "@arethetypeswrong/cli@0.18.5"];

/** Where the tests import the assertions from. */
const ASSERTIONS = "tests/support/std_assert.ts";

/**
 * Checks the package: what it contains, the types that its users see, and that
 * it does on Node and Bun what the tests ask for.
 *
 * @param sources The project's sources, for the tests.
 * @param packageDir The folder with the package.
 * @param projectDir An empty folder, for a project that uses it.
 */
export async function checkPackage(
  sources: Sources,
  packageDir: string,
  projectDir: string,
): Promise<void> {
  const imported = await Deno.readTextFile(ASSERTIONS);
  const [, std = ""] = /"npm:(deno-std@[^/]*)\//.exec(imported) ?? [];
  const tools = [BUNDLER, ...LINTERS, ...COMPILERS, std];
  const packed = await installInto(projectDir, packageDir, tools);
  const program = programIn(await Deno.readTextFile("README.md"));
  await lint(projectDir, packed);
  await checkPrograms(projectDir, program);
  await checkTypes(projectDir, program);
  await testPackage(sources, projectDir);
}

/**
 * Packs a package up, and installs what a user would get of it.
 *
 * @param projectDir The folder of the project that gets it.
 * @param packageDir The folder with the package.
 * @param others What else the project needs.
 * @returns the file that was packed
 */
export async function installInto(
  projectDir: string,
  packageDir: string,
  others: string[],
): Promise<string> {
  const pack = ["pack", "--json", "--pack-destination", projectDir];
  const { stdout } = await run("npm", pack, { cwd: packageDir });
  const [packed] = JSON.parse(stdout) as [{ filename: string }];
  await writeFile(`${projectDir}/package.json`, `{ "private": true }`);
  await install(projectDir, [`./${packed.filename}`, ...others]);
  return packed.filename;
}

/** They have nothing to say but that there is no CommonJS. */
async function lint(cwd: string, packed: string): Promise<void> {
  await run("node_modules/.bin/publint", ["--strict", packed], { cwd });
  await run("node_modules/.bin/attw", [
    packed,
    "--ignore-rules=cjs-resolves-to-esm",
    "--no-emoji",
  ], { cwd });
}

/**
 * Runs a program that imports the package, one that requires it, and the first as a
 * bundle without all that bundlers may drop.
 */
async function checkPrograms(cwd: string, program: string): Promise<void> {
  await writeFile(`${cwd}/program.ts`, program);
  const bundle = (...options: string[]) =>
    run("node_modules/.bin/esbuild", [
      "program.ts",
      "--format=esm",
      ...options,
    ], { cwd });
  await bundle("--outfile=program.mjs");
  await bundle("--bundle", "--platform=node", "--outfile=bundle.mjs");
  await writeFile(`${cwd}/required.cjs`, REQUIRING);
  const { stdout } = await run("node", ["program.mjs"], { cwd });
  const bundled = await run("node", ["bundle.mjs"], { cwd });
  if (stdout === "" || bundled.stdout !== stdout) {
    throw new Error(
      `The README's program prints "${stdout}", bundled "${bundled.stdout}"`,
    );
  }
  await run("node", ["required.cjs"], { cwd });
  await checkBundles(cwd);
}

/**
 * Bundles each export by itself, and looks whether it is there: bundlers drop what they
 * take to be without use.
 */
async function checkBundles(cwd: string): Promise<void> {
  const listing = `console.log(...Object.keys(await import("${NAME}")))`;
  const { stdout } = await run("node", ["--input-type=module", "-e", listing], {
    cwd,
  });
  const names = stdout.trim().split(" ");
  for (const [i, name] of names.entries()) {
    // Numbered, for Reactor and reactor may be one name to a file system.
    const text = `import { ${name} } from "${NAME}";\n` +
      `if (${name} === undefined) throw new Error("${name} is undefined");\n`;
    await writeFile(`${cwd}/alone/${i}.mjs`, text);
  }
  const files = names.map((_, i) => `${i}.mjs`);
  await run("node_modules/.bin/esbuild", [
    ...files.map((file) => `alone/${file}`),
    "--bundle",
    "--format=esm",
    "--platform=node",
    "--out-extension:.js=.mjs",
    "--outdir=bundled",
  ], { cwd });
  const all = files.map((file) => `import "./bundled/${file}";\n`).join("");
  await writeFile(`${cwd}/all_bundled.mjs`, all);
  await run("node", ["all_bundled.mjs"], { cwd });
}

const NAMES = JSON.stringify(
  ENTRY_POINTS.map(({ name }) => NAME + name.slice(1)),
);

/**
 * A program that ends with 1 where what it requires is not what it imports, or has
 * changed anything but itself when it was loaded: `sideEffects` says that none has.
 */
const REQUIRING = `
const { deepStrictEqual } = require("node:assert");
const surroundings = () => [
  Reflect.ownKeys(globalThis),
  process.eventNames().map((name) => [name, process.listenerCount(name)]),
  process.getActiveResourcesInfo(),
];
const before = surroundings();
const required = ${NAMES}.map((name) => require(name));
deepStrictEqual(surroundings(), before);
Promise.all(${NAMES}.map((name) => import(name))).then((imported) => {
  imported.forEach((module, i) => {
    if (module !== required[i]) throw new Error(${NAMES}[i] + " is there twice");
  });
});`;
