/**
 * The last touches to a built package, whichever way it was built.
 *
 * @module
 */

import { npmReadme } from "./npm_readme.ts";

/**
 * Adds the license and the README.
 *
 * @param packageDir The folder with the package.
 */
export async function finishPackage(packageDir: string): Promise<void> {
  await Deno.copyFile("LICENSE", `${packageDir}/LICENSE`);
  const readme = npmReadme(await Deno.readTextFile("README.md"));
  await Deno.writeTextFile(`${packageDir}/README.md`, readme);
}
