/**
 * Runs the tests that were defined without Deno, one after the other, and ends the
 * program: with 1 where one has failed. Imported after them.
 *
 * @module
 */

import process from "node:process";
import { TEST_SECONDS } from "../support/time_limit.ts";
import {
  type Context,
  type Definition,
  definitions,
  NeedsDeno,
} from "./deno_prelude.ts";

const counts = { passed: 0, failed: 0, skipped: 0 };

/** The test that runs, for whatever ends the program in it. */
let running: string | undefined;

process.on("exit", () => {
  if (running !== undefined) console.log(`The program ended in: ${running}`);
});

/** What a test or a step came to: nothing, where it passed. */
async function attempt(run: () => unknown): Promise<unknown> {
  try {
    await run();
  } catch (error) {
    return error;
  }
}

/** Settles when a test has ended or its time has. */
async function outcomeOf({ fn, timeout }: Definition): Promise<unknown> {
  const limit = timeout ?? TEST_SECONDS * 1000;
  const context: Context = {
    async step(_, fn) {
      const error = await attempt(() => fn(context));
      // The steps after it may do without Deno.
      if (!(error instanceof NeedsDeno) && error !== undefined) throw error;
    },
  };
  let timer;
  const late = new Promise((resolve) => {
    const error = new Error(`It took longer than ${limit / 1000} s`);
    timer = setTimeout(resolve, limit, error);
  });
  const outcome = await Promise.race([attempt(() => fn(context)), late]);
  clearTimeout(timer);
  return outcome;
}

/** Only those whose name begins so, if anything is asked for. */
const [wanted = ""] = process.argv.slice(2);

for (const definition of definitions) {
  if (!definition.name.startsWith(wanted)) continue;
  if (definition.ignore) {
    counts.skipped++;
    continue;
  }
  running = definition.name;
  const error = await outcomeOf(definition);
  if (error === undefined) counts.passed++;
  else if (error instanceof NeedsDeno) counts.skipped++;
  else {
    counts.failed++;
    console.log(`FAILED: ${running}\n`, error, "\n");
  }
}
running = undefined;
const { passed, failed, skipped } = counts;
console.log(`${passed} passed, ${failed} failed, ${skipped} need Deno`);
process.exit(failed > 0 ? 1 : 0);
