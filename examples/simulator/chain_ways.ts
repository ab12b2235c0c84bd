/**
 * The ways through a chain, as its picture shows them.
 *
 * @module
 */

import { drawOnLine } from "../shared/svg.ts";
import {
  drawCurve,
  drawElbow,
  drawLine,
  drawTip,
  type Point,
} from "../shared/svg_paths.ts";
import {
  BESIDE_LINE,
  bottomOf,
  BOX_HEIGHT,
  type Columns,
  FOOT,
  HEAD,
  MARGIN,
  topOf,
} from "./chain_layout.ts";
import { type Run, type Side, sideOf, type Value } from "./step.ts";

/** From a line to where a way leaves it or joins it, among all ways. */
const ASIDE = 12;

/** From each function to the two that may come next. */
export function drawAllWays(rows: number, columns: Columns): string[] {
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
export function drawWay(
  run: Run,
  { columns, show, isRunning }: {
    columns: Columns;
    show: (value: Value) => string;
    /** Whether the way goes on to the next stage. */
    isRunning: boolean;
  },
): string[] {
  const lines: string[] = [];
  const labels: string[] = [];
  let from = { side: run.side, y: HEAD - 44 };
  let value = run.initial;

  function go(side: Side, y: number) {
    const start = { x: columns.lineOf(from.side), y: from.y };
    const end = { x: columns.lineOf(side), y };
    const crosses = start.x !== end.x;
    lines.push(...drawElbow(start, end, `${sideOf(value)} way`));
    labels.push(...drawOnLine(show(value), {
      x: crosses ? (start.x + end.x) / 2 : end.x + BESIDE_LINE,
      y: (start.y + end.y) / 2,
    }, crosses ? "value middle" : "value"));
  }

  for (const [row, step] of run.steps.entries()) {
    go(step.side, topOf(row));
    lines.push(...drawInside(step.side, step.result, row, columns));
    from = { side: step.side, y: bottomOf(row) };
    value = step.result;
  }
  go(
    sideOf(value),
    isRunning ? topOf(run.steps.length) : from.y + FOOT - MARGIN,
  );
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
