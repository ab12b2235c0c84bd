/**
 * The README of the npm package: of the project's, the parts about the library.
 *
 * @module
 */

/** The part whose program is compiled and run. */
const PROGRAM = "A first protocol";

/** The parts that the package's README has, behind the first paragraphs. */
const PARTS = [
  "Install",
  "A first deferred",
  PROGRAM,
  "On Node, Bun, and in pages",
  "Differences from Twisted",
];

/** Makes the package's README, without pictures and links to other files. */
export function npmReadme(readme: string): string {
  const [beginning = ""] = partsOf(readme);
  const parts = PARTS.map((title) => partOf(readme, title));
  return [beginning, ...parts].join("")
    .replace(/^!\[.*\n\n/m, "")
    .replace(/\[([^\]]+)\]\((?![a-z]+:)[^)]+\)/g, "`$1`");
}

/** The program that the README shows. */
export function programIn(readme: string): string {
  const [, program] = /^```ts\n(.*?)^```$/ms.exec(partOf(readme, PROGRAM)) ??
    [];
  if (program !== undefined) return program;
  throw new Error(`There is no program in the README's part "${PROGRAM}"`);
}

function partsOf(readme: string): string[] {
  return readme.split(/^(?=## )/m);
}

function partOf(readme: string, title: string): string {
  const part = partsOf(readme).find((it) => it.startsWith(`## ${title}\n`));
  if (part !== undefined) return part;
  throw new Error(`There is no part "${title}" in the README`);
}
