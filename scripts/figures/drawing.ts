/**
 * What a kind of figure is drawn as, before it becomes a file.
 *
 * @module
 */

import {
  type Area,
  drawBox,
  drawText,
  widthOf,
} from "../../examples/shared/svg.ts";

/** The elements of a picture, and how much room they need, in pixels. */
export interface Drawing {
  width: number;
  height: number;
  elements: string[];
}

/** From the edge of a picture to what it shows. */
export const MARGIN = 24;

/** The same where there is little room. */
export const NARROW_MARGIN = 8;

/** From one line of text to the next. */
export const LINE_HEIGHT = 20;

/** The same inside of a box. */
const BOX_LINE_HEIGHT = 16;

/** A line of text inside of a box, and its classes. */
export interface BoxLine {
  content: string;
  kind: string;
}

/** Lines of text below each other, the first at this height. */
export function drawNotes(notes: string[], x: number, y: number): string[] {
  return notes.map((note, i) =>
    drawText(note, { x, y: y + i * LINE_HEIGHT }, "note")
  );
}

/** A text as lines that are no wider than a box allows. */
export function linesFor(
  content: string,
  { width, kind }: { width: number; kind: string },
): BoxLine[] {
  const lines: string[] = [];
  let line = "";
  for (const piece of piecesOf(content, width - 8, kind)) {
    if (line !== "" && widthOf((line + piece).trim(), kind) > width - 8) {
      lines.push(line.trim());
      line = "";
    }
    line += piece;
  }
  return [...lines, line.trim()].map((content) => ({ content, kind }));
}

/** What is not broken: words, the parts of a path and of a name; else what fits. */
function piecesOf(content: string, width: number, kind: string): string[] {
  const most = Math.max(1, Math.floor(width / widthOf("x", kind)));
  const pieces = content.match(/(?:[^ /.]|\.(?![a-z]))+[ /.]?|[ /.]/gi) ?? [];
  return pieces.flatMap((piece) => {
    const characters = [...piece];
    return Array.from(
      { length: Math.ceil(characters.length / most) },
      (_, i) => characters.slice(i * most, (i + 1) * most).join(""),
    );
  });
}

/** How high a box is for its lines, if it is that high for one. */
export function heightFor(lines: readonly BoxLine[], height: number): number {
  return height + Math.max(0, lines.length - 1) * BOX_LINE_HEIGHT;
}

/** A box with lines of text in its middle. */
export function drawBoxOfLines(
  area: Area,
  box: string,
  lines: readonly BoxLine[],
): string[] {
  const x = area.x + area.width / 2;
  const top = area.y + area.height / 2 -
    (lines.length - 1) * BOX_LINE_HEIGHT / 2;
  return [
    drawBox(area, box),
    ...lines.map(({ content, kind }, i) =>
      drawText(
        content,
        { x, y: top + i * BOX_LINE_HEIGHT },
        `${kind} middle`.trimStart(),
      )
    ),
  ];
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
