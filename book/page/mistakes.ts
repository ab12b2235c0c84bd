/**
 * Where the mistake is in a program that the engine has not taken: engines say what is
 * wrong, and not where. Loaded when that happens.
 *
 * @module
 */

import {
  originalPositionFor,
  TraceMap,
} from "npm:@jridgewell/trace-mapping@0.3.31";
import {
  type AnyNode,
  type ImportDeclaration,
  type Literal,
  parse,
  type Position,
  type Program,
} from "npm:acorn@8.19.0";

/** What is wrong, and where: both numbers count from 1. */
export interface Mistake {
  readonly message: string;
  readonly line: number;
  readonly column: number;
}

/** A program that was not taken. */
export interface Refused {
  /** The JavaScript that it was compiled to. */
  readonly code: string;
  /** The source map of that, in JSON. */
  readonly map: string;
  /** What the engine says. */
  readonly reason: string;
  /** Whether there is a module of this name. */
  exists(specifier: string): Promise<boolean>;
}

/** Finds the mistake; `undefined` if it is none of the program's text. */
export async function findMistake(
  refused: Refused,
): Promise<Mistake | undefined> {
  const found = await look(refused);
  if (found === undefined) return undefined;
  const [message, at] = found;
  const { line, column } = originalPositionFor(new TraceMap(refused.map), at);
  return {
    message,
    line: line ?? at.line,
    column: (column ?? at.column) + 1,
  };
}

async function look(
  { code, reason, exists }: Refused,
): Promise<[message: string, at: Position] | undefined> {
  let program: Program;
  try {
    program = parse(code, {
      ecmaVersion: "latest",
      sourceType: "module",
      locations: true,
    });
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const at: Position = Reflect.get(error, "loc");
    return [error.message.replace(/ \(\d+:\d+\)$/, ""), at];
  }
  for (const node of program.body) {
    const source = sourceOf(node);
    if (source === undefined) continue;
    const specifier = String(source.value);
    if (!await exists(specifier)) {
      return [`Module not found "${specifier}"`, startOf(source)];
    }
  }
  for (const node of program.body) {
    const name = namesOf(node).find(([name]) => reason.includes(`'${name}'`));
    if (name === undefined) continue;
    const module = `"${sourceOf(node)?.value}"`;
    return [`The module ${module} exports no "${name[0]}"`, name[1]];
  }
}

/** The module that a statement imports from, or exports from. */
function sourceOf(node: AnyNode): Literal | undefined {
  if (
    node.type === "ImportDeclaration" || node.type === "ExportAllDeclaration" ||
    node.type === "ExportNamedDeclaration"
  ) return node.source ?? undefined;
}

/** The names that a statement takes from another module. */
function namesOf(node: AnyNode): [name: string, at: Position][] {
  if (node.type === "ImportDeclaration") return importedNames(node);
  if (node.type !== "ExportNamedDeclaration" || !node.source) return [];
  return node.specifiers.map(({ local }) => [nameOf(local), startOf(local)]);
}

function importedNames(
  { specifiers }: ImportDeclaration,
): [name: string, at: Position][] {
  return specifiers.flatMap((one): [string, Position][] => {
    if (one.type === "ImportNamespaceSpecifier") return [];
    const name = one.type === "ImportSpecifier"
      ? nameOf(one.imported)
      : "default";
    return [[name, startOf(one)]];
  });
}

function nameOf(node: { name: string } | Literal): string {
  return "name" in node ? node.name : String(node.value);
}

function startOf({ loc }: AnyNode): Position {
  return loc?.start ?? { line: 1, column: 0 };
}
