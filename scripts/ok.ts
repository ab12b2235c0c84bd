/**
 * Checks all that CI checks: `deno task ok`. Each step runs whatever the ones
 * before it found, so that one run shows everything there is to mend.
 *
 * @module
 */

import { listSources } from "./sources.ts";
import { type Counts, countTests } from "./test_report.ts";

/** One run of deno that has to find nothing. */
interface Step {
  /** What is checked, as it is printed. */
  name: string;
  /** The arguments of deno. */
  args: string[];
  /** Whether what it prints is shown where it finds nothing, too. */
  isTelling?: boolean;
  /** Output that is a finding even where the exit status says success. */
  complaint?: RegExp;
}

/** Needs JSR, which a build or a test may not: dnt alone runs and checks it. */
const UNCHECKED = ["scripts/build_npm.ts"];

/** Where docstrings are; programs in pages are examples too. */
const DOCUMENTED = [
  "mod.ts",
  "defer",
  "reactor",
  "cli",
  "README.md",
  "docs/library.md",
  "docs/instruments.md",
];

async function checks(): Promise<Step[]> {
  const sources = await listSources(".");
  const checked = sources.filter((file) => !UNCHECKED.includes(file));
  return [
    { name: "format", args: ["fmt", "--check"] },
    { name: "lint", args: ["lint"] },
    { name: "types", args: ["check", "--lock=dev.lock", ...checked] },
    { name: "docs", args: ["doc", "--lint", "mod.ts"] },
    {
      name: "package",
      // Dirty is fine: what is being checked is mostly not committed yet.
      args: ["publish", "--dry-run", "--allow-dirty"],
      complaint: /(warning|error)[[: ]/i,
    },
  ];
}

async function tests(): Promise<Step[]> {
  const sanitize = ["--sanitize-ops", "--sanitize-resources"];
  const documented = [];
  for (const path of DOCUMENTED) if (await exists(path)) documented.push(path);
  return [
    {
      name: "examples",
      args: [
        "test",
        "--doc",
        "--preload=tests/preload.ts",
        "--allow-net=127.0.0.1,localhost",
        ...sanitize,
        ...documented,
      ],
    },
    { name: "tests", args: ["task", "test"] },
  ];
}

/** Last, since it takes the longest to tell anything. */
const NPM: Step = {
  name: "npm package",
  args: ["task", "--quiet", "test:npm"],
  // With what it was tested, and what was left out.
  isTelling: true,
};

/** Runs a step without a word, unless it finds something. */
async function check(step: Step): Promise<boolean> {
  const { name, args, complaint, isTelling = false } = step;
  const started = performance.now();
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args,
    env: { NO_COLOR: "1" },
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  const output = decoder.decode(stdout) + decoder.decode(stderr);
  const fine = code === 0 && !complaint?.test(output);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${name} … ${fine ? "ok" : "FAILED"} (${seconds} s)`);
  if (!fine || isTelling) console.log(`\n${output.trim()}\n`);
  return fine;
}

/** Runs tests, shows them running, and counts them. */
async function test({ name, args }: Step): Promise<Counts & { fine: boolean }> {
  console.log(`\n${name}:`);
  const report = await Deno.makeTempFile({ suffix: ".xml" });
  try {
    const { code } = await new Deno.Command(Deno.execPath(), {
      args: [...args, `--junit-path=${report}`],
      stdin: "null",
      stdout: "inherit",
      stderr: "inherit",
    }).output();
    const xml = await Deno.readTextFile(report);
    if (xml === "") console.log(`The ${name} ended without a report.`);
    const counts = countTests(xml);
    // The report is silent about a file that fails outside of its tests; the
    // runner's own count has one failure for it.
    if (code !== 0) counts.failed = Math.max(counts.failed, 1);
    return { ...counts, fine: code === 0 && xml !== "" };
  } finally {
    await Deno.remove(report);
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

async function main(): Promise<void> {
  const failed: string[] = [];
  for (const step of await checks()) {
    if (!await check(step)) failed.push(step.name);
  }
  const sum: Counts = { passed: 0, failed: 0, skipped: 0 };
  for (const step of await tests()) {
    const counts = await test(step);
    if (!counts.fine) failed.push(step.name);
    sum.passed += counts.passed;
    sum.failed += counts.failed;
    sum.skipped += counts.skipped;
  }
  console.log();
  if (!await check(NPM)) failed.push(NPM.name);
  if (failed.length > 0) console.log(`\nFailed: ${failed.join(", ")}`);
  const skipped = sum.skipped > 0 ? `, ${sum.skipped} skipped` : "";
  console.log(`\n${sum.passed} passed, ${sum.failed} failed${skipped}`);
  if (failed.length > 0 || sum.failed > 0) Deno.exitCode = 1;
}

if (import.meta.main) await main();
