import { assert, assertEquals, assertMatch } from "@std/assert";
import { findClient } from "../../scripts/demo_clients.ts";
import {
  drawFrame,
  type Scene,
  SMALLEST,
  timeLine,
} from "../../scripts/demo_frame.ts";
import { Lane, Race } from "../../scripts/demo_lanes.ts";
import { drawTable } from "../../scripts/demo_table.ts";
import { projectPath } from "../support/programs.ts";
import { Terminal, type TerminalOptions } from "../support/terminal.ts";

const DEMO =
  "deno run --quiet --allow-run --allow-read --allow-env scripts/demo.ts";
const PLAIN = (text: string) => text;

function openDemo(
  args: string,
  options: Partial<TerminalOptions> = {},
): Terminal {
  const folder = Deno.execPath().replace(/\/[^/]*$/, "");
  const PATH = `${folder}:${Deno.env.get("PATH")}`;
  const env = { PATH, ...options.env };
  return new Terminal(`${DEMO} ${args}`, {
    columns: 80,
    rows: 24,
    ...options,
    env,
  });
}

/** Which row of a screen has a text, and in which column. */
function find(lines: string[], text: string): [row: number, column: number] {
  const row = lines.findIndex((line) => line.includes(text));
  return [row, lines[row]?.indexOf(text) ?? -1];
}

/** The last that was drawn in a terminal, before the screen was given back. */
async function lastFrame(demo: Terminal): Promise<string[]> {
  await demo.output.waitFor(/Three poems in/);
  return demo.screen.lines;
}

Deno.test("demo screen: at 80 columns the poems stand beside each other, and a table comes at the end", async () => {
  await using demo = openDemo("--client async --delay 0.01");
  const frame = await lastFrame(demo);
  const [row] = find(frame, "ecstasy");
  assertMatch(frame[row] ?? "", /^ecstasy +fascination +science$/);
  for (const name of ["ecstasy", "fascination", "science"]) {
    assertEquals(
      frame.filter((line) => line.startsWith(`${name} `)).length > 0,
      true,
    );
  }
  assertEquals(await demo.ended(), 0);
  const { screen } = demo;
  assertEquals([screen.isAlternate, screen.isCursorShown], [false, true]);
  assertEquals(screen.overflow, []);
  assertMatch(screen.lines.join("\n"), /^async +\d\.\d s {2}ecstasy +█+$/m);
});

Deno.test("demo screen: at 60 columns the poems stand below each other", async () => {
  await using demo = openDemo("--client 2.0 --delay 0.01", { columns: 60 });
  const frame = await lastFrame(demo);
  const rows = ["ecstasy", "fascination", "science"].map((name) =>
    frame.indexOf(name)
  );
  assert(rows.every((row) => row > 0), frame.join("\n"));
  assertEquals(rows.toSorted((a, b) => a - b), rows);
  assertEquals(await demo.ended(), 0);
  assertEquals(demo.screen.overflow, []);
});

Deno.test("demo screen: it is cleared once, and then only rows that change are drawn", async () => {
  await using demo = openDemo("--client async --delay 0.01");
  await demo.ended();
  assertEquals(demo.screen.cleared, 1);
});

Deno.test("demo screen: Ctrl-C leaves it as it was, and what was typed is not echoed", async () => {
  await using demo = openDemo("--client blocking --delay 3600");
  await demo.output.waitFor(/The Ecstasy/);
  await demo.type("lost words");
  await demo.type("\x03");
  assertEquals(await demo.ended(), 130);
  const { screen } = demo;
  assertEquals([screen.isAlternate, screen.isCursorShown], [false, true]);
  // The first is the test's own.
  assertEquals(screen.lines.slice(1).join(""), "");
  assert(!demo.output.text.includes("lost"));
});

/** Has a shell run it as a job, and then, when that has stopped, other commands. */
function openJob(args: string, ...then: string[]): Terminal {
  // Like `deno task`, what leads the job neither stops nor ends at a signal by itself.
  const job = `sh -c "trap : TSTP TERM; ${DEMO} ${args}; exit \\$?"`;
  const script = [job, ...then];
  const folder = Deno.execPath().replace(/\/[^/]*$/, "");
  return new Terminal(`bash -mc '${script.join("; ")}'`, {
    columns: 80,
    rows: 24,
    env: { PATH: `${folder}:${Deno.env.get("PATH")}` },
  });
}

Deno.test("demo screen: Ctrl-Z stops all of the job and leaves the screen as it was, and fg draws it anew", async () => {
  await using demo = openJob(
    "--client blocking --delay 3600",
    "echo; stty -a; read line",
    "fg",
  );
  await demo.output.waitFor(/The Ecstasy/);
  await demo.type("\x1a");
  const [modes = ""] = await demo.output.waitFor(/[ -]echo [^]*-?echoprt/);
  assertMatch(modes, /^ echo /);
  const { screen } = demo;
  assertEquals([screen.isAlternate, screen.isCursorShown], [false, true]);
  const before = demo.output.text.length;
  await demo.type("\n");
  await demo.output.waitFor(new RegExp(`^[^]{${before}}[^]*waits to be read`));
  const again = demo.screen;
  assertEquals([again.isAlternate, again.isCursorShown], [true, false]);
  assertMatch(again.lines[0] ?? "", /^Client blocking/);
  await demo.type("\x03");
  assertEquals(await demo.ended(), 130);
  assertEquals(demo.screen.isAlternate, false);
});

Deno.test("demo screen: a stopped job that is ended leaves nothing behind", async () => {
  await using demo = openJob(
    "--client blocking --delay 3600",
    "group=$(jobs -p); kill %1",
    "while kill -0 -- -$group; do :; done 2> /dev/null",
    "echo all has ended",
  );
  await demo.output.waitFor(/The Ecstasy/);
  await demo.type("\x1a");
  await demo.output.waitFor(/all has ended/);
  const { screen } = demo;
  assertEquals([screen.isAlternate, screen.isCursorShown], [false, true]);
});

Deno.test("demo screen: Ctrl-Z does nothing where no shell could continue it", async () => {
  await using demo = openDemo("--client async --delay 0.01");
  await demo.output.waitFor(/Client async/);
  await demo.type("\x1a");
  assertEquals(await demo.ended(), 0);
});

Deno.test("demo screen: a window that changes its size is drawn anew", async () => {
  await using demo = openDemo("--client blocking --delay 3600");
  await demo.output.waitFor(/The Ecstasy/);
  const before = demo.output.text.length;
  await demo.resize(60, 30);
  await demo.output.waitFor(new RegExp(`^[^]{${before}}[^]*waits to be read`));
  const { screen } = demo;
  assertEquals(screen.cleared, 2);
  assertEquals(screen.lines.filter((line) => line === "ecstasy").length, 1);
});

for (const [value, styles] of [["", true], ["1", false]] as const) {
  Deno.test(`demo screen: with NO_COLOR="${value}" it is drawn ${styles ? "with" : "without"} colours`, async () => {
    await using demo = openDemo("--client blocking --delay 3600", {
      env: { NO_COLOR: value },
    });
    await demo.output.waitFor(/waits to be read/);
    assertEquals(demo.screen.hasStyles, styles);
  });
}

Deno.test("demo screen: a terminal that cannot be drawn on gets the plain lines", async () => {
  await using demo = openDemo("--client blocking --delay 0", {
    env: { TERM: "dumb" },
  });
  assertEquals(await demo.ended(), 0);
  assertMatch(demo.output.text, /Got 3 poems in/);
  assert(!demo.output.text.includes("\x1b[?1049h"));
});

Deno.test("demo screen: a client that prints a stack is not drawn", async () => {
  await using demo = openDemo("--client 2-stack --delay 0");
  await demo.ended();
  assertMatch(demo.output.text, /at PoetryProtocol.dataReceived/);
});

Deno.test("demo screen: where npm has brought deno, the command says so", async () => {
  await using demo = openDemo("--client blocking --delay 3600", {
    env: { npm_command: "exec" },
  });
  await demo.output.waitFor(/waits to be read/);
  const [row] = find(demo.screen.lines, "$ npx -y deno@");
  const command = demo.screen.lines.slice(row, row + 2).join("\n");
  assertMatch(
    command,
    /^\$ npx -y deno@[\d.]+ run --allow-net [\w./-]+ \d+ \\\n {4}\d+ \d+$/,
  );
});

Deno.test("demo screen: the command can be pasted while it runs, and disturbs nothing", async () => {
  await using demo = openDemo("--delay 0.02", { env: { npm_command: "" } });
  const [, command = ""] = await demo.output.waitFor(
    // deno-lint-ignore no-control-regex -- the style ends there
    /\$ deno (run [^\x1b]*blocking\.ts[^\x1b]*)\x1b/,
  );
  const pasted = await new Deno.Command(Deno.execPath(), {
    args: command.split(" "),
    cwd: projectPath(""),
    stderr: "inherit",
  }).output();
  assertMatch(new TextDecoder().decode(pasted.stdout), /^Got 3 poems in/m);
  assertEquals(await demo.ended(), 0);
  assertMatch(demo.screen.lines.join("\n"), /^blocking +\d+\.\d s /m);
});

Deno.test("demo screen: a client that was pasted late gets its poems whole", async () => {
  await using demo = openDemo("--client blocking --delay 0.02", {
    env: { npm_command: "" },
  });
  const [, command = ""] = await demo.output.waitFor(
    // deno-lint-ignore no-control-regex -- the style ends there
    /\$ deno (run [^\x1b]*)\x1b[^]*The Fascination/,
  );
  const pasted = await new Deno.Command(Deno.execPath(), {
    args: command.split(" "),
    cwd: projectPath(""),
    stderr: "inherit",
  }).output();
  const text = new TextDecoder().decode(pasted.stdout);
  const bytes = Array.from(text.matchAll(/got (\d+) bytes/g), ([, n]) => n);
  assertEquals(bytes, ["3003", "611", "648"]);
  assertEquals(await demo.ended(), 0);
});

// --- Without a terminal

function makeLane(poem: string, name = "poem"): Lane {
  return new Lane(name, new TextEncoder().encode(poem));
}

Deno.test("demo lane: it shows what the server has sent, and no half of a character", () => {
  const lane = makeLane("née");
  lane.hear("Serving née on port 10000.", 1);
  lane.hear("Somebody at ('127.0.0.1', 1) wants poetry!", 2);
  lane.hear("Sending 2 bytes", 3);
  assertEquals([lane.poem, lane.began, lane.ended], ["n", 2, undefined]);
  lane.hear("Sending 2 bytes", 4);
  assertEquals([lane.poem, lane.began, lane.ended], ["née", 2, 4]);
});

Deno.test("demo lane: whoever comes second is not shown", () => {
  const lane = makeLane("a poem");
  lane.hear("Somebody at ('127.0.0.1', 1) wants poetry!", 1);
  lane.hear("Sending 2 bytes", 2);
  lane.hear("Somebody at ('127.0.0.1', 2) wants poetry!", 3);
  lane.hear("Sending 2 bytes", 4);
  assertEquals([lane.poem, lane.ended], ["a ", 3]);
});

/** A race of two, one after the other, at 0 to 2 and at 2 to 4. */
function raceInTurn(): Race {
  const lanes = [makeLane("aa", "first"), makeLane("bb", "second")];
  const race = new Race(lanes, 4);
  lanes.forEach((lane, i) => {
    lane.hear("Somebody at …", i * 2);
    lane.hear("Sending 1 bytes", i * 2 + 1);
    lane.hear("Sending 1 bytes", i * 2 + 2);
  });
  race.end(4.2);
  return race;
}

Deno.test("demo time line: a server waits, works, and is done", () => {
  const race = raceInTurn();
  const lines = race.lanes.map((lane) => timeLine(race, lane, 5, 5));
  assertEquals(race.elapsed(), 4);
  assertEquals(lines, ["██   ", "░░██ "]);
});

Deno.test("demo time line: a client that is gone leaves its servers where they are", () => {
  const [first, second] = [makeLane("aa"), makeLane("bb")];
  const race = new Race([first, second], 4);
  first.hear("Somebody at …", 1);
  race.end(3);
  assertEquals([race.elapsed(9), first.ended, second.began], [2, 3, undefined]);
  assertEquals(timeLine(race, second, 4, 4), "░░  ");
});

Deno.test("demo frame: it fits every size, and says so where it does not", () => {
  const poems = ["one\ntwo", "x".repeat(300), " y".repeat(90)];
  const lanes = poems.map((poem) => makeLane(poem));
  const race = new Race(lanes, 1);
  for (const lane of lanes) {
    lane.hear("Somebody at …", 0);
    lane.hear("Sending 300 bytes", 1);
  }
  const command = ["deno", "run", "clients/get-poetry-5.ts", "1", "2", "3"];
  const scene: Scene = {
    client: findClient("5.0"),
    command,
    position: " (3 of 3)",
    race,
    note: "",
  };
  for (let columns = 10; columns < 200; columns += 7) {
    for (let rows = 5; rows < 60; rows += 4) {
      const frame = drawFrame(scene, { columns, rows }, 2, PLAIN);
      const size = `${columns} by ${rows}`;
      assert(frame.length <= rows, `${size}: ${frame.length} rows`);
      for (const row of frame) assert(row.length < columns, `${size}: ${row}`);
      const isTooSmall = columns < SMALLEST.columns || rows < SMALLEST.rows;
      assertEquals(frame.some((row) => row.includes("█")), !isTooSmall, size);
    }
  }
});

Deno.test("demo table: it has the times, and says why they differ", () => {
  const results = ["blocking", "async"].map((name) => ({
    client: findClient(name),
    race: raceInTurn(),
  }));
  const table = drawTable(results, 60, PLAIN);
  assertEquals(table.filter((row) => row.length > 59), []);
  assertMatch(table.join("\n"), /^blocking +4\.0 s {2}first +█+$/m);
  assertMatch(table.join("\n"), /The three times\s+add up/);
  assertMatch(table.join("\n"), /the slowest poem/);
});
