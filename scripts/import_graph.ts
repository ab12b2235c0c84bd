/**
 * Reads which file imports which, as Deno itself resolves it.
 *
 * @module
 */

/** One import of one file. */
export interface Import {
  /** The importing file, relative to the root. */
  from: string;
  /** The line it stands on, counted from 1. */
  line: number;
  /** What is written there. */
  specifier: string;
  /** What it leads to: a path relative to the root, or else a URL. */
  to: string;
  /** True where it leaves nothing behind at run time. */
  typeOnly: boolean;
}

/** The part of `deno info --json` that is read here. */
interface ModuleGraph {
  modules: {
    specifier: string;
    dependencies?: { specifier: string; code?: Resolved; type?: Resolved }[];
  }[];
}

interface Resolved {
  /** Missing where Deno could not resolve it, as with an unmapped bare name. */
  specifier?: string;
  span: { start: { line: number } };
}

/** Folders that hold other people's code, or ours a second time. */
const SKIPPED = ["node_modules", "npm", "coverage"];

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

/**
 * Every import that the given files make.
 *
 * @param root The project's folder, where its deno.json stands.
 * @param files The files, relative to the root.
 */
export async function readImports(
  root: string,
  files: string[],
): Promise<Import[]> {
  const base = folderUrl(root);
  const graph = await readGraph(
    root,
    files.map((file) => new URL(file, base).href),
  );
  const wanted = new Set(files);
  const relative = (url: string) =>
    url.startsWith(base) ? decodeURI(url.slice(base.length)) : url;
  return graph.modules.flatMap(({ specifier: module, dependencies = [] }) => {
    const from = relative(module);
    if (!wanted.has(from)) return [];
    return dependencies.map(({ specifier, code, type }): Import => {
      const resolved = code ?? type;
      return {
        from,
        line: (resolved?.span.start.line ?? 0) + 1,
        specifier,
        to: relative(resolved?.specifier ?? specifier),
        typeOnly: code === undefined,
      };
    });
  });
}

function folderUrl(path: string): string {
  const absolute = Deno.realPathSync(path).replaceAll("\\", "/");
  return new URL(`file://${encodeURI(absolute)}/`).href;
}

/** One run of `deno info` for all files: it takes one file, so one imports them all. */
async function readGraph(root: string, urls: string[]): Promise<ModuleGraph> {
  const all = await Deno.makeTempFile({ suffix: ".ts" });
  try {
    const lines = urls.map((url) => `import ${JSON.stringify(url)};\n`);
    await Deno.writeTextFile(all, lines.join(""));
    // What stands outside the project need not be there to be named.
    const quiet = ["--quiet", "--no-lock", "--no-npm", "--no-remote"];
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["info", "--json", ...quiet, `--config=${root}/deno.json`, all],
      stdin: "null",
    }).output();
    if (code !== 0) {
      const reason = new TextDecoder().decode(stderr).trim();
      throw new Error(`Cannot read the imports below ${root}: ${reason}`);
    }
    return JSON.parse(new TextDecoder().decode(stdout));
  } finally {
    await Deno.remove(all);
  }
}
