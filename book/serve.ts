/**
 * Builds the book, serves it on this machine, and builds it again when something changes:
 *
 *     deno task book
 *     deno task book --port 8000
 *
 * @module
 */

import { join } from "node:path/posix";
import { LOCK } from "./build/bundle.ts";
import { SITE } from "./build.ts";
import { serveFolder } from "./serve_folder.ts";
import { watch } from "./watch.ts";

/** Builds in a process of its own, which loads what has changed of the build itself. */
async function build(root: string, out: string): Promise<boolean> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", LOCK, "--quiet", "--allow-all", "book/build.ts", out],
    cwd: root,
    stdin: "null",
    stdout: "null",
  }).spawn();
  return (await child.status).success;
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
  if (!await build(root, out)) Deno.exit(1);
  const server = serveFolder(out, port);
  // What changes as soon as the address is there is not to be missed.
  const watching = watch(root, async () => {
    if (await build(root, out)) console.log("Built again.");
  });
  console.log(`The book is at http://127.0.0.1:${server.addr.port}/`);
  await watching;
}
