/**
 * A stack with what its functions know, and which way an error takes through it.
 *
 * @module
 */

import { drawLabelledBox, drawText } from "../../examples/shared/svg.ts";
import { drawArrow } from "../../examples/shared/svg_paths.ts";
import { type Drawing, drawNotes, LINE_HEIGHT, MARGIN } from "./drawing.ts";

/** A stack, the first caller on top. */
export interface ContextPicture {
  frames: {
    name: string;
    whose: "library" | "ours";
    /** What it knows, and what it would do with an error. */
    notes: [string, string];
  }[];
  /** Beside the two arrows. */
  down: string;
  up: string;
  /** What the first one and the last one on the stack are. */
  first: [string, string];
  last: [string, string];
  /** Which frame the error gets to. */
  stops: number;
  /** Lines of text below. */
  notes: string[];
}

const WIDTH = 800;
const BOX = { x: 222, width: 220, height: 36 };
const ROW = 62;
const HEAD = 40;

/** Draws the stack. */
export function drawContext(picture: ContextPicture): Drawing {
  const { frames, down, up, first, last, stops, notes } = picture;
  const topOf = (row: number) => MARGIN + HEAD + row * ROW;
  const middleOf = (row: number) => topOf(row) + BOX.height / 2;
  const end = frames.length - 1;
  const call = BOX.x - 34;
  const back = BOX.x + BOX.width + 34;
  const foot = topOf(end) + BOX.height + 40;
  return {
    width: WIDTH,
    height: foot + notes.length * LINE_HEIGHT + 4,
    elements: [
      drawText(down, { x: call, y: MARGIN }, "label middle"),
      ...drawArrow(
        [{ x: call, y: MARGIN + 18 }, { x: call, y: topOf(end) + BOX.height }],
        "ours way",
      ),
      drawText(up, { x: back, y: MARGIN }, "label thrown middle"),
      ...drawArrow([
        { x: BOX.x + BOX.width, y: middleOf(end) },
        { x: back, y: middleOf(end) },
        { x: back, y: middleOf(stops) },
        { x: BOX.x + BOX.width, y: middleOf(stops) },
      ], "errback way"),
      ...frames.flatMap(({ name, whose, notes }, row) => [
        ...drawLabelledBox({ ...BOX, y: topOf(row) }, {
          content: name,
          box: whose,
        }),
        ...drawNotes([...notes], back + 22, middleOf(row) - LINE_HEIGHT / 2),
      ]),
      ...drawNotes(first, MARGIN, middleOf(0) - LINE_HEIGHT / 2),
      ...drawNotes(last, MARGIN, middleOf(end) - LINE_HEIGHT / 2),
      ...drawNotes(notes, MARGIN, foot),
    ],
  };
}
