/**
 * The files of the checkout, as a page loads them: the types are blanked out, so that
 * every line and column stays where it is, and imports name the `.js` files beside.
 *
 * @module
 */

import { stripTypeScriptTypes } from "node:module";
import { dirname, join } from "node:path/posix";
import { BEGIN, SPECIFIER } from "../page/modules.ts";

/** What a page can load, of the checkout. */
export const LOADED_FOLDERS = [
  "defer",
  "reactor",
  "cli",
  "clients",
  "server",
  "examples",
  "book/worker",
];

/** Files that a page has another version of. */
const REPLACED: Record<string, string> = {
  "clients/shared/blocking_backend.ts": "book/worker/blocking_backend.ts",
  "reactor/backends/node/backend.ts": "book/worker/node_backend.ts",
  "reactor/backends/runtime.ts": "book/worker/runtime_backend.ts",
};

/** Programs have a second version, in which they are the main module. */
const PROGRAM =
  /^(clients|server|examples)\/([\w.-]+|(later|exercises)\/[\w.-]+)\.ts$/;

/** Packages that programs import, and what of the site they are. */
export const VENDORED: Record<string, string> = {
  "npm:deno-std@1.4.0/cli/parse_args.js": "vendor/parse_args.js",
};

/** The paths of all TypeScript files that a page can load. */
export function checkoutFiles(root: string): string[] {
  const files = ["mod.ts", "testing.ts", "book/page/modules.ts"];
  for (const folder of LOADED_FOLDERS) collect(root, folder, files);
  return files.filter((path) => path.endsWith(".ts")).sort();
}

/** The files that the site gets for one of the checkout: path and text. */
export function* translated(
  root: string,
  path: string,
): Generator<[string, string]> {
  const text = stripTypeScriptTypes(sourceOf(root, path));
  const files = replaceImports(
    text,
    (specifier) =>
      VENDORED[specifier] === undefined
        ? specifier.replace(/\.ts$/, ".js")
        : `${up(path)}../${VENDORED[specifier]}`,
  );
  yield [jsPath(path), replaceMain(files, false)];
  if (isProgram(path)) {
    yield [
      path.replace(/\.ts$/, ".main.js"),
      `${BEGIN}${replaceMain(files, true)}`,
    ];
  }
}

/** The text of a file, or of the one in its place. */
export function sourceOf(root: string, path: string): string {
  const from = REPLACED[path];
  const source = Deno.readTextFileSync(join(root, from ?? path));
  if (from === undefined) return source;
  return replaceImports(
    source,
    (specifier) =>
      specifier.startsWith(".")
        ? `${up(path)}${join(dirname(from), specifier)}`
        : specifier,
  );
}

/** Whether a page can run it by itself. */
export function isProgram(path: string): boolean {
  return PROGRAM.test(path);
}

/** Has every import name something else. */
export function replaceImports(
  text: string,
  replace: (specifier: string) => string,
): string {
  return text.replace(
    SPECIFIER,
    (_, before: string, quote: string, specifier: string) =>
      `${before}${quote}${replace(specifier)}${quote}`,
  );
}

/** Says whether a module is the main one. */
export function replaceMain(text: string, isMain: boolean): string {
  return text.replaceAll("import.meta.main", `${isMain}`);
}

/** The path of the JavaScript of a file. */
export function jsPath(path: string): string {
  return path.replace(/\.ts$/, ".js");
}

/** The way from a file to the root of the checkout. */
export function up(path: string): string {
  return "../".repeat(path.split("/").length - 1) || "./";
}

function collect(root: string, folder: string, files: string[]): void {
  for (const { name, isDirectory } of Deno.readDirSync(join(root, folder))) {
    const path = `${folder}/${name}`;
    if (isDirectory) collect(root, path, files);
    else files.push(path);
  }
}
