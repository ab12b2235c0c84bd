/**
 * The picture of a chain: its callbacks on a green line, its errbacks on a red one. Where
 * the deferred was fired, the way that the values took is bold, through the functions
 * that ran.
 *
 * @module
 */

import {
  drawBox,
  drawCurve,
  drawLine,
  drawOnLine,
  drawSVG,
  drawText,
  drawTip,
  type Point,
  widthOf,
} from "../shared/svg.ts";
import { type Run, type Side, sideOf, type Value } from "./step.ts";

/** What stands in the two boxes of a stage. */
export interface Names {
  callback: string;
  errback: string;
}

/** One drawing of the chain: several of them stand beside each other. */
export interface Panel {
  /** What was called, or two calls, each above its line. */
  title: string | Names;
  /** What happened, if the deferred was fired. */
  run?: Run;
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
const NARROWEST_BOX = 132;
const BOX_HEIGHT = 40;
/** From the left edge of a box to its line, which leaves room for the text beside it. */
const LINE = 18;
/** From the line to the text. */
const BESIDE_LINE = 14;
/** From one box to the one beside it. */
const BESIDE = 28;
/** From one box to the one below it: room for a value. */
const BELOW = 56;
const MARGIN = 24;
/** From the top of a panel to its first box: room for its title and a value. */
const HEAD = 84;
/** From the last box to the bottom: room for a value. */
const FOOT = 64;
const BETWEEN_PANELS = 56;
const NOTE_HEIGHT = 20;
const NUMBER_WIDTH = 72;
/** From a line to where a way leaves it or joins it, among all ways. */
const ASIDE = 12;

/** Draws the chain as SVG. */
export function drawChain(picture: ChainPicture): string {
  const { title, stages, panels, notes = [], numbered = false } = picture;
  const columns = new Columns(stages);
  const beside = numbered ? NUMBER_WIDTH : overhang(picture, columns.boxWidth);
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

/** How far the longest failure reaches beyond the boxes. */
function overhang({ panels, show }: ChainPicture, boxWidth: number): number {
  const failures = panels.flatMap(({ run }) =>
    run === undefined ? [] : [run.initial, ...run.steps.map((s) => s.result)]
  ).filter(({ failed }) => failed);
  const longest = Math.max(0, ...failures.map((value) => widthOf(show(value))));
  return Math.max(0, LINE + BESIDE_LINE + longest - boxWidth);
}

/** Where the two columns of a panel stand. */
class Columns {
  readonly boxWidth: number;
  readonly #left: number;

  constructor(stages: Names[], left = 0, boxWidth = boxWidthFor(stages)) {
    this.boxWidth = boxWidth;
    this.#left = left;
  }

  get width(): number {
    return 2 * this.boxWidth + BESIDE;
  }

  from(left: number): Columns {
    return new Columns([], left, this.boxWidth);
  }

  leftOf(side: Side): number {
    return side === "callback"
      ? this.#left
      : this.#left + this.boxWidth + BESIDE;
  }

  lineOf(side: Side): number {
    return this.leftOf(side) + LINE;
  }

  middleOf(side: Side): number {
    return this.leftOf(side) + this.boxWidth / 2;
  }

  get middle(): number {
    return this.#left + this.width / 2;
  }
}

function boxWidthFor(stages: Names[]): number {
  const names = stages.flatMap(({ callback, errback }) => [callback, errback]);
  const longest = Math.max(0, ...names.map((name) => widthOf(name)));
  return Math.ceil(Math.max(NARROWEST_BOX, LINE + BESIDE_LINE + longest + 12));
}

function drawPanel(
  { stages, show }: ChainPicture,
  { title, run, allWays = false }: Panel,
  columns: Columns,
): string[] {
  return [
    ...drawTitle(title, columns),
    ...drawBothLines(stages.length, columns),
    ...stages.flatMap(({ callback, errback }, row) => [
      ...drawFunction(callback, "callback", { row, columns, run }),
      ...drawFunction(errback, "errback", { row, columns, run }),
    ]),
    ...(allWays ? drawAllWays(stages.length, columns) : []),
    ...(run ? drawWay(run, columns, show) : []),
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
  { row, columns, run }: { row: number; columns: Columns; run?: Run },
): string[] {
  const ran = run?.steps[row]?.side === side;
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
    drawBox(area, ran ? `${side} ran` : side),
    drawText(name, at, ran || run === undefined ? "" : "idle"),
  ];
}

/** From each function to the two that may come next. */
function drawAllWays(rows: number, columns: Columns): string[] {
  const ways: string[] = [];
  for (let row = 0; row < rows - 1; row++) {
    const [y, end] = [bottomOf(row), topOf(row + 1)];
    const [left, right] = [
      columns.lineOf("callback"),
      columns.lineOf("errback"),
    ];
    for (const x of [left, right]) {
      const side = x === left ? "callback" : "errback";
      ways.push(drawTip({ x, y }, { x, y: end }, side));
    }
    ways.push(
      ...curve({ x: left + ASIDE, y }, { x: right - ASIDE, y: end }, "errback"),
      ...curve(
        { x: right - ASIDE, y },
        { x: left + ASIDE, y: end },
        "callback",
      ),
    );
  }
  return ways;
}

/** The way of the values, with each of them beside it. */
function drawWay(
  run: Run,
  columns: Columns,
  show: (value: Value) => string,
): string[] {
  const lines: string[] = [];
  const labels: string[] = [];
  let from = { side: run.side, y: HEAD - 44 };
  let value = run.initial;

  function go(side: Side, y: number) {
    const start = { x: columns.lineOf(from.side), y: from.y };
    const end = { x: columns.lineOf(side), y };
    const crosses = start.x !== end.x;
    lines.push(...curve(start, end, `${sideOf(value)} way`));
    labels.push(...drawOnLine(show(value), {
      x: crosses ? (start.x + end.x) / 2 : end.x + BESIDE_LINE,
      y: (start.y + end.y) / 2 - 3,
    }, crosses ? "value middle" : "value"));
  }

  for (const [row, step] of run.steps.entries()) {
    go(step.side, topOf(row));
    lines.push(...drawInside(step.side, step.result, row, columns));
    from = { side: step.side, y: bottomOf(row) };
    value = step.result;
  }
  go(sideOf(value), from.y + FOOT - MARGIN);
  return [...lines, ...labels];
}

/** The way through a box: in there, a value may become a failure or be one no more. */
function drawInside(
  side: Side,
  result: Value,
  row: number,
  columns: Columns,
): string[] {
  const x = columns.lineOf(side);
  const middle = { x, y: topOf(row) + BOX_HEIGHT / 2 };
  return [
    drawLine([{ x, y: topOf(row) }, middle], `${side} way`),
    drawLine([middle, { x, y: bottomOf(row) }], `${sideOf(result)} way`),
  ];
}

function curve(from: Point, to: Point, kind: string): string[] {
  const middle = (from.y + to.y) / 2;
  return drawCurve({
    from,
    out: { x: from.x, y: middle },
    into: { x: to.x, y: middle },
    to,
  }, kind);
}

function topOf(row: number): number {
  return HEAD + row * (BOX_HEIGHT + BELOW);
}

function bottomOf(row: number): number {
  return topOf(row) + BOX_HEIGHT;
}
