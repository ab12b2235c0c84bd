import { assertEquals, assertMatch } from "@std/assert";
import type { Page } from "playwright-core";
import { pageNames, pageUrl } from "../../book/build/pages.ts";
import type { ProgramDescription } from "../../book/page/description.ts";
import { isShown, mask } from "../examples/page.ts";
import { projectPath } from "../support/programs.ts";
import { findChromium, Reader } from "./reader.ts";
import { Played } from "./player.ts";

const chromium = findChromium();
if (chromium === undefined) {
  console.log("No chromium: the tests of the book are ignored.");
}

/** Frames of what watches a program in a page are no more than that. */
function sameFrames(printed: string, shown: string): boolean {
  const frames = (text: string) =>
    mask(text).split("\n").filter((line) => /^ +at /.test(line));
  const others = (text: string) => text.replace(/^ +(?:at .*|…)\n/gm, "");
  const have = frames(printed);
  let from = 0;
  for (const frame of frames(shown)) {
    from = have.indexOf(frame, from) + 1;
    if (from === 0) return false;
  }
  return isShown(others(printed), others(shown));
}

/** Plays one program of a page, and compares what it prints. */
async function play(
  played: Played,
  program: ProgramDescription,
): Promise<string | undefined> {
  const shown = `${await played.shown() ?? "…"}\n`;
  await played.runAtOnce();
  if (program.port !== undefined) {
    await played.live.locator(".beside .stdout").first().waitFor();
    await played.press("Ctrl-C");
    await played.ended();
    return undefined;
  }
  if (program.isInterrupted) {
    const before = shown.slice(0, shown.indexOf("^C")).trimEnd();
    await played.waitFor(before.split("\n").at(-1) ?? "");
    await played.press("Ctrl-C");
  }
  await played.ended();
  const printed = await played.printed();
  const text = printed.replace("^C\n", "");
  const wanted = shown.replace(/^\^C\n/m, "");
  if (sameFrames(text, wanted)) return undefined;
  return `${program.path} printed:\n${mask(text)}\nand not:\n${mask(wanted)}`;
}

let reader: Reader;
const ignore = chromium === undefined;

Deno.test.beforeAll(async () => {
  if (chromium !== undefined) reader = await Reader.open(chromium);
});
Deno.test.afterAll(async () => {
  if (!ignore) await reader[Symbol.asyncDispose]();
});

/** Playwright's driver stays for the next page. */
const sanitize = { sanitizeOps: false, sanitizeResources: false };

/** Servers that stand on more than one page are run once. */
const served = new Set<string>();

for (const name of pageNames(projectPath(""))) {
  const url = pageUrl(name);
  Deno.test({
    name: `book: ${url}: every program prints what the page shows`,
    ignore,
    ...sanitize,
    async fn() {
      const errors: string[] = [];
      const page = await reader.page(url, errors);
      const failures: string[] = [];
      for (const [i, program] of (await programsOf(page)).entries()) {
        const text = JSON.stringify(program);
        if (program.port !== undefined && served.has(text)) continue;
        served.add(text);
        const player = new Played(page, i);
        const failure = await play(player, program);
        if (failure !== undefined) failures.push(failure);
        await player.press("Close");
      }
      await page.close();
      assertEquals(failures.join("\n"), "");
      assertEquals(errors, []);
    },
  });
}

Deno.test({
  name: "book: a page that does not exist says so",
  ignore,
  ...sanitize,
  async fn() {
    const page = await reader.page("clients/nothing.html");
    assertMatch(await page.locator("h1").textContent() ?? "", /No such page/);
    await page.getByRole("link", { name: "first page" }).click();
    assertMatch(await page.title(), /Deferno/);
    await page.close();
  },
});

async function programsOf(page: Page): Promise<ProgramDescription[]> {
  const texts = await page.locator("[data-program]").evaluateAll((elements) =>
    elements.map((one) =>
      one instanceof HTMLElement ? one.dataset["program"] ?? "" : ""
    )
  );
  return texts.map((text) => JSON.parse(text));
}
