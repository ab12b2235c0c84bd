/**
 * Runs the tests with the installed package, on the runtimes that use it.
 *
 * @module
 */

import { bundleFiles } from "./npm_bundle.ts";
import { install, run } from "./npm_run.ts";
import { listSources } from "./sources.ts";

/** Defines `Deno.test`, which is all that the tests need of Deno. */
const PRELUDE = "tests/npm/deno_prelude.ts";
const RUNNER = "tests/npm/run_tests.ts";

const CONFORMANCE = "tests/npm/conformance.ts";

/** Those that Deno does not take for tests. */
const NODE_TESTS = [
  "tests/npm/deno_backend.ts",
  "tests/npm/node_descriptors.ts",
  CONFORMANCE,
];

/** The tests about the library; those that need more of Deno are skipped. */
const PORTABLE = /^tests\/(defer|hostile|npm|reactor)\/.*_test\.ts$/;

/** What stands in tests of Deno's backend: its name, or the path of one of its files. */
const DENO_BACKEND = /denoBackend|backends\/deno[_/]/;

const NODE = "26.10.0";
const BUN = "1.4.5";

/** Of other runtimes: the name, npm's package for this machine, and the program in it. */
function runtimes(): [name: string, wanted: string, program: string][] {
  const { os, arch } = Deno.build;
  const [node, bun] = arch === "aarch64" ? ["arm64", arch] : ["x64", "x64"];
  return [
    [`Node ${NODE}`, `node-${os}-${node}@${NODE}`, "bin/node"],
    [`Bun ${BUN}`, `@oven/bun-${os}-${bun}@${BUN}`, "bin/bun"],
  ];
}

/**
 * Runs all tests on Node, and the conformance suite on the newest one and on Bun, where
 * npm has them for this machine: in the folder of a project that has the package.
 */
export async function testPackage(cwd: string): Promise<void> {
  const all = [...NODE_TESTS];
  for (const file of await listSources(".")) {
    if (!PORTABLE.test(file)) continue;
    if (!DENO_BACKEND.test(await Deno.readTextFile(file))) all.push(file);
  }
  for (const tests of [all, [CONFORMANCE]]) {
    const text = await bundleFiles(cwd, [PRELUDE, ...tests, RUNNER], {
      sourcemap: "inline",
      // A bundle renames what two files call the same, and tests look at names.
      keepNames: true,
    });
    const name = tests === all ? "all" : "conformance";
    await Deno.writeTextFile(`${cwd}/${name}.mjs`, text);
  }
  const passed = await Promise.all([
    report("Node", "node", cwd, "all.mjs"),
    ...runtimes().map((runtime) => testOn(...runtime, cwd)),
  ]);
  if (passed.includes(false)) throw new Error("Tests of the package failed");
}

/** Installs a runtime, and tests on it; where there is none, that is said. */
async function testOn(
  name: string,
  wanted: string,
  file: string,
  cwd: string,
): Promise<boolean> {
  const folder = `${cwd}/${name}/node_modules`;
  const program = `${folder}/${wanted.replace(/@[^@]*$/, "")}/${file}`;
  try {
    await install(`${cwd}/${name}`, [wanted]);
    await run(program, ["--version"], cwd);
  } catch (error) {
    console.log(`${name}: left out, since it does not run here: ${error}`);
    return true;
  }
  return await report(name, program, cwd, "conformance.mjs");
}

/** Runs tests, and prints how many there were, and those that failed. */
async function report(
  name: string,
  program: string,
  cwd: string,
  tests: string,
): Promise<boolean> {
  const flags = name.startsWith("Node") ? ["--enable-source-maps"] : [];
  try {
    const printed = await run(program, [...flags, tests], cwd);
    console.log(`${name}: ${printed.trimEnd().split("\n").at(-1)}`);
    return true;
  } catch (error) {
    console.log(`${name}: ${error}`);
    return false;
  }
}
