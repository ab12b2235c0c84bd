/**
 * Programs that run beside another one, in the same worker: each has its own reactor,
 * arguments and terminal. So modules that know of these are loaded once more for it;
 * all others are shared, and with them the classes.
 *
 * @module
 */

import { stripTypeScriptTypes } from "node:module";
import { importsOf } from "../../scripts/sources.ts";
import { peerFolder, processName } from "../page/modules.ts";
import {
  jsPath,
  replaceImports,
  replaceMain,
  sourceOf,
  up,
  VENDORED,
} from "./checkout.ts";

/** What a process has one of. */
const ROOTS = ["reactor/default.ts", "book/worker/current.ts"];

/** Programs that other programs start. */
export const STARTED = [
  "server/slowpoetry.ts",
  "clients/get-poetry-async.ts",
  "clients/get-poetry-blocking.ts",
];

const PROGRAMS = /^(cli|clients|examples|server)\//;

/** The files of a peer, by their path in the checkout of the site. */
export function* peerFiles(
  root: string,
  path: string,
): Generator<[string, string]> {
  const modules = closure(root, [path, ...ROOTS]);
  const own = ownModules(modules);
  for (const module of own) {
    const text = stripTypeScriptTypes(sourceOf(root, module));
    const linked = replaceImports(text, (specifier) => {
      const vendored = VENDORED[specifier];
      if (vendored !== undefined) return `${up(module)}../../../${vendored}`;
      const to = resolve(module, specifier);
      return own.has(to)
        ? jsPath(specifier)
        : `${up(module)}../../${jsPath(to)}`;
    });
    yield [
      `${peerFolder(path)}/${jsPath(module)}`,
      surrounded(path, replaceMain(linked, module === path)),
    ];
  }
}

/** Has a module see its own process, without a line more. */
function surrounded(path: string, text: string): string {
  if (!/\b(?:Deno|console)\b/.test(text)) return text;
  const name = JSON.stringify(processName(path));
  return `const{Deno,console}=globalThis[${name}];${text}`;
}

/** All that is loaded with some modules, and what each of it imports. */
function closure(root: string, paths: string[]): Map<string, string[]> {
  const modules = new Map<string, string[]>();
  const waiting = [...paths];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (modules.has(path)) continue;
    const imports = importsOf(path, sourceOf(root, path))
      .filter(({ specifier, typeOnly }) =>
        !typeOnly && specifier.startsWith(".")
      ).map(({ to }) => to);
    modules.set(path, imports);
    waiting.push(...imports);
  }
  return modules;
}

function ownModules(modules: Map<string, string[]>): Set<string> {
  const own = new Set(ROOTS);
  for (const path of modules.keys()) if (PROGRAMS.test(path)) own.add(path);
  for (let size = 0; size < own.size;) {
    size = own.size;
    for (const [path, imports] of modules) {
      if (imports.some((one) => own.has(one))) own.add(path);
    }
  }
  return own;
}

function resolve(from: string, specifier: string): string {
  return new URL(specifier, `file:///${from}`).pathname.slice(1);
}
