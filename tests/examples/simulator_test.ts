import { assert, assertEquals, assertMatch } from "@std/assert";
import { projectPath } from "../support/programs.ts";
import { drawPicture } from "../../examples/simulator/picture.ts";
import {
  draw,
  drawNarrow,
  drawWide,
} from "../../examples/simulator/drawing.ts";
import { parsePair } from "../../examples/simulator/pair.ts";
import { simulate } from "../../examples/simulator/simulate.ts";
import { readPairs } from "../../examples/simulator/read_pairs.ts";
import { runExample } from "./run_example.ts";

const NAME = "deferred-simulator";

function golden(file: string): Promise<string> {
  return Deno.readTextFile(projectPath(`tests/examples/golden/${file}`));
}

function trimEnds(text: string): string {
  return text.replace(/ +$/gm, "");
}

for (
  const name of [
    "client-5",
    "criss-cross",
    "criss-cross-narrow",
    "one-pair",
    "one-pair-narrow",
  ]
) {
  Deno.test(`the simulator draws ${name} as the original does`, async () => {
    const args = name.endsWith("-narrow") ? ["--narrow"] : [];
    const stdin = await golden(`${name}.in`);
    const { code, stdout, stderr } = await runExample(NAME, args, { stdin });
    assertEquals({ code, stderr }, { code: 0, stderr: "" });
    assertEquals(trimEnds(stdout), trimEnds(await golden(`${name}.out`)));
  });
}

Deno.test("the simulator reads up to an empty line", async () => {
  const { stdout } = await runExample(NAME, [], {
    stdin: "r good f bad\n \nnot read any more\n",
  });
  assertEquals(trimEnds(stdout), trimEnds(await golden("one-pair.out")));
});

Deno.test("the simulator does not take an empty first line for the end", async () => {
  const { stdout } = await runExample(NAME, [], {
    stdin: "\n  \nr good f bad\n\n",
  });
  assertEquals(trimEnds(stdout), trimEnds(await golden("one-pair.out")));
});

Deno.test("the simulator takes commands in capitals", async () => {
  const { stdout } = await runExample(NAME, [], { stdin: "R good FAIL bad" });
  assertEquals(trimEnds(stdout), trimEnds(await golden("one-pair.out")));
});

Deno.test("the simulator reads a last line without an end, and other line ends", async () => {
  const expected = trimEnds(await golden("one-pair.out"));
  for (const stdin of ["r good f bad", "return\tgood fai bad\r\n\r\n"]) {
    const { stdout, stderr } = await runExample(NAME, [], { stdin });
    assertEquals(stderr, "");
    assertEquals(trimEnds(stdout), expected);
  }
});

for (
  const [line, error] of [
    ["r good", "missing command"],
    ["q p", "bad command: q"],
    ["returns a p", "bad command: returns"],
    ["p fail", "missing argument"],
    ["r morethansix p", "result more than 6 chars long: morethansix"],
    ["p p what now", "extra arguments: what now"],
  ]
) {
  Deno.test(`the simulator draws nothing for a pipe with the line ${line}`, async () => {
    assertEquals(
      await runExample(NAME, [], { stdin: `r good f bad\n${line}\np p\n` }),
      {
        code: 2,
        signal: null,
        stdout: "",
        stderr: `error: Line 2 is not a pair: ${error}.\n`,
      },
    );
  });
}

for (
  const [side, other] of [["callback", "errback"], ["errback", "callback"]]
) {
  Deno.test(`the simulator fires with --${side} alone`, async () => {
    const { code, stdout, stderr } = await runExample(NAME, [`--${side}`], {
      stdin: await golden("criss-cross.in"),
    });
    assertEquals({ code, stderr }, { code: 0, stderr: "" });
    assert(stdout.includes(`d.${side}(initial`), stdout);
    assert(!stdout.includes(`d.${other}(initial`), stdout);
  });
}

Deno.test("the simulator fires in both ways with --callback and --errback", async () => {
  const args = ["--errback", "--callback"];
  const stdin = await golden("one-pair.in");
  const { stdout } = await runExample(NAME, args, { stdin });
  assertEquals(trimEnds(stdout), trimEnds(await golden("one-pair.out")));
});

Deno.test("the simulator draws below each other what is wider than the terminal", () => {
  const pairs = ["r a f b"].map(parsePair);
  const runs = [simulate(pairs, "callback"), simulate(pairs, "errback")];
  const wide = drawWide(pairs, runs);
  const widest = Math.max(...wide.map((line) => line.length));
  assertEquals(draw(pairs, runs, widest), wide);
  assertEquals(draw(pairs, runs, widest - 1), drawNarrow(pairs, runs));
});

Deno.test("a failure that reaches the end of a simulated chain is drawn, and not logged", async () => {
  const { code, stdout, stderr } = await runExample(NAME, [], {
    stdin: "f bad p\n",
  });
  assertEquals({ code, stderr }, { code: 0, stderr: "" });
  assertMatch(stdout, /bad\* +\| +initial\*\n\n$/);
});

Deno.test("the simulator needs a pair to draw", async () => {
  assertEquals(await runExample(NAME), {
    code: 2,
    signal: null,
    stdout: "",
    stderr: "error: There is nothing to draw: no pair was given.\n",
  });
});

for (
  const [args, complaint] of [
    [["--wide"], "No such option: --wide."],
    [["chain.txt"], "No argument is needed: this is chain.txt."],
    [["--svg"], "Option --svg needs a value."],
    [
      ["--svg", "chain.svg"],
      "No permission to write chain.svg: deno run needs --allow-write=chain.svg.",
    ],
  ] as const
) {
  Deno.test(`the simulator refuses ${args.join(" ")}`, async () => {
    const { code, stdout, stderr } = await runExample(NAME, [...args]);
    assertEquals({ code, stdout }, { code: 2, stdout: "" });
    assertEquals(
      stderr,
      "Usage: deferred-simulator.ts " +
        "[--callback | --errback] [--narrow] [--svg FILE]\n\n" +
        `error: ${complaint}\n`,
    );
  });
}

Deno.test("the simulator prints help", async () => {
  const { code, stdout, stderr } = await runExample(NAME, ["--help"]);
  assertEquals({ code, stderr }, { code: 0, stderr: "" });
  assertMatch(stdout, /^Usage: deferred-simulator.ts \[--callback \|/);
  assertMatch(stdout, /a star marks a failure/);
});

Deno.test({
  name: "the simulator greets and prompts on a terminal, and asks again",
  ignore: !await hasScript(),
  async fn() {
    const { code, screen } = await onTerminal("\noops\nr good f bad\n\n");
    assertEquals(code, 0);
    assert(screen.includes("a star marks a failure"), screen);
    const order = [
      "Write a callback and an errback on each",
      "1> ",
      "At least one pair is needed.\n1> ",
      "ERROR: bad command: oops\n1> ",
      "2> ",
      "d.callback(initial)",
    ].map((text) => screen.indexOf(text));
    assert(order.every((at) => at >= 0), screen);
    assertEquals(order, order.toSorted((a, b) => a - b), screen);
  },
});

for (
  const [columns, beside] of [[80, false], [125, false], [126, true]] as const
) {
  Deno.test({
    name: `the simulator draws ${
      beside ? "beside" : "below"
    } each other on a terminal of ${columns} columns`,
    ignore: !await hasScript(),
    async fn() {
      const { screen } = await onTerminal("r good f bad\n\n", columns);
      const both = /d\.callback\(initial\) +d\.errback\(initial\*\)/;
      assertEquals(both.test(screen), beside, screen);
      assertMatch(screen, /d\.errback\(initial\*\)/);
    },
  });
}

/** What the simulator shows on a terminal, as wide as that, to somebody who writes this. */
async function onTerminal(written: string, columns = 200) {
  const command = `stty cols ${columns}; exec ${Deno.execPath()} run ` +
    projectPath(`examples/${NAME}.ts`);
  // util-linux has it, which gives a program a terminal of its own.
  const child = new Deno.Command("script", {
    args: ["--quiet", "--return", "--command", command, "/dev/null"],
    env: { NO_COLOR: "1" },
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(written));
  const { code, stdout } = await child.output();
  await writer.close();
  return {
    code,
    screen: new TextDecoder().decode(stdout).replaceAll("\r", ""),
  };
}

Deno.test("the simulator writes a picture beside the drawing", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const file = `${folder}/chain.svg`;
    const { code, stdout, stderr } = await runExample(NAME, ["--svg", file], {
      stdin: await golden("criss-cross.in"),
      permissions: [`--allow-write=${file}`],
    });
    assertEquals({ code, stderr }, { code: 0, stderr: "" });
    assertEquals(
      trimEnds(stdout),
      trimEnds(await golden("criss-cross.out")),
    );
    const picture = await Deno.readTextFile(file);
    assertMatch(picture, /^<svg\s+xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
    assertMatch(picture, /<\/svg>\n$/);
    const values = [...picture.matchAll(/class="value\b[^>]*>([^<]*)</g)];
    assertEquals(values.map(([, value]) => value), [
      ...["initial", "googly*", "fixed", "fixed", "fixed"],
      ...["initial*", "initial*", "fixed", "fixed", "fixed"],
    ]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("the simulator says where a picture cannot be written", async () => {
  const { code, stderr } = await runExample(
    NAME,
    ["--svg", "/no/such/folder/chain.svg"],
    { stdin: "p p\n", permissions: ["--allow-write"] },
  );
  assertEquals(code, 2);
  assertMatch(
    stderr,
    /^error: Cannot write \/no\/such\/folder\/chain\.svg: no such file/,
  );
});

Deno.test("a picture shows values that mean something in XML", () => {
  const text = `<&>\x01`;
  const initial = { text: "initial", failed: false };
  const picture = drawPicture(
    [{
      callback: { command: "return", value: text },
      errback: { command: "passthru" },
    }],
    [{
      side: "callback",
      initial,
      steps: [{
        side: "callback",
        argument: initial,
        result: { text, failed: false },
      }],
    }],
  );
  assert(picture.includes(">return &lt;&amp;&gt;\ufffd</text>"), picture);
});

Deno.test("somebody who sits there is greeted, prompted, and asked again", async () => {
  async function* lines() {
    yield* ["p p", "p", "r a f b", "", "p p"];
  }
  let told = "";
  const tell = (text: string) => void (told += text);
  const pairs = await readPairs({ lines: lines(), interactive: true, tell });
  assertEquals(pairs.length, 2);
  assert(told.includes("A VALUE has at most 6"), told);
  assertEquals(
    told.slice(told.indexOf("1> ")),
    "1> 2> ERROR: missing command\n2> 3> ",
  );
});

Deno.test("a program that writes pairs is told nothing", async () => {
  async function* lines() {
    yield* ["", "p p", "r a f b", "", "p"];
  }
  let told = "";
  const tell = (text: string) => void (told += text);
  const pairs = await readPairs({ lines: lines(), interactive: false, tell });
  assertEquals({ count: pairs.length, told }, { count: 2, told: "" });
});

async function hasScript(): Promise<boolean> {
  try {
    const { stdout } = await new Deno.Command("script", {
      args: ["--version"],
    }).output();
    return new TextDecoder().decode(stdout).includes("util-linux");
  } catch {
    return false;
  }
}
