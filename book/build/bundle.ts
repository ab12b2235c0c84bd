/**
 * Scripts of the site that are made of several files, or of npm packages.
 *
 * @module
 */

import { join } from "node:path/posix";
import { VENDORED } from "./checkout.ts";

/** The scripts of the site, and what they are made of. */
export const SCRIPTS: Record<string, string> = {
  "page.js": "book/page/page.ts",
  "editor.js": "book/page/editor.ts",
  "mistakes.js": "book/page/mistakes.ts",
  "simulator.js": "book/page/simulator.ts",
};

/** Writes all scripts into a folder. */
export async function bundleScripts(root: string, out: string): Promise<void> {
  for (const [script, source] of Object.entries(SCRIPTS)) {
    await bundle(root, source, join(out, script));
  }
  await bundlePackages(root, out);
}

/**
 * Where the packages are that no program of the checkout needs: whoever runs one is not
 * to wait for them.
 */
export const LOCK = "--lock=dev.lock";

/** Writes the packages that programs import. */
export async function bundlePackages(root: string, out: string): Promise<void> {
  for (const [source, script] of Object.entries(VENDORED)) {
    await bundle(root, source, join(out, script));
  }
}

/** Makes one script of a file, or a package, and what it imports. */
export async function bundle(
  root: string,
  source: string,
  to: string,
): Promise<void> {
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "bundle",
      LOCK,
      "--platform",
      "browser",
      "--minify",
      "-o",
      to,
      source,
    ],
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
