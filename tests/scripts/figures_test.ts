import { assert, assertEquals } from "@std/assert";
import { widthOf } from "../../examples/shared/svg.ts";
import { drawFigure, type Figure } from "../../scripts/figures/figure.ts";
import { FIGURES } from "../../scripts/figures/figures.ts";
import { projectPath, runClient } from "../support/programs.ts";
import { sends, startServer } from "../support/servers.ts";

/** How many of the introduction's figures each part has, from Part 1 on. */
const COUNTS = [4, 1, 1, 1, 3, 1, 1, 2, 4, 7];

const TEXT = /<text(?: class="([^"]*)")? x="([\d.]+)" y="([\d.]+)">([^<]*)</g;

function figure(name: string): Figure {
  const found = FIGURES.find((figure) => figure.name === name);
  if (found === undefined) throw new Error(`No figure is called ${name}`);
  return found;
}

Deno.test("figures: each file is what is drawn now, and there is no other", async () => {
  const folder = projectPath("docs/figures");
  const files = [];
  for await (const { name } of Deno.readDir(folder)) files.push(name);
  assertEquals(
    files.toSorted(),
    FIGURES.map(({ name }) => `${name}.svg`).toSorted(),
  );
  for (const figure of FIGURES) {
    assertEquals(
      await Deno.readTextFile(`${folder}/${figure.name}.svg`),
      drawFigure(figure),
      `${figure.name}.svg is not what is drawn now: run deno task figures`,
    );
  }
});

Deno.test("figures: all 25 of the introduction are there, each with its part", () => {
  const parts = COUNTS.flatMap((count, i) => new Array(count).fill(i + 1));
  const numbered = FIGURES.filter(({ number }) => number !== undefined)
    .toSorted((a, b) => (a.number ?? 0) - (b.number ?? 0));
  assertEquals(
    numbered.map(({ number, part }) => ({ number, part })),
    parts.map((part, i) => ({ number: i + 1, part })),
  );
});

Deno.test("figures: every text is inside of its picture, which is 800 pixels wide at most", () => {
  for (const figure of FIGURES) {
    const picture = drawFigure(figure);
    const size = / width="([\d.]+)"\s+height="([\d.]+)"/.exec(picture);
    const [width, height] = [Number(size?.[1]), Number(size?.[2])];
    assert(width <= 800, `${figure.name} is ${width} pixels wide`);
    const texts = [...picture.matchAll(TEXT)];
    assert(texts.length > 0, `${figure.name} has no text`);
    for (const [, kind = "", x, y, content = ""] of texts) {
      const wide = widthOf(unescape(content), kind);
      const share = kind.includes("middle")
        ? 0.5
        : kind.includes("end")
        ? 1
        : 0;
      const left = Number(x) - share * wide;
      const place = `"${content}" in ${figure.name}`;
      assert(left >= 0 && left + wide <= width, `${place}: ${left} + ${wide}`);
      assert(Number(y) <= height, `${place} is below the picture`);
    }
  }
});

Deno.test("figures: each has the colours of dark surroundings, and a title to read aloud", () => {
  for (const figure of FIGURES) {
    const picture = drawFigure(figure);
    assert(picture.includes("@media (prefers-color-scheme: dark)"));
    assert(/<title>[^<]{20,}<\/title>/.test(picture), figure.name);
  }
});

/** The stages of a client, as its source adds them: `callback, errback`. */
async function stagesOf(client: string): Promise<string[]> {
  const file = projectPath(`clients/get-poetry-${client}.ts`);
  const source = await Deno.readTextFile(file);
  const added = source.matchAll(/^ +d\.(add\w+)\((\w+)(?:, (\w+))?\);$/gm);
  return [...added].map(([, how, first = "", second = ""]) => {
    switch (how) {
      case "addCallback":
        return `${first}, passthru`;
      case "addErrback":
        return `passthru, ${first}`;
      case "addBoth":
        return `${first}, ${first}`;
      default:
        return `${first}, ${second}`;
    }
  });
}

Deno.test("figures: the chains of clients 5.0 and 5.1 have the functions of their sources", async () => {
  let seen = 0;
  for (const { name, picture } of FIGURES) {
    const client = /^client-(5(?:\.1)?)/.exec(name)?.[1];
    if (client === undefined || picture.kind !== "chain") continue;
    const drawn = picture.data.stages.map(({ callback, errback }) =>
      `${callback}, ${errback}`
    );
    assertEquals(drawn, await stagesOf(client), name);
    seen++;
  }
  assertEquals(seen, 10);
});

/** The way of a firing: the functions that ran, each with what it was given. */
function wayOf(name: string): string[] {
  const { picture } = figure(name);
  if (picture.kind !== "chain") throw new Error(`${name} is no chain`);
  const { stages, panels } = picture.data;
  return panels.flatMap(({ run }) => run?.steps ?? []).map((step, row) =>
    `${stages[row]?.[step.side]}(${step.argument.text})`
  );
}

const LOWER = "the poem in lower case";
const REFUSED = "ConnectionRefusedError";

for (
  const [name, way] of [
    ["client-5-cummingsified", [
      "tryToCummingsify(the poem)",
      `gotPoem(${LOWER})`,
      "poemDone(undefined)",
    ]],
    ["client-5-gibberish", [
      "tryToCummingsify(the poem)",
      "poemFailed(GibberishError)",
      "poemDone(undefined)",
    ]],
    ["client-5-cannot", [
      "tryToCummingsify(the poem)",
      "gotPoem(the poem)",
      "poemDone(undefined)",
    ]],
    ["client-5-no-poem", [
      `passthru(${REFUSED})`,
      `poemFailed(${REFUSED})`,
      "poemDone(undefined)",
    ]],
    ["client-5.1-cummingsified", [
      "cummingsify(the poem)",
      `passthru(${LOWER})`,
      `gotPoem(${LOWER})`,
      "poemDone(undefined)",
    ]],
    ["client-5.1-gibberish", [
      "cummingsify(the poem)",
      "cummingsifyFailed(GibberishError)",
      "poemFailed(GibberishError)",
      "poemDone(undefined)",
    ]],
    ["client-5.1-cannot", [
      "cummingsify(the poem)",
      "cummingsifyFailed(CannotCummingsify)",
      "gotPoem(the poem)",
      "poemDone(undefined)",
    ]],
    ["client-5.1-no-poem", [
      `passthru(${REFUSED})`,
      `cummingsifyFailed(${REFUSED})`,
      `poemFailed(${REFUSED})`,
      "poemDone(undefined)",
    ]],
  ] as const
) {
  Deno.test(`figures: ${name} takes the way that the client takes`, () => {
    assertEquals(wayOf(name), [...way]);
  });
}

function framesOf(name: string): string[] {
  const { picture } = figure(name);
  if (picture.kind !== "calls") throw new Error(`${name} is no stack`);
  return picture.data.frames.map(({ name }) => name).slice(1);
}

for (
  const [name, client] of [
    ["reactor-data-received", "2-stack"],
    ["reactor-deferred-callback", "4-stack"],
  ] as const
) {
  Deno.test(`figures: ${name} is the stack of client ${client}`, async () => {
    await using server = await startServer(sends("poem"));
    const { stdout } = await runClient(client, [server.address]);
    const stack = [...stdout.matchAll(/^ +at ([\w.]+) \(/gm)]
      .map(([, call]) => `${call}()`).toReversed();
    const drawn = framesOf(name);
    assertEquals(stack.filter((call) => drawn.includes(call)), drawn, stdout);
  });
}

Deno.test("figures: the stack of client 3.0 is that of 4.0 without the deferred", () => {
  assertEquals(
    framesOf("reactor-poem-callback"),
    framesOf("reactor-deferred-callback")
      .filter((frame) => frame !== "Deferred.callback()"),
  );
});

function unescape(content: string): string {
  return content.replaceAll("&lt;", "<").replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");
}
