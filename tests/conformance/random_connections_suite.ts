/**
 * Random programs: a server and a client that write, close, abort, pause, throw
 * and have producers do so, in any order. They are held to what the interfaces
 * promise, whatever they do.
 *
 * Each run has the same programs, so that a failure is one of the change that is
 * tested. It prints its program, cut down to what it takes, and the seed, which runs
 * it again. Other programs, and more of them, are run on demand:
 *
 *     SEED=4711 PROGRAMS=1 deno test -A tests/conformance/memory_test.ts --filter "random programs over TCP"
 *     SEED=$RANDOM PROGRAMS=2000 deno test -A tests/conformance/memory_test.ts --filter "random programs"
 *
 * @module
 */

import process from "node:process";
import type { Backend } from "../../mod.ts";
import type { Exceptions } from "./conformance.ts";
import { writeProgram } from "./random_author.ts";
import {
  type Carrier,
  describeProgram,
  type Program,
} from "./random_program.ts";
import { runProgram, type Stage } from "./random_run.ts";
import { shrink } from "./random_shrink.ts";
import type { World } from "./random_world.ts";

/** How many programs of each kind are run. Those over TLS take longer to end. */
const PROGRAMS: Record<Carrier, number> = {
  "TCP": 65,
  "UNIX": 55,
  "TLS": 20,
  "TLS over UNIX": 10,
};

/** The seed of the first program, unless it is said. */
const USUAL_SEED = 1;

/** How long what is due may take, in seconds; and how long where it is known not to come. */
const PATIENCE = 6;
const SHORT_PATIENCE = 2.5;

/** How long a program that fails is cut down, in seconds. */
const SHRINKING = 40;

/** How often a smaller program may go well, and is still run again. */
const TRIES = 2;

export function randomConnectionsSuite(
  name: string,
  makeBackend: () => Backend,
  exceptions: Exceptions,
): void {
  if (exceptions.isEmulated !== undefined) return;
  for (const [carrier, count] of Object.entries(PROGRAMS)) {
    Deno.test(`${name}: random programs over ${carrier} go as promised`, () =>
      runPrograms(carrier as Carrier, count, (patience) => {
        const isTLS = carrier.startsWith("TLS");
        const isReal = exceptions.noFiles === undefined;
        return {
          backend: makeBackend(),
          isReal,
          canReset: isTLS ||
            exceptions.noReset === undefined && !(isReal && carrier === "UNIX"),
          patience,
        };
      }));
  }
}

type MakeStage = (patience: number) => Stage;

async function runPrograms(
  carrier: Carrier,
  usual: number,
  makeStage: MakeStage,
): Promise<void> {
  const { SEED, PROGRAMS } = process.env;
  const first = Number(SEED ?? USUAL_SEED);
  const count = Number(PROGRAMS ?? usual);
  for (let seed = first; seed < first + count; seed++) {
    const program = writeProgram(seed, carrier);
    const { faults } = await runProgram(program, makeStage(PATIENCE));
    if (faults.length === 0) continue;
    throw new Error(await report(program, faults, seed, makeStage));
  }
}

/** Cuts a program that has failed down, and says all about it. */
async function report(
  program: Program,
  faults: string[],
  seed: number,
  makeStage: MakeStage,
): Promise<string> {
  let last: World | undefined;
  const fails = async (smaller: Program) => {
    for (let time = 0; time < TRIES; time++) {
      const world = await runProgram(smaller, makeStage(SHORT_PATIENCE));
      if (!world.faults.some((fault) => isLike(fault, faults))) continue;
      last = world;
      return true;
    }
    return false;
  };
  const smallest = await shrink(program, fails, SHRINKING);
  return [
    `The program of seed ${seed} went wrong: ${faults.join("; ")}`,
    `Cut down it is, ${describeProgram(smallest)}`,
    ...(last === undefined ? ["It went wrong only once."] : [
      `What happens is`,
      last.history(),
    ]),
    `Again: SEED=${seed} PROGRAMS=1`,
  ].join("\n");
}

/** Whether a fault is of the same kind as one of others: numbers apart. */
function isLike(fault: string, others: string[]): boolean {
  const kind = (text: string) => text.replace(/\d+/g, "0");
  return others.some((other) => kind(other) === kind(fault));
}
