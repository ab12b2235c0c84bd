/**
 * Who runs when: a lane for each thread, or for each whose code it is, and time to the
 * right.
 *
 * @module
 */

import { drawBox, drawText, widthOf } from "../../examples/shared/svg.ts";
import { drawArrow } from "../../examples/shared/svg_paths.ts";
import { type Drawing, drawNotes, LINE_HEIGHT, MARGIN } from "./drawing.ts";

/** Some time of a lane. */
export interface Piece {
  /** Who runs, or waits; nobody where it is missing. */
  who?: "task-1" | "task-2" | "task-3" | "library" | "ours";
  /** How long, in units of time. */
  length: number;
  /** What stands in it, where there is room. */
  name?: string;
  /** Whether nothing is done but to wait. @default {false} */
  waits?: boolean;
}

/** Lanes below each other. */
export interface LanesPicture {
  lanes: { name: string; pieces: Piece[] }[];
  /** How wide a unit of time is, in pixels. */
  unit: number;
  /** Lines of text below. */
  notes: string[];
}

const NAMES_WIDTH = 150;
const LANE_HEIGHT = 34;
const BETWEEN_LANES = 12;
const WIDTH = 760;

/** Draws the lanes, with an arrow of time below them. */
export function drawLanes({ lanes, unit, notes }: LanesPicture): Drawing {
  const elements: string[] = [];
  let end = 0;
  for (const [row, { name, pieces }] of lanes.entries()) {
    const y = MARGIN + row * (LANE_HEIGHT + BETWEEN_LANES);
    const middle = y + LANE_HEIGHT / 2;
    elements.push(
      drawText(name, { x: NAMES_WIDTH - 14, y: middle }, "label end"),
    );
    let x = NAMES_WIDTH;
    for (const piece of pieces) {
      elements.push(...drawPiece(piece, { x, y, unit }));
      x += piece.length * unit;
    }
    end = Math.max(end, x);
  }
  const time = MARGIN + lanes.length * (LANE_HEIGHT + BETWEEN_LANES) + 6;
  const first = time + 34;
  return {
    width: WIDTH,
    height: first + notes.length * LINE_HEIGHT + 4,
    elements: [
      ...elements,
      ...drawArrow([{ x: NAMES_WIDTH, y: time }, { x: end, y: time }], "plain"),
      drawText("time", { x: end + 10, y: time }, "note"),
      ...drawNotes(notes, NAMES_WIDTH, first),
    ],
  };
}

function drawPiece(
  { who, length, name = "", waits = false }: Piece,
  { x, y, unit }: { x: number; y: number; unit: number },
): string[] {
  if (who === undefined) return [];
  const width = length * unit;
  const area = { x: x + 1, y, width: width - 2, height: LANE_HEIGHT };
  const box = drawBox(area, waits ? `${who} waits` : who);
  if (widthOf(name, "label") > width - 4) return [box];
  const middle = { x: x + width / 2, y: y + LANE_HEIGHT / 2 };
  return [box, drawText(name, middle, `${waits ? "note" : "label"} middle`)];
}
