/**
 * The npm package: everything about it that both ways to build it need to know.
 *
 * @module
 */

import deno from "../deno.json" with { type: "json" };
import { npmReadme, PAGES } from "./npm_pages.ts";
import { listSources } from "./sources.ts";

/** What is importable by the name of the package. */
export const NAME = deno.name;

/** What can be imported: as what, and from which file. The main file is the first. */
export const ENTRY_POINTS = Object.entries(deno.exports).map((
  [name, path],
) => ({ name, path, specifier: NAME + name.slice(1) }));

/** The types of what the sources find on the runtimes, at the oldest they run on. */
export const RUNTIME_TYPES = {
  "@types/deno": "2.7.0",
  "@types/node": "20.19.43",
};

/** The description file of the package, for one version of it. */
function packageJson(version: string): Record<string, unknown> {
  const files = ENTRY_POINTS.map(({ name, path }) => {
    const file = path.replace("./", "./esm/").replace(/\.ts$/, "");
    return { name, types: `${file}.d.ts`, default: `${file}.js` };
  });
  const [main, ...others] = files;
  const typesOfOthers = others.map((it) => [it.name.slice(2), [it.types]]);
  return {
    name: NAME,
    version,
    description:
      "Twisted's asynchronous core for TypeScript: reactor, transports, protocols, Deferred",
    keywords: ["twisted", "reactor", "deferred", "event loop", "tcp"],
    license: deno.license,
    type: "module",
    exports: Object.fromEntries(
      files.map(({ name, ...targets }) => [name, targets]),
    ),
    // For tools that are too old to know `exports`.
    main: main?.default,
    types: main?.types,
    typesVersions: { "*": Object.fromEntries(typesOfOthers) },
    // dnt adds another package.json to the modules.
    files: ["esm", "!esm/package.json", "docs"],
    sideEffects: false,
    // Those that can require() a module.
    engines: { node: "^20.19.0 || >=22.12.0" },
  };
}

/** Of JavaScript that came after ES2022, and that Node 20 has. */
const DISPOSE = "[Symbol.dispose]";
const DISPOSE_TYPES = `/// <reference lib="esnext.disposable" />\n`;

/**
 * Lets declarations say themselves what they need, whatever their users compile with,
 * and import the files that there are: the compiler sees to that in modules alone.
 */
async function completeTypes(folder: string): Promise<void> {
  for (const file of await listSources(folder)) {
    const text = await Deno.readTextFile(`${folder}/${file}`);
    const needed = text.includes(DISPOSE) ? DISPOSE_TYPES : "";
    const linked = text.replace(/((?:from |import\()"\.[^"]*)\.ts"/g, '$1.js"');
    await Deno.writeTextFile(`${folder}/${file}`, needed + linked);
  }
}

/**
 * Adds to the modules in esm/ all else that the package has, the same whichever way they
 * were built.
 */
export async function finishPackage(
  packageDir: string,
  version: string,
): Promise<void> {
  await completeTypes(`${packageDir}/esm`);
  const texts = {
    "package.json": `${JSON.stringify(packageJson(version), undefined, 2)}\n`,
    "README.md": npmReadme(await Deno.readTextFile("README.md")),
  };
  for (const [file, text] of Object.entries(texts)) {
    await Deno.writeTextFile(`${packageDir}/${file}`, text);
  }
  await Deno.mkdir(`${packageDir}/docs`);
  for (const file of ["LICENSE", ...PAGES]) {
    await Deno.copyFile(file, `${packageDir}/${file}`);
  }
}
