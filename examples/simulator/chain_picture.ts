/**
 * The picture of a chain: its callbacks on a green line, its errbacks on a red one. Where
 * the deferred was fired, the way that the values took is bold, through the functions
 * that ran.
 *
 * @module
 */

import { drawBox, drawSVG, drawText, widthOf } from "../shared/svg.ts";
import { drawLine, drawTip } from "../shared/svg_paths.ts";
import {
  BESIDE_LINE,
  bottomOf,
  BOX_HEIGHT,
  Columns,
  FOOT,
  MARGIN,
  type Names,
  overhang,
  topOf,
} from "./chain_layout.ts";
import { drawAllWays, drawWay } from "./chain_ways.ts";
import { type Run, type Side, sideOf, type Value } from "./step.ts";

/** One drawing of the chain: several of them stand beside each other. */
export interface Panel {
  /** What was called, or two calls, each above its line. */
  title: string | Names;
  /** What happened, if the deferred was fired. */
  run?: Run;
  /** Whether the stage after those is called at this moment. @default {false} */
  isRunning?: boolean;
  /** Whether to draw all ways that a result can take. @default {false} */
  allWays?: boolean;
}

/** A chain, to be drawn. */
export interface ChainPicture {
  /** What the picture shows, for those who cannot see it. */
  title: string;
  /** The functions of its stages, from the first to the last. */
  stages: Names[];
  panels: Panel[];
  /** Whether the stages have numbers beside them. @default {false} */
  numbered?: boolean;
  /** Lines of text below everything. @default {[]} */
  notes?: string[];
  /** What stands beside a way, of a value that takes it. */
  show: (value: Value) => string;
}

// All lengths are in pixels.
const BETWEEN_PANELS = 56;
const NOTE_HEIGHT = 20;
const NUMBER_WIDTH = 72;

/** Draws the chain as SVG. */
export function drawChain(picture: ChainPicture): string {
  const { title, stages, panels, notes = [], numbered = false } = picture;
  const columns = new Columns(stages);
  const beside = numbered
    ? NUMBER_WIDTH
    : overhang(longestFailure(picture), columns.boxWidth);
  const width = 2 * MARGIN + panels.length * columns.width +
    (panels.length - 1) * BETWEEN_PANELS + beside;
  const textWidth = Math.max(0, ...notes.map((note) => widthOf(note, "note")));
  const foot = bottomOf(stages.length - 1) + FOOT;
  const size = {
    width: Math.ceil(Math.max(width, 2 * MARGIN + textWidth)),
    height: foot + (notes.length > 0 ? notes.length * NOTE_HEIGHT + 4 : 0),
    title,
  };
  return drawSVG(size, [
    ...panels.flatMap((panel, i) => {
      const left = MARGIN + i * (columns.width + BETWEEN_PANELS);
      return drawPanel(picture, panel, columns.from(left));
    }),
    ...(numbered ? stages : []).map((_, row) => {
      const y = topOf(row) + BOX_HEIGHT / 2;
      return drawText(
        `stage ${row}`,
        { x: MARGIN + columns.width + 14, y },
        "note",
      );
    }),
    ...notes.map((note, i) =>
      drawText(note, { x: MARGIN, y: foot + i * NOTE_HEIGHT }, "note")
    ),
  ]);
}

/** The longest failure that stands beside a way. */
function longestFailure({ panels, show }: ChainPicture): string {
  const failures = panels.flatMap(({ run }) =>
    run === undefined ? [] : [run.initial, ...run.steps.map((s) => s.result)]
  ).filter(({ failed }) => failed).map(show);
  return failures.reduce((a, b) => b.length > a.length ? b : a, "");
}

function drawPanel(
  { stages, show }: ChainPicture,
  { title, run, isRunning = false, allWays = false }: Panel,
  columns: Columns,
): string[] {
  return [
    ...drawTitle(title, columns),
    ...drawBothLines(stages.length, columns),
    ...stages.flatMap(({ callback, errback }, row) => [
      ...drawFunction(callback, "callback", { row, columns, run, isRunning }),
      ...drawFunction(errback, "errback", { row, columns, run, isRunning }),
    ]),
    ...(allWays ? drawAllWays(stages.length, columns) : []),
    ...(run ? drawWay(run, { columns, show, isRunning }) : []),
  ];
}

function drawTitle(title: string | Names, columns: Columns): string[] {
  if (typeof title === "string") {
    return [drawText(title, { x: columns.middle, y: MARGIN }, "title middle")];
  }
  return (["callback", "errback"] as const).flatMap((side) => {
    const x = columns.lineOf(side);
    return [
      drawText(title[side], { x: columns.leftOf(side), y: MARGIN }, "title"),
      drawTip({ x, y: 0 }, { x, y: topOf(0) }, side),
    ];
  });
}

/** The thin line through all functions of one kind, for both kinds. */
function drawBothLines(rows: number, columns: Columns): string[] {
  const end = bottomOf(rows - 1) + FOOT - MARGIN;
  return (["callback", "errback"] as const).map((side) => {
    const x = columns.lineOf(side);
    return drawLine([{ x, y: MARGIN + 16 }, { x, y: end }], side);
  });
}

function drawFunction(
  name: string,
  side: Side,
  { row, columns, run, isRunning }: {
    row: number;
    columns: Columns;
    run?: Run;
    isRunning: boolean;
  },
): string[] {
  const ran = run?.steps[row]?.side === side;
  const runs = isRunning && run !== undefined && run.steps.length === row &&
    sideOf(run.steps.at(-1)?.result ?? run.initial) === side;
  const area = {
    x: columns.leftOf(side),
    y: topOf(row),
    width: columns.boxWidth,
    height: BOX_HEIGHT,
  };
  const at = {
    x: columns.lineOf(side) + BESIDE_LINE,
    y: area.y + BOX_HEIGHT / 2,
  };
  return [
    drawBox(area, ran ? `${side} ran` : runs ? `${side} now` : side),
    drawText(name, at, ran || runs || run === undefined ? "" : "idle"),
  ];
}
