import { assertEquals } from "@std/assert";
import { dirname, join } from "node:path/posix";
import { buildFiles } from "../../book/build.ts";
import { projectPath } from "../support/programs.ts";

/** What is bundled, and so not there in this test. */
const SCRIPTS = ["page.js", "editor.js", "mistakes.js", "simulator.js"];

const LINK = /\s(?:href|src)="([^"]*)"/g;

/** Where a page leads to within the site: its path, and the anchor. */
function linksOf(path: string, html: string): [string, string][] {
  return [...html.matchAll(LINK)].flatMap(([, link = ""]) => {
    if (/^[a-z]+:/.test(link)) return [];
    const [to = "", anchor = ""] = link.replaceAll("&#39;", "'").split("#");
    return [[to === "" ? path : join(dirname(path), to), anchor]];
  });
}

async function htmlFiles(folder: string, under = ""): Promise<string[]> {
  const found: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(join(folder, under))) {
    const path = join(under, name);
    if (isDirectory) found.push(...await htmlFiles(folder, path));
    else if (name.endsWith(".html")) found.push(path);
  }
  return found;
}

Deno.test({
  name: "book: no link of any page is dead, and no address begins at a root",
  // All pages of all sources are built.
  timeout: 180_000,
  async fn() {
    const folder = await Deno.makeTempDir();
    try {
      await buildFiles(projectPath(""), folder);
      const ids = new Map<string, Set<string>>();
      const pages = new Map<string, string>();
      for (const path of await htmlFiles(folder)) {
        const html = await Deno.readTextFile(join(folder, path));
        pages.set(path, html);
        const found = [...html.matchAll(/\sid="([^"]*)"/g)];
        ids.set(path, new Set(found.map(([, id = ""]) => id)));
      }
      const dead: string[] = [];
      for (const [path, html] of pages) {
        for (const [to, anchor] of linksOf(path, html)) {
          const isThere = pages.has(to) || SCRIPTS.includes(to) ||
            await exists(join(folder, to));
          // The simulator's chain is behind the number sign.
          const isAnchor = anchor === "" || anchor.includes("=") ||
            ids.get(to)?.has(anchor);
          if (!isThere || to.startsWith("/") || !isAnchor) {
            dead.push(`${path}: ${to}#${anchor}`);
          }
        }
      }
      assertEquals(dead, []);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});

async function exists(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isFile;
  } catch {
    return false;
  }
}
