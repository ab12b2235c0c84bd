/**
 * Which file may import which: `defer` ← `reactor` ← `mod.ts` ← the programs.
 *
 * @module
 */

import type { Import } from "./import_graph.ts";

/** A broken rule. */
export interface Finding {
  /** The file it stands in, and the line: `clients/get-poetry-2.ts:7`. */
  where: string;
  /** What stands there. */
  what: string;
  /** The rule, and what to do. */
  rule: string;
}

interface Folder {
  /** What its files may import: folders, which end in a slash, and files. */
  may: string[];
  /** The reason, and what to do. */
  rule: string;
}

const PROGRAMS_RULE =
  "the programs show the library as its users see it: import from ../mod.ts, " +
  "and export there what is missing; what they share stands in poetry/";

/** The folders that are held to something; the others import what they like. */
const FOLDERS: Record<string, Folder> = {
  "defer/": {
    may: ["defer/"],
    rule: "defer/ stands alone: what it needs from outside is handed to it, " +
      "as an argument with an interface of its own",
  },
  "reactor/": {
    may: ["defer/", "reactor/"],
    rule: "reactor/ is built on defer/ and on nothing else: move what both " +
      "need down, or hand it in",
  },
  "mod.ts": {
    may: ["defer/", "reactor/"],
    rule: "mod.ts is the library's surface: it exports what defer/ and " +
      "reactor/ hold",
  },
  "poetry/": {
    may: ["mod.ts", "poetry/"],
    rule: "poetry/ is shared by the programs: the library comes from " +
      "../mod.ts, and no program is imported from here",
  },
  "server/": { may: ["mod.ts", "poetry/", "server/"], rule: PROGRAMS_RULE },
  "clients/": { may: ["mod.ts", "poetry/", "clients/"], rule: PROGRAMS_RULE },
  "examples/": { may: ["mod.ts", "poetry/", "examples/"], rule: PROGRAMS_RULE },
};

/** The clients that are about what lies beneath the library's surface. */
const LOWER_CLIENTS = [
  "clients/get-poetry-blocking.ts",
  "clients/get-poetry-async.ts",
  "clients/get-poetry-1.ts",
  "clients/get-poetry-1-broken.ts",
];

/**
 * The files about Node: its backend, its TLS, which Deno has as well, and the
 * host of the programs there.
 */
const NODE_FILE =
  /^(reactor\/backends\/(node|tls)(_[a-z]+)?|poetry\/[a-z]+_node)\.ts$/;
const NPM_BUILD = "scripts/build_npm.ts";
const FLAG_PARSER = /^npm:\/?deno-std@[^/]+\/cli\//;

/**
 * The imports that break a rule.
 *
 * @param imports Every import of the project.
 */
export function checkFolders(imports: Import[]): Finding[] {
  const findings: Finding[] = [];
  for (const made of imports) {
    const rule = brokenRule(made);
    if (rule !== undefined) findings.push(finding(made, rule));
  }
  return [...findings, ...flagParserTwice(imports)];
}

function finding({ from, line, specifier }: Import, rule: string): Finding {
  return { where: `${from}:${line}`, what: `imports ${specifier}`, rule };
}

function brokenRule(made: Import): string | undefined {
  const { from, to, specifier } = made;
  if (specifier.startsWith("jsr:")) {
    if (from === NPM_BUILD) return undefined;
    return `JSR is needed by ${NPM_BUILD} alone: build and test must do ` +
      "without it";
  }
  if (/^(https?|file):|^\//.test(specifier)) {
    return "an import is relative, npm: or node:, so that a checkout is all " +
      "that a program needs";
  }
  const folder = folderOf(from);
  if (folder === undefined) return undefined;
  if (!/^\.\.?\//.test(specifier)) return brokenOutside(made);
  const may = LOWER_CLIENTS.includes(from)
    ? [...folder.may, "defer/", "reactor/"]
    : folder.may;
  return may.some((allowed) => isIn(to, allowed)) ? undefined : folder.rule;
}

/** The rule that an import from outside the project breaks. */
function brokenOutside({ from, specifier }: Import): string | undefined {
  if (specifier.startsWith("node:")) {
    if (NODE_FILE.test(from)) return undefined;
    return "reactor/backends/node/backend.ts alone is about Node, with the files " +
      "beside it: put it there, behind the backend's interface";
  }
  if (!specifier.startsWith("npm:")) {
    return "a bare name is resolved by this project's deno.json, and these " +
      "files also run straight from a URL: write it relative";
  }
  if (from.startsWith("poetry/")) {
    if (FLAG_PARSER.test(specifier)) return undefined;
    return "the flag parser of npm:deno-std is all that comes from npm";
  }
  return /^(defer\/|reactor\/|mod\.ts$)/.test(from)
    ? "the library has no dependencies"
    : "programs take their flags from the one file in poetry/ that imports " +
      "the parser, and nothing else from npm";
}

function flagParserTwice(imports: Import[]): Finding[] {
  const users = imports.filter(({ specifier }) => FLAG_PARSER.test(specifier));
  const files = new Set(users.map(({ from }) => from));
  if (files.size < 2) return [];
  const rule = `one file imports the flag parser, for all programs: ${
    [...files].join(" and ")
  } do`;
  return users.map((made) => finding(made, rule));
}

function folderOf(file: string): Folder | undefined {
  const name = Object.keys(FOLDERS).find((name) => isIn(file, name));
  return name === undefined ? undefined : FOLDERS[name];
}

function isIn(file: string, folder: string): boolean {
  return folder.endsWith("/") ? file.startsWith(folder) : file === folder;
}
