/**
 * The loop: it waits, handles what has happened, and waits again.
 *
 * @module
 */

import { drawLabelledBox, drawText } from "../../examples/shared/svg.ts";
import {
  drawArrow,
  drawCurve,
  drawLine,
  type Point,
} from "../../examples/shared/svg_paths.ts";
import { type Drawing, drawNotes, LINE_HEIGHT, MARGIN } from "./drawing.ts";

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
  /** Whose code it calls, below a border. */
  callback?: {
    name: string;
    notes: string[];
    /** Whose code is above the border, and whose is below. */
    above: string;
    below: string;
  };
}

const WIDTH = 760;
const MIDDLE = WIDTH / 2;
const HALF = { width: 250, height: 42 };
/** Between the two halves of the loop. */
const APART = 96;
const SMALL = { width: 200, height: 36 };
/** Between an event and the loop, and between the loop and what it calls. */
const OUTSIDE = 42;
/** How far the loop swings out. */
const SWING = 90;

/** Draws the loop. */
export function drawLoop(picture: LoopPicture): Drawing {
  const { events = [], calls = [], callback } = picture;
  const top = MARGIN + (events.length > 0 ? SMALL.height + OUTSIDE : 0);
  const bottom = top + HALF.height + APART;
  const foot = bottom + HALF.height;
  return {
    width: WIDTH,
    height: callback
      ? foot + 148
      : foot + MARGIN + (calls.length > 0 ? OUTSIDE + SMALL.height : 0),
    elements: [
      ...drawRing(picture, top, bottom),
      ...events.flatMap((name, i) => {
        const from = { x: columnOf(i, events.length), y: MARGIN };
        const to = { x: entryOf(i, events.length), y: top };
        return [
          ...drawSmall(name, from, "plain"),
          ...drawArrow([{ ...from, y: from.y + SMALL.height }, to], "plain"),
        ];
      }),
      ...calls.flatMap((name, i) => {
        const from = { x: entryOf(i, calls.length), y: foot };
        const to = { x: columnOf(i, calls.length), y: foot + OUTSIDE };
        return [
          ...drawArrow([from, to], "ours"),
          ...drawSmall(name, to, "ours"),
        ];
      }),
      ...(callback ? drawCallback(callback, foot) : []),
    ],
  };
}

function drawRing(
  { name, waits, handles, before, after }: LoopPicture,
  top: number,
  bottom: number,
): string[] {
  const left = MIDDLE - HALF.width / 2;
  const right = left + HALF.width;
  const [upper, lower] = [top + HALF.height / 2, bottom + HALF.height / 2];
  const middle = (upper + lower) / 2;
  const swing = (x: number, from: number, to: number, out: number) =>
    drawCurve({
      from: { x, y: from },
      out: { x: x + out, y: from },
      into: { x: x + out, y: to },
      to: { x, y: to },
    }, "library way");
  const beside = (lines: string[]) =>
    middle - (lines.length - 1) * LINE_HEIGHT / 2;
  return [
    ...swing(right, upper, lower, SWING),
    ...swing(left, lower, upper, -SWING),
    ...drawLabelledBox({ x: left, y: top, ...HALF }, {
      content: waits,
      box: "library waits",
      text: "label",
    }),
    ...drawLabelledBox({ x: left, y: bottom, ...HALF }, {
      content: handles,
      box: "library",
      text: "label",
    }),
    drawText(name, { x: MIDDLE, y: middle }, "title middle"),
    ...drawNotes(before, right + SWING, beside(before)),
    ...after.map((note, i) =>
      drawText(note, {
        x: left - SWING,
        y: beside(after) + i * LINE_HEIGHT,
      }, "note end")
    ),
  ];
}

function drawCallback(
  { name, notes, above, below }: NonNullable<LoopPicture["callback"]>,
  foot: number,
): string[] {
  const border = foot + 44;
  const top = foot + 88;
  const [calls, returns] = [MIDDLE - 50, MIDDLE + 50];
  return [
    drawLine(
      [{ x: MARGIN, y: border }, { x: WIDTH - MARGIN, y: border }],
      "plain dashed",
    ),
    drawText(above, { x: MARGIN, y: border - 14 }, "label"),
    drawText(below, { x: MARGIN, y: border + 14 }, "label"),
    ...drawArrow([{ x: calls, y: foot }, { x: calls, y: top }], "ours way"),
    ...drawArrow([{ x: returns, y: top }, { x: returns, y: foot }], "ours way"),
    drawText("calls", { x: calls - 12, y: border - 14 }, "note end"),
    drawText("returns", { x: returns + 12, y: border + 14 }, "note"),
    ...drawLabelledBox(
      { x: MIDDLE - SMALL.width / 2, y: top, ...SMALL },
      { content: name, box: "ours" },
    ),
    ...drawNotes(notes, MIDDLE + SMALL.width / 2 + 16, top + 8),
  ];
}

function drawSmall(name: string, { x, y }: Point, box: string): string[] {
  return drawLabelledBox({ x: x - SMALL.width / 2, y, ...SMALL }, {
    content: name,
    box,
    text: "label",
  });
}

/** The middle of one of some boxes beside each other. */
function columnOf(i: number, count: number): number {
  return MIDDLE + (i - (count - 1) / 2) * (SMALL.width + MARGIN);
}

/** Where its arrow ends at the loop. */
function entryOf(i: number, count: number): number {
  return MIDDLE + (i - (count - 1) / 2) * 70;
}
