import { assert, assertEquals } from "@std/assert";
import { FIGURES } from "../scripts/figures/figures.ts";
import { linksOf } from "./examples/page.ts";
import { projectPath } from "./support/programs.ts";

/** How many exercises the introduction has, from Part 1 on. */
const EXERCISES = [0, 3, 2, 2, 2, 3, 3, 2, 2, 2];

const PARTS = EXERCISES.map((_, i) => i + 1);

function readPage(page: string): Promise<string> {
  return Deno.readTextFile(projectPath(`docs/${page}`));
}

function read(part: number): Promise<string> {
  return readPage(`part-${part}.md`);
}

/** The files that a page links to, from the project's folder. */
async function linksIn(page: string): Promise<string[]> {
  const links = linksOf(await readPage(page));
  return links.map((link) => link.replace("../", ""));
}

function linked(part: number): Promise<string[]> {
  return linksIn(`part-${part}.md`);
}

async function filesIn(folder: string): Promise<string[]> {
  const files = [];
  for await (const { name, isFile } of Deno.readDir(projectPath(folder))) {
    if (isFile) files.push(`${folder}/${name}`);
  }
  return files.sort();
}

/** Alternative texts and files of the figures of a page, in order. */
function figuresOf(page: string): { alt: string; name: string }[] {
  const images = page.matchAll(/!\[([^\]]*)\]\(figures\/([^)]+)\.svg\)/g);
  return [...images].map(([, alt = "", name = ""]) => ({ alt, name }));
}

for (const part of PARTS) {
  Deno.test(`docs/part-${part}.md: shows all figures of its part, in order`, async () => {
    const shown = figuresOf(await read(part));
    const own = FIGURES.filter((figure) => figure.part === part);
    assertEquals(
      shown.map(({ name }) => name).toSorted(),
      own.map(({ name }) => name).toSorted(),
    );
    const numbers = shown.map(({ alt }) => /^Figure (\d+): .{40}/s.exec(alt));
    const numberOf = (name: string) =>
      own.find((figure) => figure.name === name)?.number;
    assertEquals(
      numbers.map((match) => match === null ? undefined : Number(match[1])),
      shown.map(({ name }) => numberOf(name)),
    );
    const numbered = numbers.flatMap((match) => match ? Number(match[1]) : []);
    assertEquals(numbered, numbered.toSorted((a, b) => a - b));
  });

  Deno.test(`docs/part-${part}.md: states all exercises of its part, with answers`, async () => {
    const page = await read(part);
    const [, ...sections] = page.split(/^(?=#{2,3} )/m)
      .filter((section) => /^(# |### Exercise \d+$)/m.test(section));
    const count = EXERCISES[part - 1] ?? 0;
    assertEquals(
      sections.map((section) => section.slice(0, section.indexOf("\n"))),
      Array.from({ length: count }, (_, i) => `### Exercise ${i + 1}`),
    );
    for (const section of sections) {
      assert(/<details>|examples\/exercises\/part-/.test(section), section);
    }
  });
}

Deno.test("docs: the introduction's 25 figures and 21 exercises are on the pages", async () => {
  const pages = await Promise.all(PARTS.map(read));
  const numbers = pages.flatMap(figuresOf)
    .flatMap(({ alt }) => /^Figure (\d+): /.exec(alt)?.[1] ?? []);
  assertEquals(numbers, Array.from({ length: 25 }, (_, i) => `${i + 1}`));
  const exercises = pages.flatMap((page) =>
    page.match(/^### Exercise /gm) ?? []
  );
  assertEquals(exercises.length, 21);
});

Deno.test("docs: each client is linked from the page of the part that README.md names", async () => {
  const readme = await Deno.readTextFile(projectPath("README.md"));
  const rows = readme.matchAll(
    /^\| [\w.-]+ +\| `(get-poetry-[^`]+)` *\| (\d*) +\|/gm,
  );
  const parts = new Map(
    [...rows].map(([, file, part]) => [`clients/${file}`, Number(part)]),
  );
  assertEquals([...parts.keys()].sort(), await filesIn("clients"));
  const missing: string[] = [];
  for (const [file, part] of parts) {
    // The one with endpoints belongs to no part: its link may be anywhere.
    const pages = part > 0 ? [part] : PARTS;
    const links = (await Promise.all(pages.map(linked))).flat();
    if (!links.includes(file)) missing.push(`part ${part}: ${file}`);
  }
  assertEquals(missing, []);
});

Deno.test("docs: each example is linked from the page that shows it, each exercise's from its part", async () => {
  const links = await Promise.all(PARTS.map(linked));
  const shown = [...links.flat(), ...await linksIn("instruments.md")];
  const missing = (await filesIn("examples"))
    .filter((file) => !shown.includes(file));
  for (const file of await filesIn("examples/exercises")) {
    const [, part] = /part-(\d+)-\d+\.ts$/.exec(file) ?? [];
    if (!links[Number(part) - 1]?.includes(file)) missing.push(file);
  }
  assertEquals(missing, []);
});
