/**
 * The last touches to a built package, whichever way it was built.
 *
 * @module
 */

import { OLDEST_NODE } from "../reactor/backends/node/version.ts";
import { ENTRY_POINTS, scriptPath } from "./npm_package.ts";
import { npmReadme } from "./npm_readme.ts";

/** What a command says on a Node that is too old, before it loads anything. */
const GUARD = `if (parseInt(process.versions.node) < ${OLDEST_NODE}) { ` +
  `console.error("error: Deferno needs Node.js ${OLDEST_NODE} or newer: ` +
  `this is " + process.versions.node); process.exit(2); }`;

/**
 * Adds the license and the README, and makes the commands runnable.
 *
 * @param packageDir The folder with the package.
 */
export async function finishPackage(packageDir: string): Promise<void> {
  await Deno.copyFile("LICENSE", `${packageDir}/LICENSE`);
  const readme = npmReadme(await Deno.readTextFile("README.md"));
  await Deno.writeTextFile(`${packageDir}/README.md`, readme);
  for (const { kind, path } of ENTRY_POINTS) {
    if (kind !== "bin") continue;
    const file = `${packageDir}/${scriptPath(path)}`;
    const code = await Deno.readTextFile(file);
    const rest = code.replace(/^#!.*\n/, "");
    await Deno.writeTextFile(file, `#!/usr/bin/env node\n${GUARD}\n${rest}`);
    await Deno.chmod(file, 0o755);
  }
}
