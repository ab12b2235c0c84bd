/**
 * Where the loop and what is around it stand, in a drawing of any width.
 *
 * @module
 */

import type { Area } from "../../examples/shared/svg.ts";
import {
  type BoxLine,
  heightFor,
  linesFor,
  MARGIN,
  NARROW_MARGIN,
} from "./drawing.ts";

export const WIDTH = 760;
/** With less room, the notes stand inside of the loop. */
const NARROW = 660;
const HALF = { width: 250, height: 42 };
/** Between the two halves of the loop. */
export const APART = 96;
export const SMALL = { width: 200, height: 36 };
/** Between two rows of events, or of calls. */
const BETWEEN_ROWS = 6;
/** Between an event and the loop, and between the loop and what it calls. */
export const OUTSIDE = 42;
/** How far the loop swings out. */
const SWING = 90;
const NARROW_SWING = 40;

/** Where things stand, in pixels. */
export interface Layout {
  width: number;
  middle: number;
  margin: number;
  isNarrow: boolean;
  swing: number;
  /** Of the halves of the loop. */
  half: { width: number; height: number };
  /** The widths of events and calls. */
  small: number;
  /** How many of them stand beside each other at most. */
  columns: number;
}

/** Boxes beside each other, with their texts. */
export interface Row {
  height: number;
  boxes: { lines: BoxLine[]; index: number }[];
}

/** Where one box stands. */
export interface Place {
  area: Area;
  middle: number;
  /** Where its arrow meets the loop. */
  entry: number;
  row: number;
  /** Among all events, or all calls. */
  index: number;
  lines: BoxLine[];
}

/**
 * Where things stand in some width.
 *
 * @param halves the texts of the two halves of the loop
 */
export function layoutFor(halves: string[], width: number): Layout {
  const isNarrow = width < NARROW;
  const margin = isNarrow ? NARROW_MARGIN : MARGIN;
  const swing = isNarrow ? NARROW_SWING : SWING;
  const room = width - 2 * margin;
  const half = { ...HALF, width: Math.min(HALF.width, room - 2 * swing) };
  half.height = Math.max(
    ...halves.map((text) => {
      const lines = linesFor(text, { width: half.width, kind: "label" });
      return heightFor(lines, HALF.height);
    }),
  );
  const columns = Math.max(
    1,
    Math.floor((room + margin) / (SMALL.width + margin)),
  );
  return {
    width,
    middle: width / 2,
    margin,
    isNarrow,
    swing,
    half,
    small: columns === 1 ? room : SMALL.width,
    columns,
  };
}

/** Puts as many beside each other as there is room for. */
export function rowsOf(texts: string[], { columns, small }: Layout): Row[] {
  const rows: Row[] = [];
  for (let from = 0; from < texts.length; from += columns) {
    const boxes = texts.slice(from, from + columns).map((text, i) => ({
      lines: linesFor(text, { width: small, kind: "label" }),
      index: from + i,
    }));
    const height = Math.max(
      ...boxes.map(({ lines }) => heightFor(lines, SMALL.height)),
    );
    rows.push({ height, boxes });
  }
  return rows;
}

/** How high rows are together. */
export function heightOf(rows: Row[]): number {
  return rows.reduce((sum, { height }) => sum + height, 0) +
    Math.max(0, rows.length - 1) * BETWEEN_ROWS;
}

/** Where each box stands. */
export function placesOf(rows: Row[], top: number, layout: Layout): Place[] {
  let y = top;
  return rows.flatMap(({ height, boxes }, row) => {
    const at = y;
    y += height + BETWEEN_ROWS;
    return boxes.map(({ lines, index }, i) => {
      const middle = columnOf(i, boxes.length, layout);
      const width = layout.small;
      return {
        area: { x: middle - width / 2, y: at, width, height },
        middle,
        entry: entryOf(i, boxes.length, layout),
        row,
        index,
        lines,
      };
    });
  });
}

/** The middle of one of some boxes beside each other. */
function columnOf(
  i: number,
  count: number,
  { middle, small, margin }: Layout,
): number {
  return middle + (i - (count - 1) / 2) * (small + margin);
}

/** Where its arrow ends at the loop. */
function entryOf(i: number, count: number, { middle }: Layout): number {
  return middle + (i - (count - 1) / 2) * 70;
}
