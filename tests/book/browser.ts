/**
 * Pages in Chromium, for tests.
 *
 * @module
 */

import axe from "npm:axe-core@4.14.1";
import { serveFolder } from "../../book/serve_folder.ts";
import {
  type Browser,
  collectErrors,
  hasChromium,
  launchChromium,
  type Page,
} from "../support/chromium.ts";

/** A folder as a site, and a browser that looks at it. */
export interface Site {
  /** Opens a page, and fails if anything in it does. */
  open(
    path: string,
    options: {
      width: number;
      reducedMotion?: "reduce";
      colorScheme?: "light" | "dark";
    },
    look: (page: Page) => Promise<void>,
  ): Promise<void>;
}

/** One test that looks at the site. */
type BrowserTest = (name: string, look: (site: Site) => Promise<void>) => void;

/**
 * Has the tests of a file look at a site in a browser. Without a browser they are left
 * out, and their names say so.
 */
export function browserTests(
  build: (folder: string) => Promise<void>,
): BrowserTest {
  const isThere = hasChromium();
  const open = new AsyncDisposableStack();
  let site: Site;
  if (isThere) {
    Deno.test.beforeAll(async () => {
      const folder = await Deno.makeTempDir();
      open.defer(() => Deno.remove(folder, { recursive: true }));
      await build(folder);
      const browser = await launchChromium();
      open.defer(() => browser.close());
      const server = open.use(serveFolder(folder, 0));
      site = siteOf(browser, server.addr.port);
    });
    Deno.test.afterAll(() => open.disposeAsync());
  }
  return (name, look) => {
    Deno.test({
      name: isThere ? name : `${name} (left out: there is no chromium)`,
      ignore: !isThere,
      // The browser's driver keeps some for as long as the process lives.
      sanitizeOps: false,
      sanitizeResources: false,
      fn: () => look(site),
    });
  };
}

/** Has axe-core look for what keeps people out; throws what it finds. */
export async function assertAccessible(page: Page): Promise<void> {
  await page.evaluate(axe.source);
  const found = await page.evaluate(`axe.run({
    runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
  }).then(({ violations }) => violations.map(({ help, nodes }) =>
    help + ": " + nodes.map(({ html, failureSummary }) =>
      html.slice(0, 200) + " " + failureSummary).join("\\n")))`);
  if (!Array.isArray(found)) throw new Error("axe-core has found no answer");
  if (found.length > 0) throw new Error(found.join("\n"));
}

function siteOf(browser: Browser, port: number): Site {
  return {
    async open(
      path,
      { width, reducedMotion = null, colorScheme = "light" },
      look,
    ) {
      const page = await browser.newPage({
        viewport: { width, height: 800 },
        reducedMotion,
        colorScheme,
      });
      const errors: string[] = [];
      collectErrors(page, (error) => errors.push(error));
      try {
        await page.goto(`http://127.0.0.1:${port}/${path}`);
        await look(page);
      } finally {
        await page.close();
      }
      if (errors.length > 0) throw new Error(errors.join("\n"));
    },
  };
}
