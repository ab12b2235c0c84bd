// The book in a browser: Debian's Chromium, without a window.

import { type Browser, chromium, type Page } from "playwright-core";
import { build } from "../../book/build.ts";
import type { AlivePage } from "../../book/build/pages.ts";
import { serveFolder } from "../../book/serve_folder.ts";
import { projectPath } from "../support/programs.ts";

const CHROMIUM = ["/usr/bin/chromium", "/usr/bin/chromium-browser"];

/** Where Chromium is, if it is anywhere. */
export function findChromium(): string | undefined {
  return CHROMIUM.find((path) => {
    try {
      return Deno.statSync(path).isFile;
    } catch {
      return false;
    }
  });
}

/** The book, built and served, and a browser to read it with. */
export class Reader implements AsyncDisposable {
  readonly pages: readonly AlivePage[];
  /** Where the site was built. */
  readonly folder: string;
  #server: Deno.HttpServer<Deno.NetAddr>;
  #browser: Browser;

  private constructor(
    folder: string,
    pages: readonly AlivePage[],
    browser: Browser,
  ) {
    this.folder = folder;
    this.pages = pages;
    this.#browser = browser;
    // The site works from any path.
    this.#server = serveFolder(folder, 0);
  }

  static async open(executablePath: string): Promise<Reader> {
    const folder = await Deno.makeTempDir();
    const pages = await build(projectPath(""), folder);
    const browser = await chromium.launch({
      executablePath,
      args: ["--no-sandbox"],
    });
    return new Reader(folder, pages, browser);
  }

  /** The address of a file of the site. */
  url(path: string): string {
    return `http://127.0.0.1:${this.#server.addr.port}/${path}`;
  }

  /** Opens a page; what it complains of is added to `errors`. */
  async page(path: string, errors: string[] = []): Promise<Page> {
    // The stage is drawn once a second: it takes most of a page's time.
    const page = await this.#browser.newPage({ reducedMotion: "reduce" });
    page.on("pageerror", ({ message }) => errors.push(`${path}: ${message}`));
    page.on("console", (message) => {
      if (message.type() === "error") errors.push(`${path}: ${message.text()}`);
    });
    await page.goto(this.url(path));
    return page;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#browser.close();
    await this.#server.shutdown();
    await Deno.remove(this.folder, { recursive: true });
  }
}
