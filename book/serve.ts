/**
 * Builds the book, serves it on this machine, and builds it again when something changes:
 *
 *     deno task book
 *     deno task book --port 8000
 *
 * @module
 */

import { join } from "node:path/posix";
import { helpText, parseCommandLine } from "../cli/command_line.ts";
import { port } from "../cli/options.ts";
import { exitOnUsageError, reasonOf, UsageError } from "../cli/exit.ts";
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

const USAGE = "Usage: deno task book [--port N]";

function readPort(): number {
  const { help, values, operands } = parseCommandLine(Deno.args, { port });
  if (help) {
    console.log(helpText(USAGE, "Build the book, and serve it.", { port }));
    Deno.exit(0);
  }
  if (operands.length > 0) {
    throw new UsageError(`No argument is needed: this is ${operands[0]}.`);
  }
  return values.port;
}

function listen(out: string, port: number): Deno.HttpServer<Deno.NetAddr> {
  try {
    return serveFolder(out, port);
  } catch (error) {
    throw new UsageError(`Cannot listen on port ${port}: ${reasonOf(error)}.`);
  }
}

if (import.meta.main) {
  const root = new URL("../", import.meta.url).pathname;
  const out = join(root, SITE);
  const wanted = exitOnUsageError(readPort, USAGE);
  const server = exitOnUsageError(() => listen(out, wanted));
  if (!await build(root, out)) Deno.exit(1);
  // What changes as soon as the address is there is not to be missed.
  const watching = watch(root, async () => {
    if (await build(root, out)) console.log("Built again.");
  });
  console.log(`The book is at http://127.0.0.1:${server.addr.port}/`);
  await watching;
}
