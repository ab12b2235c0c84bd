import { assertEquals, assertThrows } from "@std/assert";
import {
  BadAddress,
  formatAddress,
  parseAddress,
  showCommand,
  showPair,
} from "../../book/page/simulator/address.ts";
import { simulatorHTML } from "../../book/page/simulator/template.ts";
import { drawNarrow, drawWide } from "../../examples/simulator/drawing.ts";
import { parsePair } from "../../examples/simulator/pair.ts";
import { simulate } from "../../examples/simulator/simulate.ts";
import { projectPath } from "../support/programs.ts";
import { GOLDEN, goldenAddress, goldenDrawing, trimEnds } from "./golden.ts";

for (const name of GOLDEN) {
  Deno.test(`simulator page: the chain of ${name} in an address is drawn as the terminal does`, async () => {
    const { pairs, sides } = parseAddress(await goldenAddress(name));
    const runs = sides.map((side) => simulate([...pairs], side));
    const draw = name.endsWith("-narrow") ? drawNarrow : drawWide;
    assertEquals(
      trimEnds(draw([...pairs], runs).join("\n")).trimEnd(),
      (await goldenDrawing(name)).trimEnd(),
    );
  });
}

Deno.test("simulator page: what is written into an address is read from it", () => {
  const values = ["&", "#", "=", "+", "%", "ü", "'", ";", "é", "👍"];
  const pairs = values.map((value) =>
    parsePair(`return ${value} fail ${value}`)
  );
  for (const sides of [["callback"], ["errback"], ["callback", "errback"]]) {
    const simulation = { pairs, sides: sides as ("callback" | "errback")[] };
    assertEquals(parseAddress(formatAddress(simulation)), simulation);
  }
});

Deno.test("simulator page: a chain without pairs stays empty in its address", () => {
  const empty = { pairs: [], sides: ["callback" as const] };
  assertEquals(parseAddress(formatAddress(empty)), empty);
});

Deno.test("simulator page: an address without a chain has one to begin with", () => {
  assertEquals(parseAddress("").pairs.map(showPair)[0], "return poem passthru");
});

for (
  const [hash, message] of [
    [
      "#pair=r+a+p&pair=q+p",
      "Pair 2 of the address is not a pair: bad command: q.",
    ],
    [
      "#pair=r+a+p&fire=up",
      "The address fires by up: it must be callback or errback.",
    ],
    [
      `#${"pair=p+p&".repeat(31)}`,
      "The address has 31 pairs: at most 30 are drawn.",
    ],
  ] as const
) {
  Deno.test(`simulator page: an address is refused: ${message}`, () => {
    assertThrows(() => parseAddress(hash), BadAddress, message);
  });
}

Deno.test("simulator page: the command for the terminal draws the same", async () => {
  const simulation = parseAddress("#pair=r+don't+p&pair=p+r+b&fire=callback");
  const command = showCommand(simulation);
  assertEquals(
    command,
    `printf '%s\\n' 'return don'\\''t passthru' 'passthru return b' | deno run examples/deferred-simulator.ts --callback`,
  );
  const { stdout } = await new Deno.Command("sh", {
    args: ["-c", command.replace("deno run", `"${Deno.execPath()}" run`)],
    cwd: projectPath("."),
  }).output();
  const runs = simulation.sides.map((side) =>
    simulate([...simulation.pairs], side)
  );
  assertEquals(
    trimEnds(new TextDecoder().decode(stdout)),
    trimEnds(`${drawWide([...simulation.pairs], runs).join("\n")}\n`),
  );
});

Deno.test("simulator page: the chains to begin with can be drawn", () => {
  const links = [...simulatorHTML("part-9.html").matchAll(/href="(#[^"]*)"/g)];
  assertEquals(links.length, 3);
  for (const [, hash = ""] of links) {
    parseAddress(hash.replaceAll("&amp;", "&"));
  }
});
