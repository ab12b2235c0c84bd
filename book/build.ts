/**
 * Builds the book: the pages of docs/, and in them the programs, alive. Plain files,
 * which any host of static files serves from any path.
 *
 *     deno task book:build [FOLDER]
 *
 * @module
 */

import { dirname, join } from "node:path/posix";
import { bundleScripts } from "./build/bundle.ts";
import { checkoutFiles, translated } from "./build/checkout.ts";
import { libraryFiles } from "./build/library.ts";
import { type AlivePage, renderPages } from "./build/pages.ts";
import { peerFiles, STARTED } from "./build/peers.ts";
import { programsOf } from "./build/programs.ts";

/** Where the site is built unless somebody says otherwise. */
export const SITE = "book/site";

/** Files that the site has as they are, by their path in the checkout. */
const COPIED: Record<string, string> = {
  "book/page/style.css": "style.css",
  "book/page/icon.svg": "icon.svg",
};

/** Writes the whole site into a folder; returns what can be run on which page. */
export async function build(root: string, out: string): Promise<AlivePage[]> {
  await bundleScripts(root, out);
  return await buildFiles(root, out);
}

/** Writes all but the bundled scripts. */
export async function buildFiles(
  root: string,
  out: string,
): Promise<AlivePage[]> {
  const write = (path: string, content: string | Uint8Array) => {
    const file = join(out, path);
    Deno.mkdirSync(dirname(file), { recursive: true });
    if (typeof content === "string") Deno.writeTextFileSync(file, content);
    else Deno.writeFileSync(file, content);
  };
  for (const path of checkoutFiles(root)) {
    for (const [name, text] of translated(root, path)) {
      write(`checkout/${name}`, text);
    }
    // The editor shows the very file.
    write(`checkout/${path}`, Deno.readTextFileSync(join(root, path)));
  }
  for await (const [name, text] of libraryFiles(root)) {
    write(`checkout/${name}`, text);
  }
  for (const { name } of Deno.readDirSync(join(root, "poetry"))) {
    const poem = `poetry/${name}`;
    write(`checkout/${poem}`, Deno.readFileSync(join(root, poem)));
  }
  for (const [from, to] of Object.entries(COPIED)) {
    write(to, Deno.readFileSync(join(root, from)));
  }
  const { files, pages } = renderPages(root, programsOf(root));
  for (const [path, content] of files) write(path, content);
  for (const path of peersOf(pages)) {
    for (const [name, text] of peerFiles(root, path)) {
      write(`checkout/${name}`, text);
    }
  }
  return pages;
}

function peersOf(pages: readonly AlivePage[]): Set<string> {
  const peers = pages.flatMap(({ programs }) => programs)
    .flatMap((program) => program.peers);
  return new Set([...peers.map(({ path }) => path), ...STARTED]);
}

if (import.meta.main) {
  const root = new URL("../", import.meta.url).pathname;
  const out = Deno.args[0] ?? join(root, SITE);
  await build(root, out);
  console.log(`The book is in ${out}.`);
}
