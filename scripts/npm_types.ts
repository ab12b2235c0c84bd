/**
 * Checks the types of the installed package, as compilers of several years see them.
 *
 * @module
 */

import { ENTRY_POINTS, NAME, RUNTIME_TYPES } from "./npm_package.ts";
import { programsIn } from "./npm_pages.ts";
import { run } from "./npm_run.ts";

/** The oldest compiler that understands the types, and the newest. */
const VERSIONS = { oldest: "5.6.3", newest: "7.0.2" };

/** What to install for the check. */
export const COMPILERS = [
  ...Object.entries(VERSIONS).map(([name, version]) =>
    `typescript-${name}@npm:typescript@${version}`
  ),
  `@types/node@${RUNTIME_TYPES["@types/node"]}`,
];

/** How a project finds its modules. */
const RESOLUTIONS = [
  "--module nodenext",
  "--module esnext --moduleResolution bundler",
];

/** Where a project has the names of its runtime from. */
const RUNTIMES = [
  "--lib ES2022 --types node",
  "--lib ES2022,DOM --typeRoots none",
];

const STRICT =
  "--noEmit --target ES2022 --strict --exactOptionalPropertyTypes --skipLibCheck false";

/** A program that hands over all that may be left out. */
const EXACT_PROGRAM = "tests/types/exact_optional.ts";

/**
 * Compiles programs that use the package, declarations of the package included: with each
 * compiler, each way to find modules, and Node's types or none. They stand in the folder
 * of a project that has the package and the compilers.
 */
export async function checkTypes(cwd: string): Promise<void> {
  const page = await Deno.readTextFile(`${cwd}/node_modules/${NAME}/README.md`);
  const imports = ENTRY_POINTS.map(({ specifier }, i) =>
    `import * as module${i} from "${specifier}";\n`
  );
  const exact = await Deno.readTextFile(EXACT_PROGRAM);
  const programs = [imports.join(""), exact, ...programsIn(page)];
  const files = programs.map((text, i) => {
    Deno.writeTextFileSync(`${cwd}/program${i}.mts`, text);
    return `program${i}.mts`;
  });
  Deno.copyFileSync(EXACT_PROGRAM, `${cwd}/required.cts`);
  for (const name of Object.keys(VERSIONS)) {
    const tsc = `node_modules/typescript-${name}/bin/tsc`;
    // The oldest lets no CommonJS have a module.
    const all = name === "newest" ? [...files, "required.cts"] : files;
    for (const resolution of RESOLUTIONS) {
      await Promise.all(RUNTIMES.map((runtime) => {
        const options = `${STRICT} ${resolution} ${runtime}`.split(" ");
        return run("node", [tsc, ...options, ...all], cwd);
      }));
    }
  }
}
