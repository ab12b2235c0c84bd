/**
 * Objects with their fields and methods, who calls whom, and who refers to whom.
 *
 * @module
 */

import {
  drawBox,
  drawLabelledBox,
  drawText,
} from "../../examples/shared/svg.ts";
import { drawArrow, type Point } from "../../examples/shared/svg_paths.ts";
import { type Drawing, drawNotes, LINE_HEIGHT, MARGIN } from "./drawing.ts";

/** One object. */
export interface ObjectBox {
  name: string;
  whose: "library" | "ours";
  /** Its fields and methods. */
  members: string[];
  /** Its top left corner, and how wide it is, in pixels. */
  at: Point;
  width: number;
}

/** One arrow between two objects. */
export interface ObjectArrow {
  /** Its number, which the notes explain. */
  number: number;
  /** Whether it is a reference and no call. @default {false} */
  refers?: boolean;
  /** Where it goes along, in pixels, from its beginning to its tip. */
  through: Point[];
}

/** Objects and arrows. */
export interface ObjectsPicture {
  objects: ObjectBox[];
  arrows: ObjectArrow[];
  /** What the numbers mean, from 1 on. */
  steps: string[];
}

const WIDTH = 760;
const TITLE_HEIGHT = 34;
/** From the top of an object to the middle of its name. */
export const HALF_NAME = TITLE_HEIGHT / 2;
const MEMBER_HEIGHT = 26;

/** The middle of a member, counted from 0, at one side of its object. */
export function besideMember(
  { at, width }: ObjectBox,
  row: number,
  side: "left" | "right",
): Point {
  return {
    x: side === "left" ? at.x : at.x + width,
    y: at.y + TITLE_HEIGHT + (row + 0.5) * MEMBER_HEIGHT,
  };
}

/** The middle of an object's name, at one side of it. */
export function besideName(
  { at, width }: ObjectBox,
  side: "left" | "right",
): Point {
  return {
    x: side === "left" ? at.x : at.x + width,
    y: at.y + HALF_NAME,
  };
}

/** Draws the objects. */
export function drawObjects(
  { objects, arrows, steps }: ObjectsPicture,
): Drawing {
  const bottom = Math.max(
    ...objects.map(({ at, members }) =>
      at.y + TITLE_HEIGHT + members.length * MEMBER_HEIGHT
    ),
  );
  const first = bottom + 44;
  return {
    width: WIDTH,
    height: first + steps.length * LINE_HEIGHT + 4,
    elements: [
      ...objects.flatMap(drawObject),
      ...arrows.flatMap(drawNumbered),
      ...drawNotes(steps.map((step, i) => `${i + 1}  ${step}`), MARGIN, first),
    ],
  };
}

function drawObject({ name, whose, members, at, width }: ObjectBox): string[] {
  const height = TITLE_HEIGHT + members.length * MEMBER_HEIGHT;
  return [
    drawBox({ ...at, width, height }, "plain"),
    ...drawLabelledBox({ ...at, width, height: TITLE_HEIGHT }, {
      content: name,
      box: whose,
    }),
    ...members.map((member, row) =>
      drawText(member, {
        x: at.x + 12,
        y: at.y + TITLE_HEIGHT + (row + 0.5) * MEMBER_HEIGHT,
      })
    ),
  ];
}

function drawNumbered({ number, refers = false, through }: ObjectArrow) {
  const { x, y } = middleOf(through);
  const kind = refers ? "callback dashed" : "ours";
  return [
    ...drawArrow(through, kind),
    `<circle class="number ${
      refers ? "callback" : "ours"
    }" cx="${x}" cy="${y}" r="10" />`,
    drawText(`${number}`, { x, y }, "label middle"),
  ];
}

/** The middle of the longest piece of a line. */
function middleOf(points: Point[]): Point {
  let best = { x: 0, y: 0 };
  let longest = -1;
  for (const [i, to] of points.entries()) {
    const from = points[i - 1];
    if (from === undefined) continue;
    const length = Math.hypot(to.x - from.x, to.y - from.y);
    if (length <= longest) continue;
    longest = length;
    best = { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 };
  }
  return best;
}
