/**
 * Makes one file of a program and all that it uses, in a project that has the npm package.
 *
 * @module
 */

import { createRequire } from "node:module";
import { ENTRY_POINTS, NAME } from "./npm_package.ts";

/** The package that tests and programs of the checkout import. */
const STD = "deno-std@1.4.0";

/** What the project needs beside the package. */
export const BUNDLED_WITH = [STD, "esbuild@0.25.9"];

type Options = Record<string, unknown>;

/** What is used of esbuild, which the project has. */
interface Esbuild {
  build(options: Options): Promise<{ outputFiles: { text: string }[] }>;
}

interface Resolving {
  onResolve(
    options: { filter: RegExp },
    resolve: (found: { path: string; resolveDir: string }) => unknown,
  ): void;
}

/** Bundles the text of a program that stands in the project's folder. */
export async function bundle(
  projectDir: string,
  contents: string,
  options: Options = {},
): Promise<string> {
  const { build }: Esbuild = createRequire(`${projectDir}/`)("esbuild");
  const { outputFiles } = await build({
    absWorkingDir: projectDir,
    stdin: { contents, resolveDir: projectDir, loader: "ts" },
    bundle: true,
    platform: "node",
    target: "node20",
    format: "esm",
    logLevel: "warning",
    alias: {
      [`npm:${STD}`]: "deno-std",
      "@std/assert": "deno-std/assert/mod.js",
    },
    plugins: [installedIn(projectDir, true)],
    ...options,
    write: false,
  });
  return outputFiles.map(({ text }) => text).join("");
}

/** Bundles files of the checkout, which are imported one after the other. */
export function bundleFiles(
  projectDir: string,
  files: readonly string[],
  options: Options,
): Promise<string> {
  const imports = files.map((file) => `import "${Deno.cwd()}/${file}";\n`);
  return bundle(projectDir, imports.join(""), options);
}

/** As `bundleFiles`, and the library too. */
export function bundleAll(
  projectDir: string,
  files: readonly string[],
  options: Options,
): Promise<string> {
  const plugins = [installedIn(projectDir, false)];
  return bundleFiles(projectDir, files, { plugins, ...options });
}

/** Has the checkout's files import what is installed, in the place of the library. */
function installedIn(projectDir: string, external: boolean): unknown {
  const library = `${projectDir}/node_modules/${NAME}/esm/`;
  return {
    name: "installed",
    setup({ onResolve }: Resolving) {
      onResolve({ filter: /^\..*\.ts$/ }, ({ path, resolveDir }) => {
        const { pathname } = new URL(path, `file://${resolveDir}/`);
        const to = pathname.replace(`${Deno.cwd()}/`, "");
        const entry = ENTRY_POINTS.find((it) => it.path === `./${to}`);
        if (external && entry) return { path: entry.specifier, external };
        if (!entry && !/^(defer|reactor)\//.test(to)) return undefined;
        return { path: library + to.replace(/ts$/, "js"), external };
      });
    },
  };
}
