/**
 * Builds the book: the pages of docs/, and in them the programs, alive. Plain files,
 * which any host of static files serves from any path.
 *
 *     deno task book:build [FOLDER]
 *
 * @module
 */

import { dirname, join } from "node:path/posix";
import { checkoutFiles, translated } from "./build/checkout.ts";

/** Writes the site into a folder. */
export function build(root: string, out: string): void {
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
  }
}

if (import.meta.main) {
  const root = new URL("../", import.meta.url).pathname;
  build(root, Deno.args[0] ?? join(root, "book/site"));
}
