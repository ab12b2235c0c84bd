/**
 * The golden drawings of the simulator, for its page.
 *
 * @module
 */

import { projectPath } from "../support/programs.ts";

/** Their names. */
export const GOLDEN = [
  "client-5",
  "criss-cross",
  "criss-cross-narrow",
  "one-pair",
  "one-pair-narrow",
];

/** The address of the page with the pairs of a drawing. */
export async function goldenAddress(name: string): Promise<string> {
  const lines = (await golden(`${name}.in`)).split("\n")
    .filter((line) => line.trim() !== "");
  return `#${new URLSearchParams(lines.map((line) => ["pair", line]))}`;
}

/** A drawing, without what nobody sees at the ends of its lines. */
export async function goldenDrawing(name: string): Promise<string> {
  return trimEnds(await golden(`${name}.out`));
}

/** A text without spaces at the ends of its lines. */
export function trimEnds(text: string): string {
  return text.replace(/ +$/gm, "");
}

function golden(file: string): Promise<string> {
  return Deno.readTextFile(projectPath(`tests/examples/golden/${file}`));
}
