/**
 * Builds the book, serves it on this machine, and builds again what changes:
 *
 *     deno task book
 *     deno task book --port 8000
 *
 * @module
 */

import { join } from "node:path/posix";
import { bundleScripts } from "./build/bundle.ts";
import { buildFiles, SITE } from "./build.ts";
import { serveFolder } from "./serve_folder.ts";

/** How long nothing changes before all is built again. */
const QUIET_MS = 200;

/** Builds again, some moments after files have changed, and says so. */
async function rebuild(root: string, out: string): Promise<never> {
  const folders = ["docs", "book/page", "clients", "examples", "server"];
  const watcher = Deno.watchFs(folders.map((name) => join(root, name)));
  let timer: ReturnType<typeof setTimeout> | undefined;
  const changed = new Set<string>();
  for await (const { kind, paths } of watcher) {
    if (kind === "access") continue;
    for (const path of paths) changed.add(path);
    clearTimeout(timer);
    timer = setTimeout(async () => {
      const isScript = [...changed].some((path) =>
        path.includes("/book/page/")
      );
      changed.clear();
      try {
        if (isScript) await bundleScripts(root, out);
        await buildFiles(root, out);
        console.log("Built again.");
      } catch (error) {
        console.error(error instanceof Error ? error.message : error);
      }
    }, QUIET_MS);
  }
  throw new Error("The files are not watched any more");
}

function portOf(args: readonly string[]): number {
  const [option, text] = args;
  const port = Number(text ?? 0);
  const isPort = Number.isInteger(port) && port >= 0 && port < 65536;
  if (isPort && (args.length === 0 || option === "--port")) return port;
  console.error("Usage: deno task book [--port PORT]");
  Deno.exit(2);
}

if (import.meta.main) {
  const root = new URL("../", import.meta.url).pathname;
  const out = join(root, SITE);
  const port = portOf(Deno.args);
  await bundleScripts(root, out);
  await buildFiles(root, out);
  const server = serveFolder(out, port);
  console.log(`The book is at http://127.0.0.1:${server.addr.port}/`);
  await rebuild(root, out);
}
