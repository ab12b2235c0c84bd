/**
 * Measures the npm package on Node, beside plain `node:net` code that does the
 * same, and prints a table of ratios.
 *
 *     deno task bench:node                   all scenarios, five rounds each
 *     deno task bench:node poems             those with "poems" in their line
 *     deno task bench:node poems --rounds 9
 *
 * @module
 */

import { BUNDLER, installInto } from "../scripts/npm_check.ts";
import { compilePackage } from "../scripts/npm_compile.ts";
import { ENTRY_POINTS, NAME } from "../scripts/npm_package.ts";
import { run } from "../scripts/npm_run.ts";
import { Sources, writeFile } from "../scripts/npm_stage.ts";
import { measure } from "./measure.ts";
import {
  contender,
  killAll,
  missingInPython,
  Program,
  pythonProgram,
} from "./program.ts";
import type { Contender, Scenario } from "./scenario.ts";
import { HEADINGS, layOut, rowOf, rowWithout } from "./table.ts";

const PLAIN = "bench/node_plain.ts";

/** The programs that are measured: the same as on Deno. */
const OURS = ["fetch", "serve", "send", "receive", "hold", "defer"]
  .map((job) => `bench/programs/${job}_deferno.ts`);

const PROGRAMS = [PLAIN, ...OURS, "bench/programs/defer_promise.ts"];

/** Where the programs are, made into JavaScript. */
const dir = await Deno.makeTempDir();

function nodeProgram(source: string, ...args: string[]): string[] {
  return ["node", `${dir}/project/${nameOf(source)}.mjs`, ...args];
}

function nameOf(source: string): string {
  return source.replace(/^.*\//, "").replace(/\.ts$/, "");
}

const plain = (job: string) => nodeProgram(PLAIN, job);
const ours = (job: string) => nodeProgram(`bench/programs/${job}_deferno.ts`);

/** Builds the package, installs it, and bundles the programs that use it. */
async function prepare(): Promise<void> {
  const sources = await Sources.read();
  await Deno.mkdir(`${dir}/package`);
  await Deno.mkdir(`${dir}/project`);
  await compilePackage(sources, "0.0.0", `${dir}/package`);
  const cwd = `${dir}/project`;
  await installInto(cwd, `${dir}/package`, [BUNDLER]);
  await sources.copy(
    ["bench/node_prelude.ts", ...PROGRAMS],
    cwd,
    ({ to }) => {
      const entry = ENTRY_POINTS.find(({ path }) => path === `./${to}`);
      return entry && NAME + entry.name.slice(1);
    },
  );
  for (const program of PROGRAMS) await bundle(cwd, program);
}

/**
 * Makes one file of a program and all that it uses, so that no side pays for
 * having more files than the other: Node takes memory for each.
 */
async function bundle(cwd: string, program: string): Promise<void> {
  const entry = `${nameOf(program)}.ts`;
  const imports = ["bench/node_prelude.ts", program]
    .map((file) => `import "./${file}";\n`);
  await writeFile(`${cwd}/${entry}`, imports.join(""));
  // The poem is found from where the programs are, which is not where they run.
  const here = new URL("programs/poem.ts", import.meta.url).href;
  await run("node_modules/.bin/esbuild", [
    entry,
    "--bundle",
    "--platform=node",
    "--target=node20",
    "--format=esm",
    "--log-level=warning",
    `--define:import.meta.url=${JSON.stringify(here)}`,
    `--outfile=${nameOf(program)}.mjs`,
  ], { cwd });
}

/** A contender that does its job with the one who listens on another port. */
function against(peer: Program, label: string, command: string[]): Contender {
  return contender(label, command, () => [peer.greeting]);
}

/** A server, measured by how fast it can be read. */
function served(reader: Program, label: string, command: string[]): Contender {
  const program = new Program(command);
  return {
    label,
    start: () => program.start(),
    run: () => reader.ask(program.greeting),
    end: () => program.end(),
  };
}

/** A program that holds connections, run anew each time: memory stays taken. */
function holder(label: string, command: string[]): Contender {
  return {
    label,
    async run() {
      const holding = new Program(command);
      const others = new Program(plain("connect"), () => [holding.greeting]);
      try {
        await holding.start();
        await others.start();
        return await holding.ask();
      } finally {
        await others.end();
        await holding.end();
      }
    },
  };
}

function scenarios(): Scenario[] {
  const server = new Program(plain("serve"));
  const drain = new Program(plain("drain"));
  const flood = new Program(plain("flood"));
  const reader = new Program(pythonProgram("programs/read_poems.py"));
  return [
    {
      name: "10,000 poems fetched, 100 at a time",
      against: "node:net",
      unit: "poems/s",
      shared: [server],
      ours: against(server, "getPoetry of client 4.0", ours("fetch")),
      peer: against(server, "net.connect", plain("fetch")),
      atLeast: 0.95,
    },
    {
      name: "10,000 poems served, 100 at a time",
      against: "node:net",
      unit: "poems/s",
      shared: [reader],
      ours: served(reader, "listenTCP", ours("serve")),
      peer: served(reader, "net.createServer", plain("serve")),
      atLeast: 0.95,
      unavailable: () => missingInPython("socket"),
    },
    {
      name: "1 GiB sent over one connection",
      against: "node:net",
      unit: "MiB/s",
      shared: [drain],
      ours: against(drain, "transport.write", ours("send")),
      peer: against(drain, "socket.write", plain("send")),
      atLeast: 0.95,
    },
    {
      name: "1 GiB received over one connection",
      against: "node:net",
      unit: "MiB/s",
      shared: [flood],
      ours: against(flood, "dataReceived", ours("receive")),
      peer: against(flood, `on("data")`, plain("receive")),
      atLeast: 0.95,
    },
    {
      name: "10,000 idle connections held",
      against: "node:net",
      unit: "MiB",
      ours: holder("listenTCP", ours("hold")),
      peer: holder("net.createServer", plain("hold")),
      atMost: 1.1,
    },
    {
      name: "a Deferred, the same callback 3 times, fired",
      against: "a promise with 3 thens, settled",
      unit: "chains/s",
      ours: contender("Deferred", [...ours("defer"), "same"]),
      peer: contender("promise", [
        ...nodeProgram("bench/programs/defer_promise.ts"),
        "same",
      ]),
      atLeast: 8,
    },
  ];
}

async function row(scenario: Scenario, rounds: number): Promise<string[]> {
  const missing = scenario.unavailable?.();
  if (missing !== undefined) {
    return rowWithout(scenario, `left out: ${missing}`);
  }
  console.error(`${scenario.name} ...`);
  try {
    return rowOf(await measure(scenario, rounds));
  } catch (error) {
    console.error(error);
    return rowWithout(scenario, "failed");
  }
}

async function main(): Promise<void> {
  const args = [...Deno.args];
  const at = args.indexOf("--rounds");
  const rounds = at < 0 ? 5 : Number(args.splice(at, 2)[1]);
  const part = (args[0] ?? "").toLowerCase();
  if (!Number.isInteger(rounds) || rounds < 1 || args.length > 1) {
    console.error("Usage: deno task bench:node [PART OF A NAME] [--rounds N]");
    Deno.exit(2);
  }
  await prepare();
  const rows = [HEADINGS];
  for (const scenario of scenarios()) {
    if (!scenario.name.toLowerCase().includes(part)) continue;
    rows.push(await row(scenario, rounds));
  }
  console.log(`\n${layOut(rows)}`);
}

function end(status: number): never {
  killAll();
  Deno.removeSync(dir, { recursive: true });
  Deno.exit(status);
}

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.addSignalListener(signal, () => end(1));
}

try {
  await main();
} catch (error) {
  console.error(error);
  end(1);
}
// The signals would keep the program alive.
end(0);
