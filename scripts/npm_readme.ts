/**
 * The README of the npm package: the parts of the project's that concern Node.
 *
 * @module
 */

/** The part that is about Node, and its program. */
const NODE = "On Node";

/** The parts that the package's README has, behind the first paragraphs. */
const PARTS = [NODE, "Differences from Twisted"];

/** Makes the package's README of the project's, without its picture. */
export function npmReadme(readme: string): string {
  const [beginning = "", ...parts] = partsOf(readme);
  const text = beginning.replace(/^!\[.*\n\n/m, "");
  return [text, ...PARTS.map((title) => find(parts, title))].join("");
}

/** The program that stands in the part about Node. */
export function programIn(readme: string): string {
  const part = find(partsOf(readme), NODE);
  const [, program] = /^```ts\n(.*?)^```$/ms.exec(part) ?? [];
  if (program === undefined) {
    throw new Error(`There is no program in the README's part "${NODE}"`);
  }
  return program;
}

function partsOf(readme: string): string[] {
  return readme.split(/^(?=## )/m);
}

function find(parts: string[], title: string): string {
  const part = parts.find((part) => part.startsWith(`## ${title}\n`));
  if (part === undefined) {
    throw new Error(`There is no part "${title}" in the README`);
  }
  return part;
}
