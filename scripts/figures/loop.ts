/**
 * The loop: it waits, handles what has happened, and waits again.
 *
 * @module
 */

import { drawText } from "../../examples/shared/svg.ts";
import {
  drawArrow,
  drawCurve,
  drawLine,
} from "../../examples/shared/svg_paths.ts";
import {
  drawBoxOfLines,
  type Drawing,
  drawNotes,
  LINE_HEIGHT,
  linesFor,
} from "./drawing.ts";
import {
  APART,
  heightOf,
  type Layout,
  layoutFor,
  OUTSIDE,
  placesOf,
  rowsOf,
  SMALL,
  WIDTH,
} from "./loop_layout.ts";

/** The two halves of the loop, and what is around it. */
export interface LoopPicture {
  /** What stands in the middle. */
  name: string;
  waits: string;
  handles: string;
  /** On the way from waiting to handling. */
  before: string[];
  /** On the way back. */
  after: string[];
  /** What it waits for, if that is shown. */
  events?: string[];
  /** What it does for each of them. */
  calls?: string[];
  /** Which half it is in at this moment, if it moves. */
  now?: "waits" | "handles";
  /** Which of the calls is being made at this moment. */
  current?: number;
  /** Whose code it calls, below a border. */
  callback?: {
    name: string;
    notes: string[];
    /** Whose code is above the border, and whose is below. */
    above: string;
    below: string;
  };
}

/**
 * Draws the loop.
 *
 * @param width in pixels
 */
export function drawLoop(picture: LoopPicture, width = WIDTH): Drawing {
  const { events = [], calls = [], callback, current } = picture;
  const layout = layoutFor(
    [picture.waits, picture.handles],
    Math.min(width, WIDTH),
  );
  const { margin } = layout;
  // What is too much for a row stands farther from the loop.
  const waiting = rowsOf(events.toReversed(), layout).toReversed()
    .map(({ height, boxes }) => ({ height, boxes: boxes.toReversed() }));
  const top = margin +
    (events.length > 0 ? heightOf(waiting) + OUTSIDE : 0);
  const bottom = top + layout.half.height + APART;
  const foot = bottom + layout.half.height;
  const called = rowsOf(calls, layout);
  return {
    width: layout.width,
    height: callback
      ? foot + 148
      : foot + margin + (calls.length > 0 ? OUTSIDE + heightOf(called) : 0),
    elements: [
      ...drawRing(picture, layout, top, bottom),
      ...placesOf(waiting, margin, layout).flatMap(
        ({ area, middle, entry, row, lines }) => [
          ...drawBoxOfLines(area, "plain", lines),
          ...(row === waiting.length - 1
            ? drawArrow([
              { x: middle, y: area.y + area.height },
              { x: entry, y: top },
            ], "plain")
            : []),
        ],
      ),
      ...placesOf(called, foot + OUTSIDE, layout).flatMap(
        ({ area, middle, entry, row, index, lines }) => [
          ...(row === 0
            ? drawArrow(
              [{ x: entry, y: foot }, { x: middle, y: area.y }],
              "ours",
            )
            : []),
          ...drawBoxOfLines(
            area,
            index === current ? "ours now" : "ours",
            lines,
          ),
        ],
      ),
      ...(callback ? drawCallback(callback, foot, layout) : []),
    ],
  };
}

function drawRing(
  picture: LoopPicture,
  layout: Layout,
  top: number,
  bottom: number,
): string[] {
  const { waits, handles, now } = picture;
  const { middle, half, swing: out } = layout;
  const left = middle - half.width / 2;
  const [upper, lower] = [top + half.height / 2, bottom + half.height / 2];
  const swing = (x: number, from: number, to: number, out: number) =>
    drawCurve({
      from: { x, y: from },
      out: { x: x + out, y: from },
      into: { x: x + out, y: to },
      to: { x, y: to },
    }, "library way");
  const drawHalf = (y: number, text: string, box: string, isNow: boolean) =>
    drawBoxOfLines(
      { x: left, y, ...half },
      isNow ? `${box} now` : box,
      linesFor(text, { width: half.width, kind: "label" }),
    );
  return [
    ...swing(left + half.width, upper, lower, out),
    ...swing(left, lower, upper, -out),
    ...drawHalf(top, waits, "library waits", now === "waits"),
    ...drawHalf(bottom, handles, "library", now === "handles"),
    ...drawNames(picture, layout, (upper + lower) / 2),
  ];
}

/** What stands in the loop, and beside its ways. */
function drawNames(
  { name, before, after }: LoopPicture,
  { middle, half, swing, isNarrow }: Layout,
  y: number,
): string[] {
  const [left, right] = [middle - half.width / 2, middle + half.width / 2];
  if (isNarrow) {
    const top = y - 6;
    return [
      drawText(name, { x: middle, y: y - 32 }, "title middle"),
      ...drawEnding(before, right, top),
      ...drawNotes(after, left, top),
    ];
  }
  const beside = (lines: string[]) => y - (lines.length - 1) * LINE_HEIGHT / 2;
  return [
    drawText(name, { x: middle, y }, "title middle"),
    ...drawNotes(before, right + swing, beside(before)),
    ...drawEnding(after, left - swing, beside(after)),
  ];
}

/** Notes that end at a place. */
function drawEnding(notes: string[], x: number, y: number): string[] {
  return notes.map((note, i) =>
    drawText(note, { x, y: y + i * LINE_HEIGHT }, "note end")
  );
}

function drawCallback(
  { name, notes, above, below }: NonNullable<LoopPicture["callback"]>,
  foot: number,
  { middle, margin, width }: Layout,
): string[] {
  const border = foot + 44;
  const top = foot + 88;
  const [calls, returns] = [middle - 50, middle + 50];
  return [
    drawLine(
      [{ x: margin, y: border }, { x: width - margin, y: border }],
      "plain dashed",
    ),
    drawText(above, { x: margin, y: border - 14 }, "label"),
    drawText(below, { x: margin, y: border + 14 }, "label"),
    ...drawArrow([{ x: calls, y: foot }, { x: calls, y: top }], "ours way"),
    ...drawArrow([{ x: returns, y: top }, { x: returns, y: foot }], "ours way"),
    drawText("calls", { x: calls - 12, y: border - 14 }, "note end"),
    drawText("returns", { x: returns + 12, y: border + 14 }, "note"),
    ...drawBoxOfLines(
      { x: middle - SMALL.width / 2, y: top, ...SMALL },
      "ours",
      linesFor(name, { width: SMALL.width, kind: "" }),
    ),
    ...drawNotes(notes, middle + SMALL.width / 2 + 16, top + 8),
  ];
}
