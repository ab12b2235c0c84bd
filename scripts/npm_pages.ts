/**
 * The pages of the npm package, and the programs and links in them.
 *
 * @module
 */

/** The parts that its README has of the project's, behind the first paragraph. */
const PARTS = [
  "Install",
  "A first deferred",
  "A first protocol",
  "On Node, Bun, and in pages",
  "Differences from Twisted",
];

/** The pages that its README names. */
export const PAGES = ["docs/differences.md", "docs/library.md"];

/** Makes the package's README, without links to other files. */
export function npmReadme(readme: string): string {
  const [title, about] = readme.split("\n\n");
  const all = readme.split(/^(?=## )/m);
  const parts = PARTS.map((name) => {
    const part = all.find((it) => it.startsWith(`## ${name}\n`));
    if (part !== undefined) return part;
    throw new Error(`There is no part "${name}" in the README`);
  });
  return `${title}\n\n${about}\n\n${parts.join("")}`
    .replace(/(?<!!)\[([^\]]+)\]\((?![a-z]+:)[^)]+\)/g, "`$1`");
}

/** The programs that a page shows, but for those that stand for any. */
export function programsIn(page: string): string[] {
  return Array.from(
    page.matchAll(/^```ts\n(.*?)^```$/gms),
    ([, it = ""]) => it,
  );
}

/** The files that a page leads to. */
export function filesIn(page: string): string[] {
  const links = page.matchAll(/\]\((?![a-z]+:)([^)#]+)/g);
  return Array.from(links, ([, it = ""]) => it);
}
