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

/**
 * A program that holds connections, and one that connects, both run anew each time:
 * memory stays taken.
 */
export function holder(
  label: string,
  holding: string[],
  connecting: string[],
): Contender {
  return { label, run: () => measure(holding, connecting) };
}

async function measure(
  holding: string[],
  connecting: string[],
): Promise<number> {
  const holder = new Program(holding);
  const others = new Program(connecting, () => [holder.greeting]);
  try {
    await holder.start();
    await others.start();
    return await holder.ask();
  } finally {
    await others.end();
    await holder.end();
  }
}

function denoHolder(label: string, file: string): Contender {
  return holder(
    label,
    denoProgram(file, NET),
    denoProgram("programs/connect_deno.ts", NET),
  );
}

/** The scenarios about memory. */
export const memoryScenarios: Scenario[] = [
  {
    name: "10,000 idle connections held",
    against: "Deno.Conns, each reading 4 KiB",
    unit: "MiB",
    ours: denoHolder("listenTCP", "programs/hold_deferno.ts"),
    peer: denoHolder("Deno.listen", "programs/hold_deno.ts"),
    atMost: 1.3,
  },
];
