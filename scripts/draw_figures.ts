/**
 * Draws the figures of the pages into docs/figures/: `deno task figures`.
 *
 * @module
 */

import { drawFigure } from "./figures/figure.ts";
import { FIGURES } from "./figures/figures.ts";

const FOLDER = new URL("../docs/figures/", import.meta.url);

async function main(): Promise<void> {
  await Deno.mkdir(FOLDER, { recursive: true });
  for (const figure of FIGURES) {
    const file = new URL(`${figure.name}.svg`, FOLDER);
    await Deno.writeTextFile(file, drawFigure(figure));
  }
  console.log(`${FIGURES.length} figures are in docs/figures/.`);
}

if (import.meta.main) await main();
