/**
 * Runs the tests with the installed package, on the runtimes that use it.
 *
 * @module
 */

import { ENTRY_POINTS, NAME } from "./npm_package.ts";
import { install, run } from "./npm_run.ts";
import { type Sources, writeFile } from "./npm_stage.ts";

/** Defines `Deno.test`, which is all that the tests need of Deno. */
const PRELUDE = "tests/npm/deno_prelude.ts";
const RUNNER = "tests/npm/run_tests.ts";

/** The tests for Node alone, which Deno does not take for tests. */
const NODE_TESTS = [
  "tests/npm/deno_backend.ts",
  "tests/npm/node_descriptors.ts",
];

const CONFORMANCE = "tests/npm/conformance.ts";

/** The tests about the library; those that need more of Deno are skipped. */
const TESTS = [
  "tests/defer/",
  "tests/hostile/",
  "tests/npm/",
  "tests/reactor/",
];

/** What stands in tests of Deno's backend: its name, or the path of one of its files. */
const DENO_BACKEND = /denoBackend|backends\/deno[_/]/;

/** A runtime that npm has. */
interface Runtime {
  name: string;
  /** Its package for this machine, with the version. */
  package: string;
  /** The program, in the folder of the package. */
  program: string;
}

const NEWEST_NODE = "26.10.0";
const BUN = "1.4.5";

function runtimes(): Runtime[] {
  const { os, arch } = Deno.build;
  const isArm = arch === "aarch64";
  return [
    {
      name: `Node ${NEWEST_NODE}`,
      package: `node-${os}-${isArm ? "arm64" : "x64"}@${NEWEST_NODE}`,
      program: "bin/node",
    },
    {
      name: `Bun ${BUN}`,
      package: `@oven/bun-${os}-${isArm ? "aarch64" : "x64"}@${BUN}`,
      program: "bin/bun",
    },
  ];
}

/**
 * Runs all tests on Node, and the conformance suite on the newest one and on Bun,
 * where npm has them for this machine.
 *
 * @param sources The project's sources, with the tests.
 * @param projectDir The folder of a project that has the package.
 */
export async function testPackage(
  sources: Sources,
  projectDir: string,
): Promise<void> {
  const all = [...NODE_TESTS, CONFORMANCE];
  for (const file of sources.files) {
    if (await isPortable(file)) all.push(file);
  }
  await bundleTests(sources, projectDir, "all", all);
  await bundleTests(sources, projectDir, "conformance", [CONFORMANCE]);
  const others = runtimes().map(async (runtime) => {
    const program = await fetchRuntime(projectDir, runtime);
    return program === undefined ||
      await report(runtime.name, program, projectDir, "conformance");
  });
  const first = report("Node", "node", projectDir, "all");
  const passed = await Promise.all([first, ...others]);
  if (passed.includes(false)) {
    throw new Error("Tests of the package have failed");
  }
}

/** Whether a file has tests for other runtimes than Deno. */
async function isPortable(file: string): Promise<boolean> {
  if (!file.endsWith("_test.ts")) return false;
  if (!TESTS.some((path) => file.startsWith(path))) return false;
  return !DENO_BACKEND.test(await Deno.readTextFile(file));
}

/** The path of a runtime's program; where there is none, that is said. */
async function fetchRuntime(
  projectDir: string,
  { name, package: wanted, program }: Runtime,
): Promise<string | undefined> {
  const cwd = `${projectDir}/${program.replace("bin/", "")}`;
  try {
    await writeFile(`${cwd}/package.json`, `{ "private": true }`);
    await install(cwd, [wanted]);
    const path = wanted.replace(/@[^@]*$/, "");
    const file = `${cwd}/node_modules/${path}/${program}`;
    await run(file, ["--version"], { cwd });
    return file;
  } catch (error) {
    console.log(
      `${name}: left out, since npm has none that runs here: ${error}`,
    );
  }
}

/**
 * Makes one file of tests and all that they use, with imports of the installed
 * package for those of the library.
 */
async function bundleTests(
  sources: Sources,
  projectDir: string,
  name: string,
  tests: string[],
): Promise<void> {
  const entries = [PRELUDE, ...tests, RUNNER];
  const library = `${projectDir}/node_modules/${NAME}`;
  await sources.copy(entries, `${projectDir}/tests`, ({ to }) => {
    const entry = ENTRY_POINTS.find(({ path }) => path === `./${to}`);
    if (entry !== undefined) return NAME + entry.name.slice(1);
    if (!/^(defer|reactor)\//.test(to)) return undefined;
    return `${library}/esm/${to.replace(/\.ts$/, ".js")}`;
  });
  const imports = entries.map((file) => `import "./${file}";\n`);
  await writeFile(`${projectDir}/tests/${name}.ts`, imports.join(""));
  await run("node_modules/.bin/esbuild", [
    `tests/${name}.ts`,
    "--bundle",
    "--platform=node",
    "--target=node20",
    "--format=esm",
    "--sourcemap=inline",
    // A bundle renames what two files call the same, and tests look at names.
    "--keep-names",
    "--log-level=warning",
    "--alias:@std/assert=deno-std/assert/mod.js",
    `--external:${NAME}`,
    `--external:${library}/*`,
    `--outfile=${name}.mjs`,
  ], { cwd: projectDir });
}

/** Runs tests, and prints how many there were, and those that failed. */
async function report(
  name: string,
  program: string,
  cwd: string,
  tests: string,
): Promise<boolean> {
  const flags = name.startsWith("Node") ? ["--enable-source-maps"] : [];
  const args = [...flags, `${tests}.mjs`];
  const { success, stdout, stderr } = await run(program, args, {
    cwd,
    mayFail: true,
  });
  const lines = stdout.trimEnd().split("\n");
  console.log(`${name}: ${success ? lines.at(-1) : lines.join("\n")}`);
  // What ends the program itself comes last.
  if (!success) console.log(stderr.slice(-2000));
  return success;
}
