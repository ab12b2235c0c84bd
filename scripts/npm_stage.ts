/**
 * Copies TypeScript sources, with other imports than they have.
 *
 * @module
 */

import { type Import, importsOf, listSources } from "./sources.ts";

/** Says what a copy imports instead of this, if not the same. */
export type Redirect = (made: Import) => string | undefined;

/** The sources of the project. */
export class Sources {
  /** Their paths, relative to the project's folder. */
  readonly files: readonly string[];

  private constructor(files: string[]) {
    this.files = files;
  }

  /** Finds the sources below the current folder. */
  static async read(): Promise<Sources> {
    return new Sources(await listSources("."));
  }

  /**
   * Copies files, and all of the project that the copies import.
   *
   * @param entries The files, relative to the project's folder.
   * @param outDir Where the copies go, in the same folders.
   * @param redirect What an import leads to.
   */
  async copy(
    entries: string[],
    outDir: string,
    redirect: Redirect = () => undefined,
  ): Promise<void> {
    const files = new Set(entries);
    for (const file of files) {
      let text = await Deno.readTextFile(file);
      for (const made of importsOf(file, text)) {
        let specifier = redirect(made);
        if (specifier === undefined) {
          if (made.to === made.specifier) continue;
          // The loop goes on over what is added here.
          files.add(made.to);
          specifier = made.specifier.replace(/\.ts$/, ".js");
        }
        text = replaceSpecifier(text, made.specifier, specifier);
      }
      await writeFile(`${outDir}/${file}`, text);
    }
  }
}

/** Changes an import, of which a file may have several: of types, and of values. */
function replaceSpecifier(text: string, old: string, changed: string): string {
  const parts = text.split(`"${old}"`);
  return parts.reduce((before, after) =>
    `${before}"${
      /\b(from|import\(?)\s*$/.test(before) ? changed : old
    }"${after}`
  );
}

/** Writes a file, and makes the folders that it is in. */
export async function writeFile(path: string, text: string): Promise<void> {
  await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
  await Deno.writeTextFile(path, text);
}
