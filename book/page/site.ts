/// <reference lib="dom" />
/**
 * Where the files of the site are, wherever it lies.
 *
 * @module
 */

/** The address of a file, by its path from the root of the site. */
export function siteUrl(path: string): string {
  const root = document.documentElement.dataset["root"] ?? "./";
  return new URL(`${root}${path}`, document.baseURI).href;
}

const texts = new Map<string, Promise<string>>();

/** The text of a file of the checkout, which is fetched once. */
export function checkoutText(path: string): Promise<string> {
  const known = texts.get(path);
  if (known !== undefined) return known;
  const text = fetchText(path);
  texts.set(path, text);
  return text;
}

async function fetchText(path: string): Promise<string> {
  const response = await fetch(siteUrl(`checkout/${path}`));
  if (response.ok) return await response.text();
  texts.delete(path);
  throw new Error(`Cannot load ${path}: ${response.status}`);
}
