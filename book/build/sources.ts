/**
 * Pages with the text of source files, which the other pages link to.
 *
 * @module
 */

import { escape, highlightLines } from "./highlight.ts";
import type { Page } from "./template.ts";

/** The address of a file's page, or of a folder's, whose path ends with a slash. */
export function sourceUrl(path: string): string {
  return path.endsWith("/") || path === ""
    ? `source/${path}index.html`
    : `source/${path}.html`;
}

/** The page of a file. */
export function filePage(path: string, text: string): Page {
  const language = path.endsWith(".ts") ? "ts" : "text";
  const lines = highlightLines(text.replace(/\n$/, ""), language);
  const numbered = lines.map((line, i) =>
    `<span class="line" id="L${i + 1}"><a href="#L${i + 1}" aria-label="Line ${
      i + 1
    }">${i + 1}</a>${line}</span>`
  );
  const html = `<h1 class="path">${breadcrumb(path)}</h1>
<pre class="code source" tabindex="0"><code>${numbered.join("")}</code></pre>`;
  return {
    url: sourceUrl(path),
    title: path,
    html,
    headings: [],
    isAlive: false,
  };
}

/** The page of a folder, which lists the files that have pages. */
export function folderPage(path: string, names: readonly string[]): Page {
  const items = names.map((name) =>
    `<li><a href="${
      name.endsWith("/") ? `${name}index.html` : `${name}.html`
    }">${escape(name)}</a></li>`
  );
  return {
    url: sourceUrl(path),
    title: path === "" ? "Files" : path,
    html: `<h1 class="path">${
      path === "" ? "Files" : breadcrumb(path.replace(/\/$/, ""), 1)
    }</h1>\n<ul class="files">${items.join("")}</ul>`,
    headings: [],
    isAlive: false,
  };
}

/** A path whose folders lead to their pages, `more` folders below the last but one. */
function breadcrumb(path: string, more = 0): string {
  const names = path.split("/");
  const depth = names.length - 1;
  return names.map((name, i) =>
    i === depth
      ? escape(name)
      : `<a href="${"../".repeat(depth - i - 1 + more) || "./"}index.html">${
        escape(name)
      }</a>/`
  ).join("");
}
