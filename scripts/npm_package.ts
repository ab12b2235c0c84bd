/**
 * The npm package: everything about it that both ways to build it need to know.
 *
 * @module
 */

import deno from "../deno.json" with { type: "json" };
import { OLDEST_NODE } from "../reactor/backends/node/version.ts";

/** What can be imported from the package. */
export interface EntryPoint {
  /** `"."`, or what follows the package's name. */
  name: string;
  /** Its file, from the project's folder. */
  path: string;
}

const MAIN: EntryPoint = { name: ".", path: "./mod.ts" };

/** What the package offers; its main file first. */
export const ENTRY_POINTS: readonly EntryPoint[] = [
  MAIN,
  { name: "./testing", path: "./testing.ts" },
];

/** The files that others stand in for on Node. */
export const MAPPINGS: Readonly<Record<string, string>> = {};

/** How TypeScript is to read the sources, and what it may use of the language. */
export const TARGET = "ES2022";

/** The description that npm shows. */
export const METADATA = {
  name: deno.name,
  description:
    "Twisted's asynchronous core for TypeScript: reactor, transports, protocols, Deferred",
  license: deno.license,
  keywords: [
    "twisted",
    "reactor",
    "deferred",
    "event loop",
    "asynchronous",
    "tcp",
    "protocol",
  ],
  engines: { node: `>=${OLDEST_NODE}` },
  devDependencies: { "@types/node": "20.19.43" },
};

/** Where a source file ends up in the package, as CommonJS. */
function scriptPath(path: string): string {
  return path.replace(/^\.\//, "./script/").replace(/\.ts$/, ".js");
}

/** The same as an ES module. */
function esmPath(path: string): string {
  return path.replace(/^\.\//, "./esm/").replace(/\.ts$/, ".js");
}

/** The description file of the package, for one version of it. */
export function packageJson(version: string): Record<string, unknown> {
  const files = ENTRY_POINTS.map(({ name, path }) => [name, {
    import: esmPath(path),
    require: scriptPath(path),
  }]);
  return {
    ...METADATA,
    version,
    main: scriptPath(MAIN.path),
    module: esmPath(MAIN.path),
    exports: Object.fromEntries(files),
  };
}
