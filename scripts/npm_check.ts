/**
 * Checks a package that was built, as those who install it find it.
 *
 * @module
 */

import { bundle, BUNDLED_WITH } from "./npm_bundle.ts";
import { ENTRY_POINTS, NAME } from "./npm_package.ts";
import { filesIn, PAGES, programsIn } from "./npm_pages.ts";
import { install, run } from "./npm_run.ts";
import { testPackage } from "./npm_tests.ts";
import { checkTypes, COMPILERS } from "./npm_types.ts";

/** What says how well a package is made. */
const LINTERS = ["publint@0.3.25", "@arethetypeswrong/cli@0.18.5"];

/** Looks whether the package is one, imported and required, and all in itself. */
const REQUIRING = "tests/npm/required.cjs";

/**
 * Checks the package in a folder: what it contains, the types that its users see, and
 * that it does on Node and Bun what the tests ask for.
 */
export async function checkPackage(packageDir: string): Promise<void> {
  const cwd = await Deno.makeTempDir();
  try {
    const tools = [...LINTERS, ...COMPILERS];
    const packed = await installInto(cwd, packageDir, tools);
    await lint(cwd, packed);
    for (const page of ["README.md", ...PAGES]) await checkPage(cwd, page);
    const names = ENTRY_POINTS.map(({ specifier }) => specifier);
    const required = await Deno.readTextFile(REQUIRING);
    await printedBy(cwd, "required.cjs", required, names);
    await checkExports(cwd);
    await checkTypes(cwd);
    await testPackage(cwd);
  } finally {
    await Deno.remove(cwd, { recursive: true });
  }
}

/**
 * Packs a package up, and installs what a user would get of it, beside what tests and
 * programs import.
 *
 * @returns the file that was packed
 */
export async function installInto(
  cwd: string,
  packageDir: string,
  others: string[] = [],
): Promise<string> {
  const pack = ["pack", "--json", "--pack-destination", cwd];
  const [{ filename }] = JSON.parse(await run("npm", pack, packageDir));
  await install(cwd, [`./${filename}`, ...BUNDLED_WITH, ...others]);
  return filename;
}

/** They have nothing to say but that there is no CommonJS. */
async function lint(cwd: string, packed: string): Promise<void> {
  await run("node_modules/.bin/publint", ["--strict", packed], cwd);
  const known = ["--ignore-rules=cjs-resolves-to-esm", "--no-emoji"];
  await run("node_modules/.bin/attw", [packed, ...known], cwd);
}

/** Writes a program, runs it on Node, and gives what it printed. */
async function printedBy(
  cwd: string,
  file: string,
  text: string,
  args: string[] = [],
): Promise<string> {
  await Deno.writeTextFile(`${cwd}/${file}`, text);
  return await run("node", [file, ...args], cwd);
}

/**
 * Looks whether the links of a page lead to what is installed, and runs the programs that
 * it shows: alone, and as a bundle without all that bundlers may drop.
 */
async function checkPage(cwd: string, page: string): Promise<void> {
  const path = `${cwd}/node_modules/${NAME}/${page}`;
  const text = await Deno.readTextFile(path);
  for (const to of filesIn(text)) {
    await Deno.stat(new URL(to, `file://${path}`));
  }
  for (const program of programsIn(text)) {
    const alone = await bundle(cwd, program, { packages: "external" });
    const printed = await printedBy(cwd, "program.mjs", alone);
    const all = await printedBy(cwd, "all.mjs", await bundle(cwd, program));
    if (printed !== "" && printed === all) continue;
    throw new Error(
      `A program of ${page} prints "${printed}", bundled "${all}":\n${program}`,
    );
  }
}

/**
 * Bundles each export by itself, and looks whether it is there: bundlers drop what they
 * take to be without use.
 */
async function checkExports(cwd: string): Promise<void> {
  const listing = `Object.keys(require("${NAME}")).join(" ")`;
  const names = (await run("node", ["-p", listing], cwd)).trim().split(" ");
  const bundles = names.map((name) => {
    const text = `import { ${name} } from "${NAME}";\n` +
      `if (${name} === undefined) throw new Error("${name} is undefined");\n`;
    return bundle(cwd, text, { format: "iife" });
  });
  const all = await Promise.all(bundles);
  await printedBy(cwd, "exports.cjs", all.join(""));
}
