/**
 * The library and the worker in one script: a page would wait long for so many files.
 * The lines stay as they are, so that stacks can be told in the words of the checkout.
 *
 * @module
 */

import { stripTypeScriptTypes } from "node:module";
import { dirname, join } from "node:path/posix";
import { transform } from "npm:sucrase@3.35.1";
import { importsOf } from "../../scripts/sources.ts";
import { LIBRARY, STARTS_HOOK } from "../page/modules.ts";
import { jsPath, replaceImports, sourceOf, up } from "./checkout.ts";

const WORKER = "book/worker/worker.ts";

/** What is in the script, with all that it imports. */
const ENTRIES = ["mod.ts", "testing.ts", WORKER];

/** An import of another file of the script, which needs no waiting. */
const LAZY_IMPORT = /\bimport\("((?:[\w-]+\/)*[\w-]+\.ts)"\)/g;

/** The script, and a module for each of its files, which hands on what that exports. */
export async function* libraryFiles(
  root: string,
): AsyncGenerator<[string, string]> {
  const paths = closure(root);
  const script = scriptOf(root, paths);
  yield [LIBRARY, script];
  const url = `data:text/javascript,${encodeURIComponent(script)}`;
  const { load } = await import(url);
  for (const path of paths) {
    const to = `${up(path)}${LIBRARY}`;
    // The worker runs when it is loaded, and exports nothing.
    const names = path === WORKER ? [] : Object.keys(load(path));
    yield [jsPath(path), moduleOf(path, to, names)];
  }
}

function moduleOf(path: string, to: string, names: string[]): string {
  return `import { load } from ${JSON.stringify(to)};
const m = load(${JSON.stringify(path)});
${
    names.map((name, i) =>
      `const n${i} = m.${name};\nexport { n${i} as ${name} };`
    )
      .join("\n")
  }
`;
}

/** All files, those that others import first. */
function closure(root: string): string[] {
  const found = new Set<string>();
  const visit = (path: string) => {
    if (found.has(path)) return;
    found.add(path);
    for (const one of importsOf(path, sourceOf(root, path))) {
      if (!one.typeOnly && one.specifier.startsWith(".")) visit(one.to);
    }
  };
  ENTRIES.forEach(visit);
  return [...found];
}

function scriptOf(root: string, paths: readonly string[]): string {
  const lines = [
    'const __root = new URL("./", import.meta.url.replace(/^data:.*/, "file:///")).href;',
    "const modules = {",
  ];
  const starts: [string, number][] = [];
  for (const path of paths) {
    lines.push(`${JSON.stringify(path)}(require, exports) {`);
    starts.push([path, lines.length]);
    lines.push(...functionOf(root, path).split("\n"), "},");
  }
  const name = JSON.stringify(STARTS_HOOK);
  lines.push("};", `globalThis[${name}] = ${JSON.stringify(starts)};`);
  return `${lines.join("\n")}
const loaded = new Map();
export function load(path) {
  let exports = loaded.get(path);
  if (exports === undefined) {
    loaded.set(path, exports = {});
    modules[path](load, exports);
  }
  return exports;
}
`;
}

/** A file as the body of a function, line for line. */
function functionOf(root: string, path: string): string {
  const text = replaceImports(
    stripTypeScriptTypes(sourceOf(root, path)),
    (specifier) =>
      specifier.startsWith(".") ? join(dirname(path), specifier) : specifier,
  );
  const { code } = transform(text, {
    transforms: ["imports"],
    disableESTransforms: true,
    preserveDynamicImport: true,
  });
  return code
    .replace(LAZY_IMPORT, 'Promise.resolve(require("$1"))')
    .replaceAll(
      "import.meta.url",
      `(__root + ${JSON.stringify(jsPath(path))})`,
    );
}
