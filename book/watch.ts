/**
 * Tells when something has changed that the book is built from.
 *
 * @module
 */

import { join, relative } from "node:path/posix";
import { LOADED_FOLDERS } from "./build/checkout.ts";
import { SHOWN_FOLDERS } from "./build/pages.ts";
import { SITE } from "./build.ts";

/** How long nothing changes before it is told, in milliseconds. */
const QUIET_MS = 200;

/** Pages, what they show and load, and what builds them. */
const FOLDERS = new Set(
  ["docs", "book", ...SHOWN_FOLDERS, ...LOADED_FOLDERS]
    .map((folder) => folder.replace(/\/.*$/, "")),
);

/** Whether the book is built from a file, by its path in the checkout. */
export function isSource(path: string): boolean {
  const [folder = "", ...rest] = path.split("/");
  if (path === SITE || path.startsWith(`${SITE}/`)) return false;
  return rest.length === 0 || FOLDERS.has(folder);
}

/** Calls a function each time that something has changed, one call after the other. */
export async function watch(
  root: string,
  changed: () => Promise<void>,
): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let last = Promise.resolve();
  const look = ({ kind, paths }: Deno.FsEvent) => {
    if (kind === "access") return;
    if (!paths.some((path) => isSource(relative(root, path)))) return;
    clearTimeout(timer);
    timer = setTimeout(() => last = last.then(changed), QUIET_MS);
  };
  const folders = [...FOLDERS].map((folder) => join(root, folder));
  await Promise.all([
    follow(Deno.watchFs(folders), look),
    follow(Deno.watchFs(root, { recursive: false }), look),
  ]);
}

async function follow(
  watcher: Deno.FsWatcher,
  look: (event: Deno.FsEvent) => void,
): Promise<void> {
  for await (const event of watcher) look(event);
}
