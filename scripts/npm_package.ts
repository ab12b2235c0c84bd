/**
 * The npm package: everything about it that both ways to build it need to know.
 *
 * @module
 */

import deno from "../deno.json" with { type: "json" };
import { npmReadme } from "./npm_readme.ts";
import { writeFile } from "./npm_stage.ts";
import { listSources } from "./sources.ts";

/** What can be imported from the package. */
export interface EntryPoint {
  /** `"."`, or what follows the package's name. */
  name: string;
  /** Its file, from the project's folder. */
  path: string;
}

/** What the package offers, its main file first: as on JSR. */
export const ENTRY_POINTS: readonly EntryPoint[] = Object.entries(deno.exports)
  .map(([name, path]) => ({ name, path }));

/** What is importable by the name of the package. */
export const NAME = deno.name;

/** What the sources may use of the language. */
export const TARGET = "ES2022";

/** The same, and what pages have as well: other runtimes have parts of it. */
export const LIB = [TARGET, "DOM"] as const;

/** The types of what the sources find on the runtimes, at the oldest they run on. */
export const RUNTIME_TYPES = {
  "@types/deno": "2.7.0",
  "@types/node": "20.19.43",
};

/** The pages that the package's README names. */
const PAGES = ["docs/differences.md", "docs/library.md"];

/** The description file of the package, for one version of it. */
function packageJson(version: string): Record<string, unknown> {
  const files = ENTRY_POINTS.map(({ name, path }) => {
    const file = path.replace("./", "./esm/").replace(/\.ts$/, "");
    return { name, types: `${file}.d.ts`, default: `${file}.js` };
  });
  return {
    name: NAME,
    version,
    description:
      "Twisted's asynchronous core for TypeScript: reactor, transports, protocols, Deferred",
    keywords: [
      "twisted",
      "reactor",
      "deferred",
      "event loop",
      "asynchronous",
      "tcp",
      "protocol",
    ],
    license: deno.license,
    type: "module",
    exports: Object.fromEntries(
      files.map(({ name, ...targets }) => [name, targets]),
    ),
    ...withoutExports(files),
    // dnt adds another package.json to the modules.
    files: ["esm", "!esm/package.json", "docs"],
    sideEffects: false,
    // Those that can require() a module.
    engines: { node: "^20.19.0 || >=22.12.0" },
  };
}

/** What is read in the place of `exports` by tools that are too old to know it. */
function withoutExports(
  [main, ...others]: { name: string; types: string; default: string }[],
): Record<string, unknown> {
  const types = others.map(({ name, types }) => [name.slice(2), [types]]);
  return {
    main: main?.default,
    types: main?.types,
    typesVersions: { "*": Object.fromEntries(types) },
  };
}

/** A type of JavaScript that came after ES2022, which Node 20 has. */
const DISPOSE = "[Symbol.dispose]";
const DISPOSE_TYPES = `/// <reference lib="esnext.disposable" />\n`;

/** Lets declarations say themselves what they need, whatever their users compile with. */
async function completeTypes(folder: string): Promise<void> {
  for (const file of await listSources(folder)) {
    const text = await Deno.readTextFile(`${folder}/${file}`);
    if (!text.includes(DISPOSE)) continue;
    await writeFile(`${folder}/${file}`, DISPOSE_TYPES + text);
  }
}

/**
 * Adds to the modules in esm/ all else that the package has, the same whichever
 * way they were built.
 *
 * @param packageDir The folder with the package.
 * @param version The version that was built.
 */
export async function finishPackage(
  packageDir: string,
  version: string,
): Promise<void> {
  await completeTypes(`${packageDir}/esm`);
  const description = JSON.stringify(packageJson(version), undefined, 2);
  await writeFile(`${packageDir}/package.json`, `${description}\n`);
  await Deno.copyFile("LICENSE", `${packageDir}/LICENSE`);
  const readme = npmReadme(await Deno.readTextFile("README.md"));
  await writeFile(`${packageDir}/README.md`, readme);
  for (const page of PAGES) {
    await writeFile(`${packageDir}/${page}`, await Deno.readTextFile(page));
  }
}
