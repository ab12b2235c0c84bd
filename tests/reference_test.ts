import { assert, assertEquals } from "@std/assert";
import deno from "../deno.json" with { type: "json" };
import { projectPath } from "./support/programs.ts";

/** What `deno doc --json` says, as far as it is used. */
interface Reference {
  nodes: Record<string, {
    module_doc?: JsDoc;
    symbols: { name: string; declarations: Declaration[] }[];
  }>;
}

interface Declaration {
  /** `reference` for what another entry point declares. */
  kind: string;
  jsDoc?: JsDoc;
}

interface JsDoc {
  doc?: string;
  tags?: { kind: string; doc?: string }[];
}

/** The chapters of the reference, which JSR makes of the symbols' categories. */
const CATEGORIES = [
  "Backends",
  "Deferred",
  "Endpoints",
  "Instruments",
  "Log",
  "Policies",
  "Protocols",
  "Reactor",
  "Sockets",
  "TLS",
  "Tasks",
  "Testing",
  "Transports",
];

async function reference(): Promise<Reference["nodes"][string][]> {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["doc", "--json", ...Object.values(deno.exports).map(projectPath)],
  }).output();
  const { nodes }: Reference = JSON.parse(new TextDecoder().decode(stdout));
  return Object.values(nodes);
}

Deno.test("reference: every entry point says what it is, and every symbol has one category", async () => {
  const modules = await reference();
  assertEquals(modules.length, Object.keys(deno.exports).length);
  const used = new Set<string>();
  for (const { module_doc, symbols } of modules) {
    assert(
      module_doc?.doc,
      `a module without a text exports ${symbols[0]?.name}`,
    );
    assert(module_doc.tags?.some(({ kind }) => kind === "module"));
    for (const { name, declarations } of symbols) {
      if (declarations.every(({ kind }) => kind === "reference")) continue;
      const categories = new Set(declarations.flatMap(({ jsDoc }) => {
        const tags = jsDoc?.tags?.filter(({ kind }) => kind === "category");
        return tags?.map(({ doc }) => doc ?? "") ?? [];
      }));
      assertEquals(
        categories.size,
        1,
        `${name} has ${categories.size} categories`,
      );
      for (const category of categories) used.add(category);
    }
  }
  assertEquals([...used].sort(), CATEGORIES);
});
