/**
 * The rules of `deno lint` that are this project's own: which folder may import which,
 * and what the library may not name. They read the syntax tree, so comments and
 * strings do not count.
 *
 * @module
 */

/** The rules, under the name `deferno/…`. */
const plugin: Deno.lint.Plugin = {
  name: "deferno",
  rules: {
    "layers": { create: layers },
    "outside-imports": { create: outsideImports },
    "no-runtime-names": { create: noRuntimeNames },
    "no-host-at-load": { create: noHostAtLoad },
    "no-timers-in-defer": { create: noTimersInDefer },
    "mod-only-exports": { create: modOnlyExports },
  },
};

export default plugin;

/** The library, which has no dependencies and also runs straight from a URL. */
const LIBRARY_FILE = /^(defer\/|reactor\/|(mod|testing)\.ts$)/;
const PROGRAM_FILE = /^(cli|clients|server|examples|poetry)\//;
/** The only place for what belongs to one runtime. */
const RUNTIME_FILE = /^reactor\/backends\//;
const MOD_FILE = /(^|\/)mod\.ts$/;
/** What defer/ needs of whatever runs it. */
const HOST_FILE = "defer/host.ts";
const TIMERS = ["setTimeout", "setInterval", "setImmediate"];
/** What only some runtimes have. */
const HOST_NAMES = [
  "Bun",
  "Deno",
  "document",
  "globalThis",
  "location",
  "navigator",
  "process",
  "self",
  "window",
];

/** What a folder's files may import of the project, beside the folder itself. */
const FOLDERS: Record<string, string[]> = {
  "defer/": [],
  "reactor/": ["defer/"],
  "mod.ts": ["defer/", "reactor/"],
  "testing.ts": ["reactor/testing/"],
  "cli/": ["mod.ts"],
  "clients/": ["mod.ts", "cli/"],
  "server/": ["mod.ts", "cli/"],
  // Exercises are clients with something added, and the later parts have servers.
  "examples/": [
    "mod.ts",
    "cli/",
    "clients/shared/",
    "server/shared/server_arguments.ts",
  ],
};

/** The clients that are about what lies beneath the library's surface. */
const LOWER_CLIENT = /^clients\/get-poetry-(blocking|async|1|1-broken)\.ts$/;

/** The example that takes another backend than the runtime's. */
const OTHER_BACKEND = {
  file: "examples/simple-other.ts",
  folder: "reactor/backends/node/",
};

/**
 * The layers of reactor/, lowest first. A file imports from its own entry and from lower
 * layers. The files of reactor/ that no layer names are the words that all of them share.
 */
const LAYERS = [
  ["words"],
  ["backend.ts", "interfaces.ts", "instrument.ts"],
  ["loop/", "backends/", "instruments/"],
  ["transport/"],
  ["protocol/"],
  ["reactor.ts"],
  ["default.ts", "endpoints/", "task/", "policies/", "protocols/"],
  ["sockets/", "testing/"],
  ["mod.ts"],
];

const NPM_BUILD = "scripts/build_npm.ts";
const FLAG_PARSER = /^npm:\/?deno-std@[^/]+\/cli\//;

type Context = Deno.lint.RuleContext;
type Visitor = Deno.lint.LintVisitor;

/** One import or re-export of a file. */
interface Import {
  node: Deno.lint.Node;
  specifier: string;
  /** True where nothing is left of it at run time. */
  typeOnly: boolean;
}

function layers(context: Context): Visitor {
  const path = projectPath(context);
  const folder = Object.keys(FOLDERS).find((name) => isIn(path, name));
  if (folder === undefined) return {};
  return eachImport(({ node, specifier, typeOnly }) => {
    if (!/^\.\.?\//.test(specifier)) return;
    const target = new URL(specifier, `file:///${path}`).pathname.slice(1);
    const problem = wrongFolder(path, folder, target) ??
      wrongLayer(path, target, typeOnly);
    if (problem !== undefined) context.report({ node, ...problem });
  });
}

interface Problem {
  message: string;
  hint: string;
}

function wrongFolder(
  path: string,
  folder: string,
  target: string,
): Problem | undefined {
  const allowed = [folder, ...FOLDERS[folder] ?? []];
  if (LOWER_CLIENT.test(path)) allowed.push("defer/", "reactor/");
  if (path === OTHER_BACKEND.file) allowed.push(OTHER_BACKEND.folder);
  if (allowed.some((name) => isIn(target, name))) return undefined;
  return {
    message: `${folder} may not import ${target}`,
    hint: PROGRAM_FILE.test(path)
      ? "Programs import the library from ../mod.ts and what they share from cli/"
      : "defer ← reactor ← mod.ts: move what both need down, or hand it in",
  };
}

/**
 * Within reactor/. Types may also come from a neighbour in the same layer, since a
 * circle of types (interfaces.ts and backend.ts have one) is gone at run time.
 */
function wrongLayer(
  path: string,
  target: string,
  typeOnly: boolean,
): Problem | undefined {
  if (!path.startsWith("reactor/") || !target.startsWith("reactor/")) return;
  const [from, to] = [layerOf(path), layerOf(target)];
  if (from.name === to.name || from.level > to.level) return undefined;
  if (typeOnly && from.level === to.level) return undefined;
  return {
    message: `In reactor/, ${from.name} may not import ${to.name} (${target})`,
    hint: `From low to high: ${
      LAYERS.map((layer) => layer.join(", ")).join(" ← ")
    }`,
  };
}

function layerOf(path: string): { name: string; level: number } {
  const name = /^reactor\/([^/]+\/?)/.exec(path)?.[1] ?? "";
  const level = LAYERS.findIndex((layer) => layer.includes(name));
  if (level >= 0) return { name, level };
  // Nothing may import from a folder that no layer names: it is to be given its layer.
  return name.endsWith("/")
    ? { name, level: LAYERS.length }
    : { name: "words", level: 0 };
}

function outsideImports(context: Context): Visitor {
  const path = projectPath(context);
  return eachImport(({ node, specifier, typeOnly }) => {
    if (/^\.\.?\//.test(specifier)) return;
    const hint = wrongOutside(path, specifier, typeOnly);
    if (hint === undefined) return;
    context.report({
      node,
      message: `${path} may not import ${specifier}`,
      hint,
    });
  });
}

/** Why an import from outside the project is wrong. */
function wrongOutside(
  path: string,
  specifier: string,
  typeOnly: boolean,
): string | undefined {
  if (specifier.startsWith("jsr:")) {
    return path === NPM_BUILD
      ? undefined
      : `Build and tests do without JSR: only ${NPM_BUILD} needs it`;
  }
  if (/^(https?|file):|^\//.test(specifier)) {
    return "Imports are relative, npm: or node:, so that a checkout is enough";
  }
  if (FLAG_PARSER.test(specifier)) {
    return isIn(path, "cli/")
      ? undefined
      : "Programs take their flags from the one file in cli/ that parses them";
  }
  const isLibrary = LIBRARY_FILE.test(path);
  if (!isLibrary && !PROGRAM_FILE.test(path)) return undefined;
  if (specifier.startsWith("node:")) {
    if (RUNTIME_FILE.test(path) && typeOnly) return;
    return "Node's modules belong to reactor/backends/, as types only: builtin() of its node/system.ts takes one at first use";
  }
  if (specifier.startsWith("npm:")) {
    return isLibrary
      ? "The library has no dependencies"
      : "Programs import nothing from npm but the flag parser";
  }
  return "These files also run straight from a URL, where no deno.json resolves a bare name: write it relative";
}

/** Calls `check` for every import and re-export, those of types and `import()` among them. */
function eachImport(check: (made: Import) => void): Visitor {
  function found(node: Deno.lint.Node, source: unknown, typeOnly: boolean) {
    const specifier = literal(source);
    if (specifier !== undefined) check({ node, specifier, typeOnly });
  }
  return {
    ImportDeclaration(node) {
      found(node, node.source, node.importKind === "type");
    },
    ExportAllDeclaration(node) {
      found(node, node.source, node.exportKind === "type");
    },
    ExportNamedDeclaration(node) {
      found(node, node.source, node.exportKind === "type");
    },
    ImportExpression(node) {
      found(node, node.source, false);
    },
    TSImportType(node) {
      const { argument } = node;
      if (argument.type === "TSLiteralType") {
        found(node, argument.literal, true);
      }
    },
  };
}

function literal(source: unknown): string | undefined {
  if (typeof source !== "object" || source === null) return undefined;
  const value = "value" in source ? source.value : undefined;
  return typeof value === "string" ? value : undefined;
}

function isIn(path: string, folder: string): boolean {
  return folder.endsWith("/") ? path.startsWith(folder) : path === folder;
}

/** The path below the work tree, so that the folders above it don't count. */
function projectPath(context: Context): string {
  const root = new URL("..", import.meta.url).pathname;
  const path = context.filename.replaceAll("\\", "/");
  return path.startsWith(root) ? path.slice(root.length) : path;
}

function noRuntimeNames(context: Context): Visitor {
  const path = projectPath(context);
  if (!LIBRARY_FILE.test(path) || RUNTIME_FILE.test(path)) return {};
  if (path === HOST_FILE) return {};
  return {
    Identifier(node) {
      if (node.name !== "Deno") return;
      context.report({
        node,
        message: `Only reactor/backends/ and ${HOST_FILE} may name Deno`,
        hint: "Reach the runtime through the backend that is handed in",
      });
    },
  };
}

/** The same files are loaded on every runtime, and in pages. */
function noHostAtLoad(context: Context): Visitor {
  if (!LIBRARY_FILE.test(projectPath(context))) return {};
  return {
    Identifier(node) {
      if (!HOST_NAMES.includes(node.name)) return;
      const around = context.sourceCode.getAncestors(node);
      if (!isEvaluatedAtLoad(node, around)) return;
      context.report({
        node,
        message: `${node.name} is not there on every runtime that loads this`,
        hint: "Take it inside of a function, when it is first used",
      });
    },
  };
}

/** @param around from the program to what holds the identifier */
function isEvaluatedAtLoad(
  identifier: Deno.lint.Node,
  around: Deno.lint.Node[],
): boolean {
  let node = identifier;
  for (const parent of around.toReversed()) {
    if (isOnlyNameIn(node, parent) || isType(parent)) return false;
    if (parent.type.includes("Function")) return false;
    if (parent.type === "PropertyDefinition" && !parent.static) return false;
    node = parent;
  }
  return true;
}

/** Whether it is the `b` of `a.b`, or of `{ b: a }`. */
function isOnlyNameIn(node: Deno.lint.Node, parent: Deno.lint.Node): boolean {
  if (parent.type === "MemberExpression") {
    return parent.property === node && !parent.computed;
  }
  const isPart = parent.type === "Property" ||
    parent.type === "PropertyDefinition" || parent.type === "MethodDefinition";
  return isPart && parent.key === node && !parent.computed;
}

function isType({ type }: Deno.lint.Node): boolean {
  return type.startsWith("TS") && !/Expression$/.test(type);
}

function noTimersInDefer(context: Context): Visitor {
  const path = projectPath(context);
  if (!isIn(path, "defer/") || path === HOST_FILE) return {};
  return {
    Identifier(node) {
      if (!TIMERS.includes(node.name)) return;
      context.report({
        node,
        message: `defer/ may not use timers, got ${node.name}`,
        hint: "Take a Scheduler as an argument, and use its callLater",
      });
    },
  };
}

function modOnlyExports(context: Context): Visitor {
  if (!MOD_FILE.test(projectPath(context))) return {};
  return {
    Program(program) {
      for (const node of program.body) {
        if (node.type === "ExportAllDeclaration") continue;
        if (node.type === "ExportNamedDeclaration" && node.source) continue;
        context.report({
          node,
          message: "A mod.ts may only re-export",
          hint: "Move this into a file named for it, and export it from there",
        });
      }
    },
  };
}
