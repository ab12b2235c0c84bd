import { assert, assertEquals } from "@std/assert";
import { examplesOf, isShown, linksOf, mask } from "./examples/page.ts";
import { Terminals } from "./examples/terminal.ts";
import { projectPath } from "./support.ts";

const PARTS = Array.from({ length: 10 }, (_, i) => `part-${i + 1}.md`);
/** The pages with commands. */
const GUIDES = [...PARTS, "servers.md"];
const PAGES = ["README.md", ...GUIDES];

/** A picture that a command of a page has drawn. */
const PICTURE = /docs\/[\w.-]+\.svg/g;

function read(page: string): Promise<string> {
  return Deno.readTextFile(projectPath(`docs/${page}`));
}

for (const page of GUIDES) {
  Deno.test(`docs/${page}: every command prints what the page shows`, async () => {
    const examples = examplesOf(await read(page));
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
        assert(code <= 1 && !printed.includes("Uncaught"), printed);
      } else if (!isShown(printed, shown.replace(/^\^C\n/m, ""))) {
        assertEquals(mask(printed), mask(shown), `$ ${command}`);
      }
    }
  });
}

for (const page of PAGES) {
  Deno.test(`docs/${page}: every link leads somewhere`, async () => {
    for (const link of linksOf(await read(page))) {
      await Deno.stat(projectPath(`docs/${link}`));
    }
  });
}

Deno.test("docs/README.md: every page is in the index", async () => {
  const links = linksOf(await read("README.md"));
  assertEquals(GUIDES.filter((page) => !links.includes(page)), []);
});

Deno.test("docs: every example, client and server is on some page", async () => {
  const text = (await Promise.all(PAGES.map(read))).join("\n");
  const missing: string[] = [];
  for (
    const folder of ["examples", "examples/exercises", "clients", "server"]
  ) {
    for await (const { name, isFile } of Deno.readDir(projectPath(folder))) {
      // The two in the middle of a row of four that differ in one line.
      if (/^defer-[56]\.ts$/.test(name)) continue;
      if (isFile && !text.includes(name)) missing.push(`${folder}/${name}`);
    }
  }
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
