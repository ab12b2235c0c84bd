/**
 * What all pages of the site have in common: head, contents, ways to go on.
 *
 * @module
 */

import { escape } from "./highlight.ts";
import type { Heading } from "./markdown.ts";

/** A page of the contents. */
export interface Entry {
  /** Its address, from the root of the site. */
  readonly url: string;
  readonly title: string;
}

/** A page to be written. */
export interface Page extends Entry {
  readonly html: string;
  readonly headings: readonly Heading[];
  /** Whether programs can be run in it. */
  readonly isAlive: boolean;
}

/** A whole HTML document. */
export function document(page: Page, contents: readonly Entry[]): string {
  const root = "../".repeat(page.url.split("/").length - 1) || "./";
  const title = page.title === contents[0]?.title
    ? page.title
    : `${page.title} · Deferno`;
  const script = page.isAlive
    ? `<script type="module" src="${root}page.js"></script>\n`
    : "";
  return `<!doctype html>
<html lang="en" data-root="${root}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escape(title)}</title>
<link rel="icon" href="${root}icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="${root}style.css">
${script}</head>
<body>
<a class="skip" href="#content">To the text</a>
<header class="top"><a href="${root}index.html">Deferno</a></header>
<nav class="contents" aria-label="Contents">
<details open><summary>Contents</summary>
<ul>
${contents.map((entry) => item(entry, page, root)).join("\n")}
</ul>
</details>
</nav>
<main id="content">
${page.html}
${neighbours(page, contents, root)}
</main>
<script>if(innerWidth<900)document.querySelector(".contents details").open=false</script>
</body>
</html>
`;
}

function item(entry: Entry, page: Page, root: string): string {
  const isHere = entry.url === page.url;
  const link = `<a href="${root}${entry.url}"${
    isHere ? ' aria-current="page"' : ""
  }>${entry.title}</a>`;
  const sections = page.headings.filter(({ depth }) => depth === 2);
  if (!isHere || sections.length === 0) return `<li>${link}</li>`;
  const list = sections.map(({ id, text }) =>
    `<li><a href="#${id}">${text}</a></li>`
  );
  return `<li>${link}<ul>${list.join("")}</ul></li>`;
}

function neighbours(
  page: Page,
  contents: readonly Entry[],
  root: string,
): string {
  const at = contents.findIndex(({ url }) => url === page.url);
  if (at < 0) return "";
  const link = (entry: Entry | undefined, rel: string) =>
    entry === undefined
      ? "<span></span>"
      : `<a rel="${rel}" href="${root}${entry.url}">${entry.title}</a>`;
  return `<nav class="neighbours" aria-label="Previous and next page">${
    link(contents[at - 1], "prev")
  }${link(contents[at + 1], "next")}</nav>`;
}
