/**
 * The files of the checkout, as a page loads them: the types are blanked out, so that
 * every line and column stays where it is, and imports name the `.js` files beside.
 *
 * @module
 */

import { stripTypeScriptTypes } from "node:module";
import { dirname, join } from "node:path/posix";

/** What a page can load, of the checkout. */
const FOLDERS = [
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
};

/** Programs have a second version, in which they are the main module. */
const PROGRAM =
  /^(clients|server|examples)\/([\w.-]+|(later|exercises)\/[\w.-]+)\.ts$/;

/** Packages that programs import, and what of the site they are. */
export const VENDORED: Record<string, string> = {
  "npm:deno-std@1.4.0/cli/parse_args.js": "vendor/parse_args.js",
};

const SPECIFIER = /(\bfrom\s*|\bimport\s*\(?\s*)(["'])([^"'\n]+)\2/g;

/** The paths of all TypeScript files that a page can load. */
export function checkoutFiles(root: string): string[] {
  const files = ["mod.ts", "testing.ts"];
  for (const folder of FOLDERS) collect(root, folder, files);
  return files.filter((path) => path.endsWith(".ts")).sort();
}

/** The files that the site gets for one of the checkout: path and text. */
export function* translated(
  root: string,
  path: string,
): Generator<[string, string]> {
  const source = Deno.readTextFileSync(join(root, REPLACED[path] ?? path));
  const text = REPLACED[path] === undefined
    ? source
    : movedImports(source, REPLACED[path], path);
  yield [jsPath(path), strip(text, path, false)];
  if (PROGRAM.test(path)) {
    yield [path.replace(/\.ts$/, ".main.js"), strip(text, path, true)];
  }
}

/** Whether a page can run it by itself. */
export function isProgram(path: string): boolean {
  return PROGRAM.test(path);
}

/** The JavaScript of a file, line for line. */
function strip(source: string, path: string, isMain: boolean): string {
  const stripped = stripTypeScriptTypes(source);
  const up = "../".repeat(path.split("/").length);
  return stripped
    .replace(
      SPECIFIER,
      (_, before: string, quote: string, specifier: string) =>
        `${before}${quote}${
          VENDORED[specifier] !== undefined
            ? `${up}${VENDORED[specifier]}`
            : specifier.replace(/\.ts$/, ".js")
        }${quote}`,
    )
    .replaceAll("import.meta.main", isMain ? "true" : "false");
}

function jsPath(path: string): string {
  return path.replace(/\.ts$/, ".js");
}

/** The relative imports of a file that stands in the place of another. */
function movedImports(source: string, from: string, to: string): string {
  const up = "../".repeat(to.split("/").length - 1);
  return source.replace(
    SPECIFIER,
    (all, before: string, quote: string, specifier: string) =>
      specifier.startsWith(".")
        ? `${before}${quote}${up}${join(dirname(from), specifier)}${quote}`
        : all,
  );
}

function collect(root: string, folder: string, files: string[]): void {
  for (const { name, isDirectory } of Deno.readDirSync(join(root, folder))) {
    const path = `${folder}/${name}`;
    if (isDirectory) collect(root, path, files);
    else files.push(path);
  }
}
