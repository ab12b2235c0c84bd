/**
 * The memory of many connections that are open and idle.
 *
 * What is compared is the resident memory of the whole process, the runtime's
 * included, as the system counts it, a moment after the last connection came.
 *
 * @module
 */

import { denoProgram, Program } from "./program.ts";
import type { Contender, Scenario } from "./scenario.ts";

const NET = "--allow-net=127.0.0.1";

/** A program that holds connections, run anew each time: memory stays taken. */
function holder(label: string, file: string): Contender {
  return { label, run: () => measure(file) };
}

async function measure(file: string): Promise<number> {
  const holding = new Program(denoProgram(file, NET));
  const connecting = new Program(
    denoProgram("programs/connect_deno.ts", NET),
    () => [holding.greeting],
  );
  try {
    await holding.start();
    await connecting.start();
    return await holding.ask();
  } finally {
    await connecting.end();
    await holding.end();
  }
}

/** The scenarios about memory. */
export const memoryScenarios: Scenario[] = [
  {
    name: "10,000 idle connections held",
    against: "Deno.Conns, each reading 4 KiB",
    unit: "MiB",
    ours: holder("listenTCP", "programs/hold_deferno.ts"),
    peer: holder("Deno.listen", "programs/hold_deno.ts"),
    atMost: 1.3,
  },
];
