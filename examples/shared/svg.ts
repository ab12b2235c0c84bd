/**
 * Pictures as SVG, made of boxes, of texts, and of what svg_paths.ts draws. A picture
 * that is embedded as an image follows the reader's colour scheme by itself.
 *
 * @module
 */

import { drawStyle } from "./svg_style.ts";
import { type Point, round } from "./svg_paths.ts";

/** A place for something, in pixels. */
export interface Area extends Point {
  width: number;
  height: number;
}

/** What the kinds of text need, so that none is wider than what it stands in. */
const CHARACTER_WIDTH = { monospace: 7.83, sansSerif: 7.2 };

/** From the middle of a line of text to its baseline. */
const BASELINE = 4;

/**
 * Puts a picture together.
 *
 * @param title what it shows, for those who cannot see it
 */
export function drawSVG(
  { width, height, title }: { width: number; height: number; title: string },
  elements: string[],
): string {
  return [
    `<svg`,
    `  xmlns="http://www.w3.org/2000/svg"`,
    `  width="${width}"`,
    `  height="${height}"`,
    `  viewBox="0 0 ${width} ${height}"`,
    `>`,
    `  <title>${escape(title)}</title>`,
    ...drawStyle(elements.join("\n")),
    `  <rect width="${width}" height="${height}" rx="8" />`,
    ...elements.map((element) => `  ${element}`),
    "</svg>",
    "",
  ].join("\n");
}

/**
 * A line of text at the middle of its height.
 *
 * @param kind its classes, such as `note middle`
 */
export function drawText(content: string, { x, y }: Point, kind = ""): string {
  const classes = kind === "" ? "" : ` class="${kind}"`;
  const at = `x="${round(x)}" y="${round(y + BASELINE)}"`;
  return `<text${classes} ${at}>${escape(content)}</text>`;
}

/** A text that interrupts the lines below it. */
export function drawOnLine(content: string, at: Point, kind = ""): string[] {
  const width = widthOf(content, kind) + 8;
  const before = /\bmiddle\b/.test(kind)
    ? width / 2
    : /\bend\b/.test(kind)
    ? width - 4
    : 4;
  const area = { x: at.x - before, y: at.y - 10, width, height: 20 };
  return [drawBox(area, "paper"), drawText(content, at, kind)];
}

/** How wide a text is at most, in pixels. */
export function widthOf(content: string, kind = ""): number {
  const isSansSerif = /\b(note|label)\b/.test(kind);
  return content.length *
    (isSansSerif ? CHARACTER_WIDTH.sansSerif : CHARACTER_WIDTH.monospace);
}

/** An empty box. */
export function drawBox({ x, y, width, height }: Area, kind: string): string {
  const at = `x="${round(x)}" y="${round(y)}"`;
  const size = `width="${round(width)}" height="${round(height)}" rx="5"`;
  return `<rect class="${kind}" ${at} ${size} />`;
}

/**
 * A box with one line of text in its middle.
 *
 * @throws {RangeError} if the text is wider than the box
 */
export function drawLabelledBox(
  area: Area,
  { content, box, text = "" }: { content: string; box: string; text?: string },
): string[] {
  if (widthOf(content, text) > area.width - 8) {
    throw new RangeError(
      `A box of ${area.width} pixels is too narrow for "${content}"`,
    );
  }
  const middle = {
    x: area.x + area.width / 2,
    y: area.y + area.height / 2,
  };
  return [
    drawBox(area, box),
    drawText(content, middle, `${text} middle`.trimStart()),
  ];
}

/** What stands for itself in XML, and nothing that may not stand in it at all. */
function escape(content: string): string {
  return content
    // deno-lint-ignore no-control-regex -- these are what XML does not allow
    .replace(/[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, "\ufffd")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;");
}
