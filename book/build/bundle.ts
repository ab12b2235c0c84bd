/**
 * Scripts of the site that are made of several files, or of npm packages.
 *
 * @module
 */

import { join } from "node:path/posix";

/** A script of the site, and what it is made of. */
const SCRIPTS: Record<string, string> = {
  "page.js": "book/page/page.ts",
  "editor.js": "book/page/editor.ts",
  "simulator.js": "book/page/simulator.ts",
  "vendor/parse_args.js": "npm:deno-std@1.4.0/cli/parse_args.js",
};

/** Writes all scripts into a folder. */
export async function bundleScripts(root: string, out: string): Promise<void> {
  for (const [script, source] of Object.entries(SCRIPTS)) {
    await bundle(root, source, join(out, script));
  }
}

async function bundle(root: string, source: string, to: string): Promise<void> {
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["bundle", "--platform", "browser", "--minify", "-o", to, source],
    cwd: root,
    env: { NO_COLOR: "1" },
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).output();
  if (success) return;
  const reason = new TextDecoder().decode(stderr).trim();
  throw new Error(`Cannot bundle ${source}: ${reason}`);
}
