import { assertEquals } from "@std/assert";
import { join } from "node:path/posix";
import type { Page } from "../support/chromium.ts";
import { bundle } from "../../book/build/bundle.ts";
import { simulatorHTML } from "../../book/page/simulator/template.ts";
import { projectPath } from "../support/programs.ts";
import { assertAccessible, browserTests } from "./browser.ts";
import { goldenAddress, goldenDrawing, trimEnds } from "./golden.ts";

async function build(folder: string): Promise<void> {
  const script = join(folder, "simulator.js");
  await bundle(projectPath(""), "book/page/simulator.ts", script);
  await Deno.writeTextFile(
    join(folder, "simulator.html"),
    `<!doctype html><html lang="en"><meta charset="utf-8">` +
      `<meta name="color-scheme" content="light dark">` +
      `<link rel="icon" href="data:,">` +
      // axe-core takes a page without a background for a white one, and lines are as
      // far from each other as in the book.
      `<style>body { background: Canvas; line-height: 1.7 }</style>` +
      `<title>simulator</title><body>${simulatorHTML("part-9.html")}`,
  );
}

async function drawing(page: Page): Promise<string> {
  await page.getByText("In characters, as the terminal draws it").click();
  const text = await page.getByLabel("The drawing in characters").innerText();
  return trimEnds(text ?? "").trimEnd();
}

function pairs(page: Page): Promise<string[]> {
  return page.locator(".pairs code").allTextContents();
}

/** The pairs in the address, as in the terminal. */
function inAddress(page: Page): string[] {
  return new URLSearchParams(new URL(page.url()).hash.slice(1)).getAll("pair");
}

const test = browserTests(build);

// The others are drawn by the same functions, and without a browser.
for (const name of ["criss-cross", "criss-cross-narrow"]) {
  const width = name.endsWith("-narrow") ? 375 : 1400;
  test(`simulator page: ${name} is drawn as in the terminal`, async (site) => {
    const hash = await goldenAddress(name);
    await site.open(`simulator.html${hash}`, { width }, async (page) => {
      const golden = await goldenDrawing(name);
      assertEquals(await drawing(page), golden.trimEnd());
    });
  });
}

test("simulator page: pairs are added by clicking, and are in the address", (site) =>
  site.open("simulator.html#pair=", { width: 1200 }, async (page) => {
    const callback = page.getByRole("group", { name: "The callback" });
    const errback = page.getByRole("group", { name: "The errback" });
    await callback.getByRole("radio", { name: "fail" }).check();
    await callback.getByLabel("VALUE").fill("ink");
    await page.getByRole("button", { name: "Add this pair" }).click();
    await callback.getByRole("radio", { name: "passthru" }).check();
    await errback.getByRole("radio", { name: "return" }).check();
    await page.getByRole("button", { name: "Add this pair" }).click();
    const expected = ["fail ink passthru", "passthru return saved"];
    assertEquals(await pairs(page), expected);
    assertEquals(inAddress(page), expected);
    await page.getByText("d.callback(initial) ends with saved.").waitFor();
    await page.reload();
    assertEquals(await pairs(page), expected);
  }));

test("simulator page: pairs are typed as in the terminal, and removed", (site) =>
  site.open("simulator.html#pair=r+a+p", { width: 800 }, async (page) => {
    const line = page.getByLabel("or as in the terminal:");
    await line.fill("q p");
    await line.press("Enter");
    await page.getByText("q p: bad command: q.").waitFor();
    await line.fill("f bad p");
    await line.press("Enter");
    await page.getByRole("button", { name: "Remove return a passthru" })
      .click();
    assertEquals(inAddress(page), ["fail bad passthru"]);
    await page.getByRole("button", { name: "Clear" }).click();
    assertEquals(await pairs(page), []);
    assertEquals(inAddress(page), [""]);
    await page.getByText("It has no pair yet.").waitFor();
  }));

test("simulator page: it is fired in one way alone", (site) =>
  site.open("simulator.html#pair=r+a+p", { width: 800 }, async (page) => {
    await page.getByRole("radio", { name: "with a failure" }).check();
    const text = await drawing(page);
    assertEquals(text.includes("d.callback"), false);
    assertEquals(text.includes("d.errback(initial*)"), true);
    assertEquals(new URL(page.url()).hash.endsWith("fire=errback"), true);
  }));

test("simulator page: an address that holds no chain says what is wrong", (site) =>
  site.open("simulator.html#pair=q", { width: 800 }, async (page) => {
    await page.getByText(
      "Pair 1 of the address is not a pair: bad command: q.",
    )
      .waitFor();
    await page.getByRole("link", { name: "an errback that recovers" })
      .click();
    await page.getByText("passthru return saved").first().waitFor();
    assertEquals(await pairs(page), [
      "fail ink passthru",
      "passthru return saved",
    ]);
  }));

for (const colorScheme of ["light", "dark"] as const) {
  test(`simulator page: everybody can use it, ${colorScheme}`, (site) =>
    site.open(
      "simulator.html",
      { width: 800, colorScheme },
      async (page) => {
        await drawing(page);
        await assertAccessible(page);
      },
    ));
}

test("simulator page: it is no wider than a phone", (site) =>
  site.open("simulator.html", { width: 375 }, async (page) => {
    await page.getByRole("img").first().waitFor();
    const overflow = await page.evaluate(
      "document.documentElement.scrollWidth - innerWidth",
    );
    assertEquals(overflow, 0);
  }));
