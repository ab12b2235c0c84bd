/**
 * The npm package: everything about it that both ways to build it need to know.
 *
 * @module
 */

import deno from "../deno.json" with { type: "json" };
import { OLDEST_NODE } from "../reactor/backends/node/version.ts";

/** What can be imported from the package, or run. */
export interface EntryPoint {
  /** A file to import, or a command. */
  kind: "export" | "bin";
  /** `"."`, or what follows the package's name; or the name of the command. */
  name: string;
  /** Its file, from the project's folder. */
  path: string;
}

/** What the package offers; its main file first. */
export const ENTRY_POINTS: readonly EntryPoint[] = [
  { kind: "export", name: ".", path: "./mod.ts" },
  { kind: "export", name: "./testing", path: "./testing.ts" },
  {
    kind: "bin",
    name: "deferno-get-poetry",
    path: "./clients/get-poetry-4.ts",
  },
  {
    kind: "bin",
    name: "deferno-get-poetry-5",
    path: "./clients/get-poetry-5.ts",
  },
  {
    kind: "bin",
    name: "deferno-get-poetry-5.1",
    path: "./clients/get-poetry-5.1.ts",
  },
  { kind: "bin", name: "deferno-slowpoetry", path: "./server/slowpoetry.ts" },
];

/** The files that others stand in for on Node. */
export const MAPPINGS: Readonly<Record<string, string>> = {
  "./reactor/backends/deno.ts": "./reactor/backends/node.ts",
  "./poetry/flags.ts": "./poetry/flags_node.ts",
  "./poetry/output.ts": "./poetry/output_node.ts",
  "./poetry/permissions.ts": "./poetry/permissions_node.ts",
  "./poetry/program.ts": "./poetry/program_node.ts",
};

/** How TypeScript is to read the sources, and what it may use of the language. */
export const TARGET = "ES2022";

/** The description that npm shows, with the commands it installs. */
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
  bin: binaries(),
  devDependencies: { "@types/node": "20.19.43" },
};

/** The commands are CommonJS: their first line runs before anything is loaded. */
function binaries(): Record<string, string> {
  const commands = ENTRY_POINTS.filter(({ kind }) => kind === "bin");
  return Object.fromEntries(
    commands.map(({ name, path }) => [name, scriptPath(path)]),
  );
}

/** Where a source file ends up in the package, as CommonJS. */
export function scriptPath(path: string): string {
  return path.replace(/^\.\//, "./script/").replace(/\.ts$/, ".js");
}

/** The same as an ES module. */
export function esmPath(path: string): string {
  return path.replace(/^\.\//, "./esm/").replace(/\.ts$/, ".js");
}

/** The description file of the package, for one version of it. */
export function packageJson(version: string): Record<string, unknown> {
  const exports = ENTRY_POINTS.filter(({ kind }) => kind === "export");
  const files = exports.map(({ name, path }) => [name, {
    import: esmPath(path),
    require: scriptPath(path),
  }]);
  const [main] = exports;
  if (main === undefined) throw new Error("The package has no main file");
  return {
    ...METADATA,
    version,
    main: scriptPath(main.path),
    module: esmPath(main.path),
    exports: Object.fromEntries(files),
  };
}
