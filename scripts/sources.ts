/**
 * The project's TypeScript files, and what each of them imports.
 *
 * @module
 */

/** One import or re-export of one file. */
export interface Import {
  /** The importing file, relative to the root. */
  from: string;
  /** What is written there. */
  specifier: string;
  /** The imported file, relative to the root; outside the project, the specifier. */
  to: string;
  /** True where nothing is left of it at run time. */
  typeOnly: boolean;
}

/** Folders that hold other people's code, or ours a second time. */
const SKIPPED = ["node_modules", "npm", "coverage", "book/site"];

/**
 * The TypeScript files below a folder, relative to it, in order.
 *
 * @param root The folder, as a path.
 */
export async function listSources(root: string): Promise<string[]> {
  const found: string[] = [];
  async function walk(folder: string): Promise<void> {
    for await (const entry of Deno.readDir(`${root}/${folder}`)) {
      const path = folder + entry.name;
      if (entry.isDirectory) {
        const hidden = entry.name.startsWith(".");
        if (!hidden && !SKIPPED.includes(path)) await walk(`${path}/`);
      } else if (entry.name.endsWith(".ts")) found.push(path);
    }
  }
  await walk("");
  return found.sort();
}

/** A statement begins its line, as `deno fmt` has it: one in a docstring does not. */
const STATEMENT =
  /^(?:import|export)\s+(type\s+)?(?:[^;"=()]*?\sfrom\s+)?"([^"]+)"/gm;
const EXPRESSION = /^(?!\s*(?:\*|\/\/)).*?(typeof\s+)?\bimport\("([^"]+)"\)/gm;

/**
 * The imports of a file that `deno fmt` has formatted.
 *
 * @param from The file, relative to the root.
 * @param text Its content.
 */
export function importsOf(from: string, text: string): Import[] {
  const found = [...text.matchAll(STATEMENT), ...text.matchAll(EXPRESSION)];
  return found.map(([, type, specifier = ""]) => {
    const to = /^\.\.?\//.test(specifier)
      ? new URL(specifier, `file:///${from}`).pathname.slice(1)
      : specifier;
    return { from, specifier, to, typeOnly: type !== undefined };
  });
}
