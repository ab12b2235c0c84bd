import { assert, assertEquals } from "@std/assert";
import { projectPath } from "../support/programs.ts";
import { python, testWithTwisted } from "./support.ts";

/** What docs/twisted.md says of a module of Twisted's. */
interface Section {
  module: string;
  /** Names of Twisted's that exist. */
  there: string[];
  /** Names of ours that exist. */
  here: string[];
}

const NAME = /`([A-Za-z]\w*(?:\.\w+)?)`/g;

function namesIn(text: string): string[] {
  return [...text.matchAll(NAME)].map(([, name = ""]) => name);
}

/** The modules of the page, in order. */
function sectionsOf(markdown: string): Section[] {
  return markdown.split(/^## /m).flatMap((text) => {
    const [, module] = /^.*: `(twisted[\w.]+)`\n/.exec(text) ?? [];
    if (module === undefined) return [];
    const section: Section = { module, there: [], here: [] };
    for (const block of text.split("\n\n").slice(1)) addBlock(section, block);
    return [section];
  });
}

function addBlock({ there, here }: Section, block: string): void {
  if (/^(The same|Of a )/.test(block)) {
    there.push(...namesIn(block));
    here.push(...namesIn(block));
  } else if (/^(Here only|In newer)/.test(block)) {
    here.push(...namesIn(block));
  } else if (block.startsWith("| there")) {
    for (const [left, right] of rowsOf(block)) {
      there.push(...namesIn(left));
      assert(namesIn(right).length > 0, `no name of ours: ${right}`);
      here.push(...namesIn(right));
    }
  } else if (block.startsWith("| not here")) {
    for (const [left, right] of rowsOf(block)) {
      there.push(...namesIn(left));
      assert(right !== "", `nothing instead of ${left}`);
    }
  }
}

function rowsOf(table: string): [string, string][] {
  return table.trimEnd().split("\n").slice(2).map((row) => {
    const [, left = "", right = ""] = row.split("|");
    return [left.trim(), right.trim()];
  });
}

interface Member {
  name: string;
}

interface Declaration {
  def: {
    methods?: Member[];
    properties?: Member[];
    extends?: string | { repr: string }[];
    implements?: { repr: string }[];
    tsType?: { repr: string };
  };
}

interface Documented {
  name: string;
  declarations: Declaration[];
}

/** What the project exports, with the members of classes and interfaces. */
async function documented(): Promise<Map<string, Documented>> {
  const { code, stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["doc", "--json", "mod.ts", "testing.ts"],
    cwd: projectPath(""),
    stderr: "null",
  }).output();
  assertEquals(code, 0);
  const { nodes }: { nodes: Record<string, { symbols: Documented[] }> } = JSON
    .parse(new TextDecoder().decode(stdout));
  const symbols = Object.values(nodes).flatMap(({ symbols }) => symbols);
  return new Map(symbols.map((symbol) => [symbol.name, symbol]));
}

function exists(symbols: Map<string, Documented>, name: string): boolean {
  const [owner = "", member] = name.split(".");
  const found = symbols.get(owner);
  if (found === undefined) return false;
  return member === undefined ||
    found.declarations.some((one) => hasMember(symbols, one, member));
}

/** Of its own, of what it extends, or of the type of a variable. */
function hasMember(
  symbols: Map<string, Documented>,
  { def }: Declaration,
  member: string,
): boolean {
  const own = [...def.methods ?? [], ...def.properties ?? []];
  if (own.some(({ name }) => name === member)) return true;
  const bases = typeof def.extends === "string"
    ? [def.extends]
    : def.extends?.map(({ repr }) => repr) ?? [];
  if (def.tsType !== undefined) bases.push(def.tsType.repr);
  return bases.some((base) => exists(symbols, `${base}.${member}`));
}

const sections = sectionsOf(
  await Deno.readTextFile(projectPath("docs/twisted.md")),
);

Deno.test("docs/twisted.md: every name of ours exists", async () => {
  const symbols = await documented();
  const names = sections.flatMap(({ here }) => here);
  assert(names.length > 200);
  assert(!exists(symbols, "Deferred.asFuture"));
  assertEquals(names.filter((name) => !exists(symbols, name)), []);
});

testWithTwisted(
  "docs/twisted.md: every name of Twisted's exists, and none of its modules' is missing",
  async () => {
    const asked = Object.fromEntries(sections.map(({ module, there }) => [
      module,
      there.map((name) =>
        module.endsWith(".reactor") ? name.replace(/^reactor\.?/, "") : name
      ).filter((name) => name !== ""),
    ]));
    const child = python("names.py", [], "piped").spawn();
    const writer = child.stdin.getWriter();
    await writer.write(new TextEncoder().encode(JSON.stringify(asked)));
    await writer.close();
    const { stdout, stderr } = await child.output();
    assertEquals(new TextDecoder().decode(stderr), "");
    const report: Record<string, { names: string[]; missing: string[] }> = JSON
      .parse(new TextDecoder().decode(stdout));
    for (const [module, { names, missing }] of Object.entries(report)) {
      assertEquals(missing, [], `${module} has no such names`);
      const absent = names.filter((name) => !asked[module]?.includes(name));
      assertEquals(absent, [], `the page has no such names of ${module}`);
    }
    assert(Object.keys(report).length > 10);
  },
);
