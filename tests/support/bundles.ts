/**
 * Bundles of the library, as its users make them.
 *
 * @module
 */

import { projectPath } from "./programs.ts";
import { tempFolder } from "./temp_folder.ts";

const ESBUILD = "npm:esbuild@0.25.9";

async function printedBy(args: string[], cwd: string): Promise<string> {
  const deno = new Deno.Command(Deno.execPath(), { args, cwd });
  const { success, stdout, stderr } = await deno.output();
  const decoder = new TextDecoder();
  if (!success) throw new Error(decoder.decode(stderr));
  return decoder.decode(stdout);
}

/** Bundles a program with esbuild; `LIBRARY` in it stands for the project's folder. */
export async function bundleOf(program: string): Promise<string> {
  using folder = tempFolder();
  const entry = `${folder.path}/program.ts`;
  const text = program.replaceAll("LIBRARY", projectPath(""));
  await Deno.writeTextFile(entry, text);
  const options = ["--bundle", "--minify", "--format=esm"];
  const run = ["run", "--no-config", "--no-lock", "--allow-all", ESBUILD];
  return await printedBy([...run, ...options, entry], folder.path);
}

/** Bundles a file of the project for pages, with `deno bundle`. */
export async function pageBundle(file: string): Promise<string> {
  using folder = tempFolder();
  const made = `${folder.path}/bundle.js`;
  const options = ["--quiet", "--platform", "browser", "--output", made];
  await printedBy(["bundle", ...options, projectPath(file)], folder.path);
  return await Deno.readTextFile(made);
}
