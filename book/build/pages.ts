/**
 * The pages of docs/, in the order of their index, with the source files they link to.
 *
 * @module
 */

import { dirname, join } from "node:path/posix";
import type { ProgramDescription } from "../page/description.ts";
import { SIMULATOR_TITLE, simulatorHTML } from "../page/simulator/template.ts";
import { PageCommands, type Programs } from "./commands.ts";
import { render } from "./markdown.ts";
import { filePage, folderPage, sourceUrl } from "./sources.ts";
import { document, type Entry, type Page } from "./template.ts";

const INDEX = "README.md";

/** Files of these kinds have pages of their own. */
const TEXTS = /\.(?:ts|md|txt|json|jsonc|cfg|ini|pem)$|^LICENSE$/;

/** Folders whose files have pages: what somebody who reads docs/ may want to look into. */
export const SHOWN_FOLDERS = [
  "clients",
  "cli",
  "defer",
  "examples",
  "poetry",
  "reactor",
  "scripts",
  "server",
  "tests",
];

/** What is written, by its path in the site. */
export type Files = Map<string, string | Uint8Array>;

/** A page of docs/ with what can be run in it. */
export interface AlivePage {
  readonly url: string;
  readonly programs: readonly ProgramDescription[];
}

/** Renders all pages: of docs/, of source files, and the one for what does not exist. */
export function renderPages(
  root: string,
  programs: Programs,
): { files: Files; pages: AlivePage[] } {
  const files: Files = new Map();
  const names = pageNames(root);
  const rendered = names.map((name) => {
    const text = Deno.readTextFileSync(join(root, "docs", name));
    const references = {
      link: (href: string) => linked(root, name, href, files),
      size: (href: string) => sizeOf(join(root, "docs", href)),
    };
    return { name, ...render(text, references, new PageCommands(programs)) };
  });
  const contents: Entry[] = rendered.map(({ name, title }) => ({
    url: pageUrl(name),
    title,
  }));
  contents.push(simulator);
  const write = (page: Page) => {
    files.set(page.url, document(page, contents));
  };
  for (const { name, title, html, headings, programs } of rendered) {
    const isAlive = programs.length > 0;
    write({ url: pageUrl(name), title, html, headings, isAlive });
  }
  for (const page of sourcePages(root)) write(page);
  write(simulator);
  write(notFound);
  return {
    files,
    pages: rendered.map(({ name, programs }) => ({
      url: pageUrl(name),
      programs,
    })),
  };
}

const simulator: Page = {
  url: "simulator.html",
  title: SIMULATOR_TITLE,
  html: simulatorHTML("part-9.html#the-simulator"),
  headings: [],
  isAlive: false,
};

/**
 * Hosts show the page at any address. The site begins in the nearest folder above that
 * has its style.
 */
const FIND_SITE = `<script type="module">
let site = new URL(".", location);
for (;;) {
  const { ok, headers } = await fetch(new URL("style.css", site));
  if (ok && headers.get("content-type")?.includes("css")) break;
  if (site.pathname === "/") break;
  site = new URL("..", site);
}
for (const one of document.querySelectorAll("[href]:not([href^='#'])")) {
  one.href = new URL(one.getAttribute("href"), site);
}
</script>`;

const notFound: Page = {
  url: "404.html",
  title: "No such page",
  html: `<h1>No such page</h1>
<p>Nothing is at this address. The <a href="./index.html">first page</a> leads to all
others.</p>
${FIND_SITE}`,
  headings: [],
  isAlive: false,
};

/** The index first, then as it names them, then any that it does not name. */
export function pageNames(root: string): string[] {
  const index = Deno.readTextFileSync(join(root, "docs", INDEX));
  const named = [...index.matchAll(/\]\(([\w.-]+\.md)\)/g)]
    .map(([, name = ""]) => name);
  const all = [...Deno.readDirSync(join(root, "docs"))].map(({ name }) => name)
    .filter((name) => name.endsWith(".md")).sort();
  return [...new Set([INDEX, ...named, ...all])];
}

/** The address of a page in the site. */
export function pageUrl(name: string): string {
  return name === INDEX ? "index.html" : name.replace(/\.md$/, ".html");
}

/** The address that a link of a page has in the site. */
function linked(
  root: string,
  page: string,
  href: string,
  files: Files,
): string {
  const [, to = "", anchor = ""] = /^([^#]*)(.*)$/.exec(href) ?? [];
  const path = join("docs", to);
  const info = stat(join(root, path));
  if (info === undefined) {
    throw new Error(`docs/${page} links to ${href}, which does not exist`);
  }
  if (dirname(path) === "docs" && path.endsWith(".md")) {
    return `${pageUrl(to)}${anchor}`;
  }
  if (path.endsWith(".svg")) {
    files.set(to, Deno.readTextFileSync(join(root, path)));
    return to;
  }
  return sourceUrl(info.isDirectory ? path.replace(/\/?$/, "/") : path) +
    anchor;
}

function stat(path: string): Deno.FileInfo | undefined {
  try {
    return Deno.statSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** The size that a picture's viewBox gives it. */
function sizeOf(path: string): { width: number; height: number } {
  const match = /viewBox="0 0 ([\d.]+) ([\d.]+)"/.exec(
    Deno.readTextFileSync(path),
  );
  if (match === null) throw new Error(`${path} has no viewBox`);
  return { width: Number(match[1]), height: Number(match[2]) };
}

function* sourcePages(root: string): Generator<Page> {
  const top = [...Deno.readDirSync(root)]
    .filter(({ name, isFile }) => isFile && TEXTS.test(name))
    .map(({ name }) => name);
  for (const name of top) yield sourcePage(root, name);
  yield sourcePage(root, "docs/haproxy.cfg");
  yield folderPage("docs/", ["haproxy.cfg"]);
  yield folderPage("", [
    ...SHOWN_FOLDERS.map((name) => `${name}/`),
    ...top.sort(),
  ]);
  for (const folder of SHOWN_FOLDERS) yield* folderPages(root, `${folder}/`);
}

function* folderPages(root: string, folder: string): Generator<Page> {
  const names: string[] = [];
  for (const { name, isDirectory } of Deno.readDirSync(join(root, folder))) {
    if (isDirectory) {
      names.push(`${name}/`);
      yield* folderPages(root, `${folder}${name}/`);
    } else if (TEXTS.test(name)) {
      names.push(name);
      yield sourcePage(root, `${folder}${name}`);
    }
  }
  yield folderPage(folder, names.sort());
}

function sourcePage(root: string, path: string): Page {
  return filePage(path, Deno.readTextFileSync(join(root, path)));
}
