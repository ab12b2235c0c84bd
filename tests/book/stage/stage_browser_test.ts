import { assert, assertEquals, assertMatch } from "@std/assert";
import { dirname, join } from "node:path/posix";
import type { Page } from "../../support/chromium.ts";
import { bundle, bundlePackages } from "../../../book/build/bundle.ts";
import { checkoutFiles, translated } from "../../../book/build/checkout.ts";
import { projectPath } from "../../support/programs.ts";
import { assertAccessible, browserTests } from "../browser.ts";

async function build(folder: string): Promise<void> {
  const root = projectPath("");
  for (const path of checkoutFiles(root)) {
    for (const [name, text] of translated(root, path)) {
      const file = join(folder, "checkout", name);
      await Deno.mkdir(dirname(file), { recursive: true });
      await Deno.writeTextFile(file, text);
    }
  }
  const script = join(folder, "stage_page.js");
  await bundle(root, "tests/book/stage/stage_page.ts", script);
  await bundlePackages(root, folder);
  await Deno.writeTextFile(
    join(folder, "stage.html"),
    `<!doctype html><html lang="en"><title>running</title>` +
      `<meta name="color-scheme" content="light dark">` +
      `<link rel="icon" href="data:,">` +
      // axe-core takes a page without a background for a white one.
      `<style>body { background: Canvas }</style>` +
      `<body><script type="module" src="stage_page.js"></script>`,
  );
}

/** Waits for the end of the program. */
async function ended(page: Page): Promise<void> {
  await page.waitForFunction(`document.title !== "running"`);
  assertEquals(await page.title(), "over");
}

function tab(page: Page, name: string): Promise<void> {
  return page.getByRole("tab", { name }).click();
}

const test = browserTests(build);

test("stage: a client fills the poems, side by side", (site) =>
  site.open(
    "stage.html#clients/get-poetry-4.ts",
    { width: 1200 },
    async (page) => {
      await ended(page);
      for (const name of ["one", "two", "three"]) {
        const poem = page.getByRole("region", {
          name: `${name}.txt`,
          exact: true,
        });
        await poem.getByText(/^complete after/).waitFor();
        const text = await poem.locator("pre").textContent();
        assertEquals(text, `The poem ${name}. `.repeat(10));
      }
      const tops = await page.locator(".poem").evaluateAll((poems) =>
        poems.map((poem) => poem.getBoundingClientRect().top)
      );
      assertEquals(new Set(tops).size, 1);
    },
  ));

test("stage: the way through a chain is lit", (site) =>
  site.open(
    "stage.html#clients/get-poetry-4.ts",
    { width: 1200, reducedMotion: "reduce" },
    async (page) => {
      await ended(page);
      const slider = page.getByRole("slider", { name: "Stages run" });
      await page.getByText("2 of 2").waitFor();
      const lit = () => page.locator(".picture rect.ran").count();
      assertEquals(await lit(), 2);
      await slider.press("ArrowLeft");
      await page.getByText("1 of 2").waitFor();
      assertEquals(await lit(), 1);
      const [first] = await page.locator(".way li").allTextContents();
      assertMatch(first ?? "", /^callback with "The poem (one|two|three)/);
    },
  ));

test("stage: calls, stacks and times can be reached by the keyboard", (site) =>
  site.open(
    "stage.html#clients/get-poetry-4.ts",
    { width: 375 },
    async (page) => {
      await ended(page);
      await page.getByRole("tab", { name: "Deferreds" }).focus();
      await page.keyboard.press("ArrowRight");
      const row = page.getByRole("row", {
        name: /^PoetryProtocol, doRead \d+/,
      });
      await row.waitFor();
      const drawn = (name: RegExp) =>
        page.getByRole("img", { name }).locator("svg").waitFor();
      await drawn(/^The loop in turn \d+$/);
      await page.keyboard.press("ArrowRight");
      const calls = page.getByRole("list", {
        name: "Calls, outermost first",
      });
      await calls.getByText("Reactor.run()").waitFor();
      await calls.getByText("PoetryProtocol.connectionLost()").waitFor();
      await drawn(/^Who called whom, at/);
      await page.keyboard.press("End");
      await page.getByRole("img", { name: /^What ran when/ }).waitFor();
      const overflow = await page.evaluate(
        "document.documentElement.scrollWidth - innerWidth",
      );
      assertEquals(overflow, 0);
    },
  ));

test("stage: what blocks is named", (site) =>
  site.open(
    "stage.html#clients/get-poetry-1-broken.ts",
    { width: 800 },
    async (page) => {
      await ended(page);
      await page.getByText(/^Blocked: poetry took \d\.\d s/).waitFor();
    },
  ));

test("stage: poems of a client that blocks come one after the other", (site) =>
  site.open(
    "stage.html#clients/get-poetry-blocking.ts",
    { width: 800 },
    async (page) => {
      await ended(page);
      await tab(page, "Time line");
      const boxes = await page.locator(".picture rect.waits").evaluateAll(
        (rects) =>
          rects.map((rect) => [
            Number(rect.getAttribute("x")),
            Number(rect.getAttribute("width")),
          ]),
      );
      assertEquals(boxes.length, 3);
      for (const [i, [x = 0]] of boxes.entries()) {
        const [before = 0, width = 0] = boxes[i - 1] ?? [];
        assert(x >= before + width - 1, `${boxes}`);
      }
    },
  ));

for (const colorScheme of ["light", "dark"] as const) {
  test(`stage: everybody can use it, ${colorScheme}`, (site) =>
    site.open(
      "stage.html#clients/get-poetry-4.ts",
      { width: 375, colorScheme },
      async (page) => {
        await ended(page);
        for (const name of ["Deferreds", "Loop", "Stack", "Time line"]) {
          await tab(page, name);
          await assertAccessible(page);
        }
      },
    ));
}
