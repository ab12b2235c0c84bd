import { assert, assertEquals } from "@std/assert";
import {
  examplesOf,
  isShown,
  linksOf,
  mask,
  withFrames,
} from "./examples/page.ts";
import { Terminals } from "./examples/terminal.ts";
import { projectPath } from "./support/programs.ts";

const PARTS = Array.from({ length: 10 }, (_, i) => `part-${i + 1}.md`);
const GUIDES = [
  ...PARTS,
  "after-part-10.md",
  "servers.md",
  "instruments.md",
];
const PAGES = ["README.md", ...GUIDES];
const OTHERS = [
  "architecture.md",
  "differences.md",
  "library.md",
  "performance.md",
  "testing.md",
  "twisted.md",
];

/**
 * Set, it has the stacks of the pages replaced by those that are printed now:
 * `REFRESH_STACKS=1 deno test -A tests/docs_test.ts`.
 */
const REFRESHES = Deno.env.get("REFRESH_STACKS") !== undefined;

/** A picture that a command of a page has drawn. */
const PICTURE = /docs\/[\w.-]+\.svg/g;

function read(page: string): Promise<string> {
  return Deno.readTextFile(projectPath(`docs/${page}`));
}

for (const page of GUIDES) {
  const name = `docs/${page}: every command prints what the page shows`;
  // A page has up to two dozen commands, each a program that starts.
  Deno.test(name, { timeout: 180_000 }, async () => {
    const text = await read(page);
    const examples = examplesOf(text);
    let refreshed = text;
    assert(examples.length > 0);
    await using terminals = new Terminals();
    for (const { command, shown } of examples) {
      await using pictures = await elsewhere(command);
      const result = await terminals.run(pictures.command, shown);
      if (result === undefined) continue;
      const { code, printed } = result;
      await pictures.compare();
      // A client whose poem fails by chance exits with 1, and its page shows nothing.
      if (shown === undefined) {
        const most = command.startsWith("deno run") ? 1 : 0;
        assert(code <= most && !printed.includes("Uncaught"), printed);
      } else if (REFRESHES) {
        const stacks = withFrames(shown, printed);
        refreshed = refreshed.replace(shown, () => stacks);
      } else if (!isShown(printed, shown.replace(/^\^C\n/m, ""))) {
        assertEquals(mask(printed), mask(shown), `$ ${command}`);
      }
    }
    for (const { command, printed, shown } of await terminals.stopServers()) {
      const said = shown.replace(/^\^C\n/m, "");
      if (!isShown(printed, said)) {
        assertEquals(mask(printed), mask(said), `$ ${command}`);
      }
    }
    if (refreshed !== text) {
      await Deno.writeTextFile(projectPath(`docs/${page}`), refreshed);
    }
  });
}

const LINKING = [...PAGES, ...OTHERS].map((page) => `docs/${page}`);

for (const page of ["README.md", ...LINKING]) {
  Deno.test(`${page}: every link leads somewhere`, async () => {
    const text = await Deno.readTextFile(projectPath(page));
    const folder = page.startsWith("docs/") ? "docs/" : "";
    for (const link of linksOf(text)) {
      await Deno.stat(projectPath(`${folder}${link}`));
    }
  });
}

Deno.test("docs/README.md: every page is in the index", async () => {
  const links = linksOf(await read("README.md"));
  const pages = [...GUIDES, ...OTHERS];
  assertEquals(pages.filter((page) => !links.includes(page)), []);
});

Deno.test("docs: every example, client and server is on some page", async () => {
  const text = (await Promise.all(PAGES.map(read))).join("\n");
  const missing: string[] = [];
  for (
    const folder of [
      "examples",
      "examples/exercises",
      "examples/later",
      "clients",
      "server",
    ]
  ) {
    for await (const { name, isFile } of Deno.readDir(projectPath(folder))) {
      // The two in the middle of a row of four that differ in one line.
      if (/^defer-[56]\.ts$/.test(name)) continue;
      if (isFile && !text.includes(name)) missing.push(`${folder}/${name}`);
    }
  }
  assertEquals(missing, []);
});

/** A file, or a folder with its slash, in a text. */
const NAMED = /(?<!\.)(?:[\w.-]{2,}\/)+(?:[\w.-]+\.ts)?|[\w-]+\.ts/g;

/** The text of a file below the project's folder or reactor/; of a folder, nothing. */
async function contentOf(named: string): Promise<string | undefined> {
  for (const path of [named, `reactor/${named}`]) {
    const file = projectPath(path);
    const info = await Deno.stat(file).catch(() => undefined);
    if (info?.isFile) return await Deno.readTextFile(file);
    if (info?.isDirectory) return "";
  }
  return undefined;
}

Deno.test("docs/architecture.md: every file and folder that it names exists", async () => {
  const drawn = await read("layers.svg") + await read("byte.svg");
  const pictures = drawn.replace(/<style>.*?<\/style>|<[^>]*>/gs, " ");
  const text = (await read("architecture.md")).replace(/\]\([^)]*\)/g, "]");
  const missing = [];
  for (const named of new Set(`${text} ${pictures}`.match(NAMED))) {
    if (await contentOf(named) === undefined) missing.push(named);
  }
  assertEquals(missing, []);
});

Deno.test("docs/architecture.md: every function is in the file that its row names", async () => {
  const rows = (await read("architecture.md")).split("\n");
  const missing = [];
  let found = 0;
  for (const row of rows) {
    const [, file = "", functions = ""] = row.split("|");
    if (!file.includes("/")) continue;
    const content = await contentOf(file.trim());
    for (const [, name] of functions.matchAll(/`(\w+)\(\)`/g)) {
      found++;
      if (!content?.includes(`${name}(`)) {
        missing.push(`${file.trim()}: ${name}`);
      }
    }
  }
  assert(found > 0);
  assertEquals(missing, []);
});

/** Has a command draw its picture into another folder, to be compared with the page's. */
async function elsewhere(command: string) {
  const folder = await Deno.makeTempDir();
  const pictures = command.match(PICTURE) ?? [];
  const other = (picture: string) => picture.replace("docs", folder);
  return {
    command: command.replace(PICTURE, other),
    async compare() {
      for (const picture of pictures) {
        const drawn = await Deno.readTextFile(other(picture));
        const shown = await Deno.readTextFile(projectPath(picture));
        assertEquals(drawn, shown, `${picture} is not what is drawn now`);
      }
    },
    async [Symbol.asyncDispose]() {
      await Deno.remove(folder, { recursive: true });
    },
  };
}
