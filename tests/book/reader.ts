// The book in a browser: Debian's Chromium, without a window.

import { join } from "node:path/posix";
import { build } from "../../book/build.ts";
import type { AlivePage } from "../../book/build/pages.ts";
import { serveFolder } from "../../book/serve_folder.ts";
import {
  type Browser,
  collectErrors,
  launchChromium,
  type Page,
} from "../support/chromium.ts";
import { projectPath } from "../support/programs.ts";

/** The site works from any path of a host. */
const PATH = "some/path";

/** The book, built and served, and a browser to read it with. */
export class Reader implements AsyncDisposable {
  readonly pages: readonly AlivePage[];
  #folder: string;
  #server: Deno.HttpServer<Deno.NetAddr>;
  #browser: Browser;

  private constructor(
    folder: string,
    pages: readonly AlivePage[],
    browser: Browser,
  ) {
    this.#folder = folder;
    this.pages = pages;
    this.#browser = browser;
    this.#server = serveFolder(folder, 0);
  }

  static async open(): Promise<Reader> {
    const folder = await Deno.makeTempDir();
    const site = join(folder, PATH);
    const pages = await build(projectPath(""), site);
    await Deno.copyFile(join(site, "404.html"), join(folder, "404.html"));
    return new Reader(folder, pages, await launchChromium());
  }

  /** The address of a file of the site. */
  url(path: string): string {
    return `http://127.0.0.1:${this.#server.addr.port}/${PATH}/${path}`;
  }

  /** Opens a page; what it complains of is added to `errors`. */
  async page(path: string, errors: string[] = []): Promise<Page> {
    // The stage is drawn once a second: it takes most of a page's time.
    const page = await this.#browser.newPage({ reducedMotion: "reduce" });
    collectErrors(page, (error) => errors.push(`${path}: ${error}`));
    await page.goto(this.url(path));
    return page;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#browser.close();
    await this.#server.shutdown();
    await Deno.remove(this.#folder, { recursive: true });
  }
}
