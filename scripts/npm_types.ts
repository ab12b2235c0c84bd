/**
 * Checks the types of the installed package, as compilers of several years see them.
 *
 * @module
 */

import { ENTRY_POINTS, NAME, RUNTIME_TYPES } from "./npm_package.ts";
import { run } from "./npm_run.ts";
import { writeFile } from "./npm_stage.ts";

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
  { module: "nodenext" },
  { module: "esnext", moduleResolution: "bundler" },
];

/** Where a project has the names of its runtime from. */
const RUNTIMES = [
  { types: ["node"], lib: ["ES2022"] },
  { types: [], lib: ["ES2022", "DOM"] },
];

/** A program that hands over all that may be left out. */
const EXACT_PROGRAM = "tests/types/exact_optional.ts";

/**
 * Compiles programs that use the package, declarations of the package included:
 * with each compiler, each way to find modules, and Node's types or none.
 *
 * @param cwd The folder of a project that has the package and the compilers.
 * @param program The source of one that uses a part of it.
 */
export async function checkTypes(cwd: string, program: string): Promise<void> {
  const exact = await Deno.readTextFile(EXACT_PROGRAM);
  await writeFile(`${cwd}/types/program.mts`, program);
  await writeFile(
    `${cwd}/types/exact.mts`,
    ENTRY_POINTS.reduce((source, { path, name }) => {
      return source.replace(
        `"../../${path.slice(2)}"`,
        `"${NAME}${name.slice(1)}"`,
      );
    }, exact),
  );
  const all = ENTRY_POINTS.map(({ name }, i) =>
    `import * as module${i} from "${NAME}${name.slice(1)}";\n`
  );
  await writeFile(`${cwd}/types/all.mts`, all.join(""));
  for (const compiler of Object.keys(VERSIONS)) {
    for (const resolution of RESOLUTIONS) {
      await Promise.all(
        RUNTIMES.map((runtime) => compile(cwd, compiler, resolution, runtime)),
      );
    }
  }
}

async function compile(
  cwd: string,
  compiler: string,
  resolution: typeof RESOLUTIONS[number],
  runtime: typeof RUNTIMES[number],
): Promise<void> {
  const compilerOptions = {
    ...resolution,
    ...runtime,
    target: "ES2022",
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: false,
    noEmit: true,
  };
  const name = [compiler, resolution.module, ...runtime.types].join("-");
  const file = `types/${name}.json`;
  const project = { compilerOptions, include: ["*.mts"] };
  await writeFile(`${cwd}/${file}`, JSON.stringify(project));
  const tsc = `node_modules/typescript-${compiler}/bin/tsc`;
  await run("node", [tsc, "--project", file], { cwd });
}
