import { assertEquals, assertMatch } from "@std/assert";
import axe from "npm:axe-core@4.14.1";
import { pageNames, pageUrl } from "../../book/build/pages.ts";
import type { ProgramDescription } from "../../book/page/description.ts";
import { isShown, mask } from "../examples/page.ts";
import { projectPath } from "../support/programs.ts";
import { hasChromium, type Page } from "../support/chromium.ts";
import { Reader } from "./reader.ts";
import { Played } from "./player.ts";

const ignore = !hasChromium();
if (ignore) {
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
    await played.live.locator(".stdout").first().waitFor();
    await played.press("Ctrl-C");
    await played.ended();
    return undefined;
  }
  if (program.isInterrupted) {
    const before = shown.slice(0, shown.indexOf("^C")).trimEnd();
    await played.waitFor(before.split("\n").at(-1) ?? "");
    await played.press("Ctrl-C");
  }
  const status = await played.ended();
  const printed = await played.printed();
  const text = printed.replace("^C\n", "");
  const wanted = shown.replace(/^\^C\n/m, "");
  if (sameFrames(text, wanted)) return undefined;
  return `${program.path} (${status}) printed:\n${mask(text)}\nand not:\n${
    mask(wanted)
  }`;
}

let reader: Reader;

Deno.test.beforeAll(async () => {
  if (!ignore) reader = await Reader.open();
});
Deno.test.afterAll(async () => {
  if (!ignore) await reader[Symbol.asyncDispose]();
});

/** A page has many programs, and each has to be loaded. */
const MS = 180_000;

/** Playwright's driver stays for the next page. */
const sanitize = { sanitizeOps: false, sanitizeResources: false };

function browserTest(name: string, fn: () => Promise<void>): void {
  Deno.test({ name: `book: ${name}`, ignore, ...sanitize, timeout: MS, fn });
}

/** Servers stand on many pages: each is run once. */
const served = new Set<string>();

for (const name of pageNames(projectPath(""))) {
  const url = pageUrl(name);
  browserTest(
    `${url}: every program prints what the page shows`,
    async () => {
      const errors: string[] = [];
      const page = await reader.page(url, errors);
      const failures: string[] = [];
      for (const [i, program] of (await programsOf(page)).entries()) {
        if (program.port !== undefined && served.has(program.path)) continue;
        served.add(program.path);
        const player = new Played(page, i);
        const failure = await play(player, program);
        if (failure !== undefined) failures.push(failure);
        await player.close();
      }
      await page.close();
      assertEquals(failures.join("\n"), "");
      assertEquals(errors, []);
    },
  );
}

browserTest("a page that does not exist says so, at any depth", async () => {
  for (const url of ["nothing.html", "source/clients/nothing.html"]) {
    const page = await reader.page(url);
    assertMatch(await page.locator("h1").textContent() ?? "", /No such page/);
    const link = page.getByRole("link", { name: "first page" });
    await page.waitForFunction(
      (href) => document.links[1]?.href === href,
      reader.url("index.html"),
    );
    await link.click();
    assertMatch(await page.title(), /^The introduction/);
    await page.close();
  }
});

/** A page, and the player of one of its commands. */
async function open(
  url: string,
  path: string,
): Promise<{ page: Page; player: Played; errors: string[] }> {
  const errors: string[] = [];
  const page = await reader.page(url, errors);
  const programs = await programsOf(page);
  const nth = programs.findIndex((program) => program.path === path);
  return { page, player: new Played(page, nth), errors };
}

browserTest("time stands still, and goes on by calls and turns", async () => {
  const { page, player, errors } = await open("part-3.html", COUNTDOWN);
  await player.run();
  await player.waitFor("5 ...");
  await player.press("Pause");
  const before = await player.printed();
  await player.press("One turn");
  await player.waitFor("4 ...");
  for (let i = 0; i < 50; i++) {
    if ((await player.printed()).includes("3 ...")) break;
    await player.press("One call");
  }
  // The last presses may be more than were needed.
  assertMatch(await player.printed(), /4 \.\.\.\n3 \.\.\.\n/);
  assertEquals(before.includes("3 ..."), false);
  await player.live.locator("select").selectOption("at once");
  await player.press("Run");
  assertMatch(await player.ended(), /^Exit status 0, after 5\.\d\d s\.$/);
  await player.press("Restart");
  await player.waitFor("Start!");
  await page.close();
  assertEquals(errors, []);
});

browserTest("an edited program runs, and a mistake is marked", async () => {
  const { page, player } = await open("part-3.html", COUNTDOWN);
  await player.command.getByRole("button", { name: /^Edit / }).click();
  const editor = player.live.locator(".cm-content");
  await editor.waitFor();
  await editor.fill('import { reactor } from "../mod.ts";\nreactor.run(;\n');
  await player.press("Run");
  await player.waitFor(`at file:///deferno/${COUNTDOWN}:2:13`);
  await player.live.locator(".cm-lintRange-error").waitFor();
  await editor.fill(EDITED);
  await player.press("Run");
  await player.waitFor("edited: 3");
  await player.waitFor(`at broken (file:///deferno/${COUNTDOWN}:4:9)`);
  assertMatch(await player.ended(), /^Exit status 1,/);
  await page.close();
});

browserTest(
  "a mistake that only the engine finds is marked where it is",
  async () => {
    const { page, player } = await open("part-3.html", COUNTDOWN);
    await player.command.getByRole("button", { name: /^Edit / }).click();
    const editor = player.live.locator(".cm-content");
    await editor.waitFor();
    const mark = player.live.locator(".cm-lintRange-error");
    for (const [text, message, place] of MISTAKES) {
      await editor.fill(text);
      await player.press("Run");
      await player.waitFor(
        `error: ${message} at file:///deferno/${COUNTDOWN}:${place}\n`,
      );
      await mark.waitFor();
      assertEquals(await player.ended(), "The program was not started.");
    }
    await editor.fill("console.log('mended');");
    await player.press("Run");
    await player.waitFor("mended");
    assertEquals(await mark.count(), 0);
    await page.close();
  },
);

/** What is not TypeScript, or cannot be loaded; what is said of it, and where it is. */
const MISTAKES = [
  [
    "let a: number = 1;\nlet a: number = 2;\n",
    "Identifier 'a' has already been declared",
    "2:5",
  ],
  [
    "function plain(n: number): void { await n; }\n",
    "Cannot use keyword 'await' outside an async function",
    "1:35",
  ],
  [
    'import { Deferred, nothing } from "../mod.ts";\nnew Deferred();\n',
    'The module "../mod.ts" exports no "nothing"',
    "1:20",
  ],
  [
    'import "../mod.ts";\nimport "./nothing.ts";\n',
    'Module not found "./nothing.ts"',
    "2:8",
  ],
] as const;

const COUNTDOWN = "examples/countdown.ts";

const EDITED = `import { reactor } from "../mod.ts";
const numbers: number[] = [1, 2];
function broken(): never {
  throw new Error("on purpose");
}
console.log(\`edited: \${numbers.length + 1}\`);
reactor.callLater(0, () => reactor.stop());
await reactor.run();
broken();
`;

browserTest(
  "an endless loop can be stopped, and says what it was",
  async () => {
    const { page, player } = await open("part-3.html", COUNTDOWN);
    await player.command.getByRole("button", { name: /^Edit / }).click();
    const editor = player.live.locator(".cm-content");
    await editor.waitFor();
    await editor.fill(`import { reactor } from "../mod.ts";
reactor.callLater(0, function forever() { for (;;); });
await reactor.run();
`);
    await player.press("Run");
    const warning = player.live.getByRole("alert");
    await warning.filter({ hasText: "forever" }).waitFor();
    await warning.getByRole("button", { name: "Stop" }).click();
    assertMatch(
      await player.ended(),
      /^Stopped: .*forever.* did not return\.$/,
    );
    await page.close();
  },
);

browserTest("a drawing in characters is not wrapped on a phone", async () => {
  const { page, player } = await open("part-9.html", SIMULATOR);
  await page.setViewportSize({ width: 375, height: 800 });
  await player.run();
  await player.ended();
  const isWider = await player.live.getByRole("log").evaluate((log) =>
    log.scrollWidth > log.clientWidth
  );
  assertEquals(isWider, true);
  assertEquals(
    await page.evaluate("document.documentElement.scrollWidth - innerWidth"),
    0,
  );
  await page.close();
});

const SIMULATOR = "examples/deferred-simulator.ts";

browserTest(
  "a server can be missing, and can be killed in mid-poem",
  async () => {
    const { page, player } = await open(
      "part-8.html",
      "clients/get-poetry-4.ts",
    );
    await player.run();
    await player.live.locator("[data-state=running], .stdout, .stderr").first()
      .waitFor({ state: "attached" });
    await player.press("Kill the server on port 10001");
    await player.ended();
    const cut = await player.printed();
    await player.live.getByRole("checkbox").uncheck();
    await player.press("Restart");
    await player.waitFor("127.0.0.1:10001: connection refused");
    await player.ended();
    assertMatch(await player.printed(), /^(Poem failed[^]*){2}/);
    assertEquals(cut.includes("bolt."), false);
    await page.close();
  },
);

browserTest(
  "a callback that blocks holds everything up, and Ctrl-C ends the program",
  async () => {
    const { page, player } = await open("part-8.html", BLOCKING);
    await player.command.getByRole("button", { name: /^Edit / }).click();
    // It blocks for two seconds, and so for 20 of the reader's.
    await player.live.locator("select").selectOption("0.1 ×");
    await player.press("Run");
    await player.waitFor("Getting a poem the blocking way ...");
    await player.press("Ctrl-C");
    assertMatch(
      await player.ended(),
      /^Exit status 130, after [01]\.\d\d s\.$/,
    );
    assertEquals((await player.printed()).includes("at last"), false);
    await page.close();
  },
);

const BLOCKING = "examples/defer-block.ts";

browserTest("a limit of time is an argument of the program", async () => {
  const { page, player } = await open(
    "part-5.html",
    "clients/get-poetry-2.1.ts",
  );
  await player.run();
  await player.live.getByLabel("--timeout").fill("0.3");
  await player.live.locator("select").selectOption("at once");
  await player.press("Restart");
  assertMatch(await player.ended(), /^Exit status 1, after 0\.3\d s\.$/);
  await page.close();
});

for (const colorScheme of ["light", "dark"] as const) {
  browserTest(`pages are accessible where it is ${colorScheme}`, async () => {
    const found: string[] = [];
    for (
      const url of ["index.html", "part-4.html", "part-9.html", "404.html"]
    ) {
      const page = await reader.page(url);
      await page.emulateMedia({ colorScheme });
      if (url === "part-4.html") {
        const player = new Played(page, 3);
        await player.runAtOnce();
        await player.ended();
      }
      found.push(...await violationsOf(page));
      await page.close();
    }
    assertEquals(found, []);
  });
}

/** What axe finds in a page. */
async function violationsOf(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const violations: unknown = await page.evaluate(
    "axe.run({ runOnly: ['wcag2a', 'wcag2aa'] }).then(({ violations }) => " +
      "violations.flatMap(({ id, nodes }) => " +
      "nodes.map(({ html }) => id + ': ' + html)))",
  );
  return Array.isArray(violations)
    ? violations.map((one) => `${page.url()} ${one}`)
    : [];
}

async function programsOf(page: Page): Promise<ProgramDescription[]> {
  const texts = await page.locator("[data-program]").evaluateAll((elements) =>
    elements.map((one) =>
      one instanceof HTMLElement ? one.dataset["program"] ?? "" : ""
    )
  );
  return texts.map((text) => JSON.parse(text));
}
