/**
 * Pages in Chromium.
 *
 * @module
 */

import { type Browser, chromium, type Page } from "npm:playwright-core@1.65.1";

export type { Browser, Locator, Page } from "npm:playwright-core@1.65.1";

/** Where distributions put it. */
const CHROMIUM = ["/usr/bin/chromium", "/usr/bin/chromium-browser"];

/** Where the pages are; nothing of it leaves the browser. */
const ORIGIN = "http://page.test";

function findChromium(): string | undefined {
  return CHROMIUM.find((path) => {
    try {
      return Deno.statSync(path).isFile;
    } catch {
      return false;
    }
  });
}

/** Whether there is one: tests of pages are left out, and say so, where there is none. */
export function hasChromium(): boolean {
  return findChromium() !== undefined;
}

/** Starts one without a window. */
export async function launchChromium(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error("There is no chromium");
  return await chromium.launch({ executablePath, args: ["--no-sandbox"] });
}

/** Collects the errors that nobody caught, and what the console is told of errors. */
export function collectErrors(
  page: Page,
  collect: (error: string) => void,
): void {
  page.on("pageerror", ({ message }) => collect(message));
  page.on("console", (message) => {
    if (message.type() === "error") collect(message.text());
  });
}

/** A page that has loaded, and what it has complained about. */
export interface LoadedPage {
  readonly page: Page;
  /** The errors that nobody caught, and what the console was told of errors. */
  readonly errors: readonly string[];
}

/**
 * Loads an empty page, and one behind it that is empty as well.
 *
 * @param files what the page finds under these names: `{ "mod.js": "…" }`
 * @param test gets the page; all of the browser ends with it
 */
export async function withPage(
  files: Readonly<Record<string, string>>,
  test: (loaded: LoadedPage) => Promise<void>,
): Promise<void> {
  const browser = await launchChromium();
  try {
    const page = await browser.newPage();
    const errors: string[] = [];
    collectErrors(page, (error) => errors.push(error));
    await page.route(`${ORIGIN}/**`, (route) => {
      const { pathname } = new URL(route.request().url());
      const script = files[pathname.slice(1)];
      return script === undefined
        ? route.fulfill({ contentType: "text/html", body: "<!doctype html>" })
        : route.fulfill({ contentType: "text/javascript", body: script });
    });
    await page.goto(ORIGIN);
    await test({ page, errors });
  } finally {
    await browser.close();
  }
}

/** Leaves a page for another one of the same origin. */
export async function leave(page: Page): Promise<void> {
  await page.goto(`${ORIGIN}/next`);
}
