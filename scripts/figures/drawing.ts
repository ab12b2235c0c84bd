/**
 * What a kind of figure is drawn as, before it becomes a file.
 *
 * @module
 */

import { drawText } from "../../examples/shared/svg.ts";

/** The elements of a picture, and how much room they need, in pixels. */
export interface Drawing {
  width: number;
  height: number;
  elements: string[];
}

/** From the edge of a picture to what it shows. */
export const MARGIN = 24;

/** From one line of text to the next. */
export const LINE_HEIGHT = 20;

/** Lines of text below each other, the first at this height. */
export function drawNotes(notes: string[], x: number, y: number): string[] {
  return notes.map((note, i) =>
    drawText(note, { x, y: y + i * LINE_HEIGHT }, "note")
  );
}

/** One drawing below another. */
export function below(upper: Drawing, lower: Drawing): Drawing {
  return {
    width: Math.max(upper.width, lower.width),
    height: upper.height + lower.height,
    elements: [
      ...upper.elements,
      `<g transform="translate(0 ${upper.height})">`,
      ...lower.elements.map((element) => `  ${element}`),
      "</g>",
    ],
  };
}
