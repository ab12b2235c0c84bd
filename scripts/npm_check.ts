/**
 * Checks a package that was built, as those who install it find it, on Node.
 *
 * @module
 */

import deno from "../deno.json" with { type: "json" };
import { ENTRY_POINTS, METADATA } from "./npm_package.ts";
import { install, run } from "./npm_run.ts";
import { type Sources, writeFile } from "./npm_stage.ts";
import { programIn } from "./npm_readme.ts";

/** What the checks are made with. */
export const TOOLS = ["typescript@5.9.3", "esbuild@0.25.9"];

/** Defines `Deno.test`, which is all that the tests need of Deno. */
const PRELUDE = "tests/npm/deno_prelude.ts";

/** The tests for Node alone, which Deno does not take for tests. */
const NODE_TESTS = [
  "tests/npm/conformance.ts",
  "tests/npm/node_descriptors.ts",
];

/** The tests about the library; those that need more of Deno are skipped. */
const TESTS = [
  "tests/defer/",
  "tests/npm/",
  "tests/protocols/",
  "tests/reactor/",
  "tests/reactor/testing/testing_test.ts",
];

/** Those that say nothing of the shape of the package: they run in the first. */
const TESTS_OF_ONE_SHAPE = ["tests/hostile/"];

/** The two shapes of the package, and what tests that use them are made into. */
const SHAPES = [
  { name: "ESM", folder: "esm", file: "tests.mjs", flags: ["--format=esm"] },
  {
    name: "CommonJS",
    folder: "script",
    file: "tests.cjs",
    flags: [
      "--format=cjs",
      `--banner:js=const OWN_URL = require("node:url").pathToFileURL(__filename);`,
      "--define:import.meta.url=OWN_URL.href",
    ],
  },
];

type Shape = typeof SHAPES[number];

/**
 * Checks the package: what it contains, the types that its users see, and that
 * it does on Node what the tests ask for, imported and required.
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
  const [, std = ""] = /^npm:(deno-std@[^/]*)\//.exec(assertions()) ?? [];
  const types = `@types/node@${METADATA.devDependencies["@types/node"]}`;
  await installInto(projectDir, packageDir, [...TOOLS, types, std]);
  await checkProgram(projectDir);
  await Promise.all(SHAPES.map(async (shape) => {
    await stageTests(sources, projectDir, shape);
    console.log(`${shape.name}: ${await runTests(projectDir, shape)}`);
  }));
}

/**
 * Packs a package up, and installs what a user would get of it.
 *
 * @param projectDir The folder of the project that gets it.
 * @param packageDir The folder with the package.
 * @param others What else the project needs.
 */
export async function installInto(
  projectDir: string,
  packageDir: string,
  others: string[],
): Promise<void> {
  const pack = ["pack", "--json", "--pack-destination", projectDir];
  const { stdout } = await run("npm", pack, { cwd: packageDir });
  const [packed] = JSON.parse(stdout) as [{ filename: string }];
  await writeFile(`${projectDir}/package.json`, `{ "private": true }`);
  await install(projectDir, [`./${packed.filename}`, ...others]);
}

/** What `@std/assert` stands for. */
function assertions(): string {
  return deno.imports["@std/assert"];
}

/** A program that is compiled alone, with all that a new project's tsc checks. */
const EXACT_PROGRAM = "tests/types/exact_optional.ts";

/**
 * Checks the types of the README's program in both shapes, and runs it; and those
 * of a program with `exactOptionalPropertyTypes`.
 */
async function checkProgram(projectDir: string): Promise<void> {
  const program = programIn(await Deno.readTextFile("README.md"));
  await writeFile(`${projectDir}/program.mts`, program);
  const inFunction = program.replace(
    /^await (.*)$/m,
    "export async function main(): Promise<void> {\n  await $1\n}",
  );
  await writeFile(`${projectDir}/required.cts`, inFunction);
  const exact = await Deno.readTextFile(EXACT_PROGRAM);
  await writeFile(
    `${projectDir}/exact.mts`,
    ENTRY_POINTS.reduce((source, { path, name }) => {
      const installed = METADATA.name + name.slice(1);
      return source.replace(`"../../${path.slice(2)}"`, `"${installed}"`);
    }, exact),
  );
  const options = ["--strict", "--module", "nodenext", "--target", "es2022"];
  const files = ["program.mts", "required.cts"];
  const tsc = (...args: string[]) =>
    run("node_modules/.bin/tsc", [...options, ...args], { cwd: projectDir });
  await tsc(...files);
  await tsc("--noEmit", "--exactOptionalPropertyTypes", "exact.mts");
  await run("node", ["program.mjs"], { cwd: projectDir });
}

/** What stands in tests of Deno's backend: its name, or the path of one of its files. */
const DENO_BACKEND = /denoBackend|backends\/deno[_/]/;

/** Whether a file has tests that concern Node: not those of Deno's backend. */
async function isForNode(file: string, paths: string[]): Promise<boolean> {
  if (!file.endsWith("_test.ts")) return false;
  if (!paths.some((path) => file.startsWith(path))) return false;
  const text = await Deno.readTextFile(file);
  return !DENO_BACKEND.test(text);
}

/**
 * Copies the tests, with imports of the installed package for those of mod.ts,
 * and of the files in it for those of what lies beneath.
 */
async function stageTests(
  sources: Sources,
  projectDir: string,
  { folder }: Shape,
): Promise<void> {
  const entries = [PRELUDE, ...NODE_TESTS];
  const isFirst = folder === SHAPES[0]?.folder;
  const paths = isFirst ? [...TESTS, ...TESTS_OF_ONE_SHAPE] : TESTS;
  for (const file of sources.files) {
    if (await isForNode(file, paths)) entries.push(file);
  }
  const assert = assertions().replace(/^npm:(deno-std)@[^/]*/, "$1");
  const library = `${projectDir}/node_modules/${METADATA.name}/${folder}`;
  await sources.copy(entries, `${projectDir}/${folder}`, (made) => {
    const { to, specifier } = made;
    const entry = ENTRY_POINTS.find(({ path }) => path === `./${to}`);
    if (entry !== undefined) {
      return { specifier: METADATA.name + entry.name.slice(1) };
    }
    if (specifier === "@std/assert") return { specifier: assert };
    if (/^(defer|reactor)\//.test(to)) {
      return { specifier: `${library}/${to.replace(/\.ts$/, ".js")}` };
    }
    return /^[a-z]+:/.test(to) ? { specifier } : { to };
  });
  const imports = entries.map((file) => `import "./${file}";\n`);
  await writeFile(`${projectDir}/${folder}/all.ts`, imports.join(""));
}

/** Runs the tests in one shape, and says how many there were. */
async function runTests(
  projectDir: string,
  { folder, file, flags }: Shape,
): Promise<string> {
  await run("node_modules/.bin/esbuild", [
    `${folder}/all.ts`,
    "--bundle",
    "--platform=node",
    "--target=node20",
    "--sourcemap=inline",
    // A bundle renames what two files call the same, and tests look at names.
    "--keep-names",
    "--log-level=warning",
    `--external:${METADATA.name}`,
    `--external:${projectDir}/node_modules/${METADATA.name}/*`,
    `--outfile=${file}`,
    ...flags,
  ], { cwd: projectDir });
  const args = [
    "--enable-source-maps",
    "--test-reporter=tap",
    // What tests leave behind is looked for where Deno runs them.
    "--test-force-exit",
    file,
  ];
  const { stdout } = await run("node", args, { cwd: projectDir });
  const count = (what: string) => {
    return new RegExp(`^# ${what} (\\d+)$`, "m").exec(stdout)?.[1];
  };
  return `${count("pass")} passed, ${count("skipped")} need Deno`;
}
