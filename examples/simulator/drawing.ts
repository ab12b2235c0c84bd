/**
 * The drawing of a chain, and of what happened in it, in characters.
 *
 * @module
 */

import { lengthOf, type Pair, showAction } from "./pair.ts";
import {
  outcome,
  type Run,
  show,
  showFiring,
  type Side,
  sideOf,
} from "./step.ts";

const BOX = 18;
const GAP = 2;
const WIDTH = BOX + GAP + BOX;
const SEPARATOR = "   |  ";
const NO_SEPARATOR = "      ";
const DOWN = "|";
const ARROW = "\\|/";

/** The middles of the two boxes, and a line from one to the other. */
const CROSSING = centre("|", BOX).trimEnd() + "-".repeat(BOX + GAP - 1) + "|";

/**
 * Draws the chain and its runs: beside each other where there is room, else below.
 *
 * @param columns how many characters there is room for
 */
export function draw(pairs: Pair[], runs: Run[], columns: number): string[] {
  const wide = drawWide(pairs, runs);
  const fits = wide.every((line) => lengthOf(line) <= columns);
  return fits ? wide : drawNarrow(pairs, runs);
}

/** Draws the chain and its runs beside each other. */
export function drawWide(pairs: Pair[], runs: Run[]): string[] {
  const titles = ["Deferred", ...runs.map(showFiring)];
  const columns = [
    // Boxes stand beside each other where the runs begin and end with a value.
    [...blanks(4), ...drawChain(pairs), ...blanks(4)],
    ...runs.map(drawRun),
  ];
  return [
    join(titles.map((title) => centre(title, WIDTH)), NO_SEPARATOR),
    join(titles.map((title) => centre(underline(title), WIDTH)), NO_SEPARATOR),
    "",
    ...(columns[0] ?? []).map((_, row) =>
      join(columns.map((column) => column[row] ?? ""), SEPARATOR)
    ),
    "",
  ];
}

/** Draws the chain and its runs below each other. */
export function drawNarrow(pairs: Pair[], runs: Run[]): string[] {
  return [
    "",
    ...drawTitle("Deferred"),
    ...drawChain(pairs),
    "",
    ...runs.flatMap((run) => [
      ...blanks(2),
      ...drawTitle(showFiring(run)),
      ...drawRun(run).map((line) => line.trimEnd()),
      "",
    ]),
  ];
}

/** The stages, each as two boxes beside each other. */
function drawChain(pairs: Pair[]): string[] {
  return pairs.flatMap(({ callback, errback }, i) => {
    const left = drawBox(["", showAction(callback), ""]);
    const right = drawBox(["", showAction(errback), ""]);
    const boxes = left.map((line, row) => line + " ".repeat(GAP) + right[row]);
    return i === 0 ? boxes : [...blanks(3), ...boxes];
  });
}

/** The values on their way through the stages that ran. */
function drawRun(run: Run): string[] {
  const end = outcome(run);
  const lines = [place(run.side, centre(show(run.initial), BOX))];
  let from = run.side;
  for (const { side, argument, result } of run.steps) {
    const box = drawBox([show(argument), "", show(result)]);
    lines.push(...drawWay(from, side), ...box.map((line) => place(side, line)));
    from = side;
  }
  const to = sideOf(end);
  return [...lines, ...drawWay(from, to), place(to, centre(show(end), BOX))];
}

function drawWay(from: Side, to: Side): string[] {
  const start = place(from, centre(DOWN, BOX));
  const middle = from === to ? start : CROSSING;
  return [start, middle, place(to, centre(ARROW, BOX))];
}

function drawBox(texts: string[]): string[] {
  const edge = "-".repeat(BOX);
  return [edge, ...texts.map((text) => `|${centre(text, BOX - 2)}|`), edge];
}

function drawTitle(title: string): string[] {
  return [title, underline(title)]
    .map((line) => centre(line, WIDTH).trimEnd())
    .concat("");
}

function underline(title: string): string {
  return "-".repeat(title.length);
}

/** Puts the half of a line where it belongs. */
function place(side: Side, half: string): string {
  return side === "callback" ? half : " ".repeat(BOX + GAP) + half;
}

function blanks(count: number): string[] {
  return Array.from({ length: count }, () => "");
}

function centre(text: string, width: number): string {
  const missing = Math.max(0, width - lengthOf(text));
  const left = Math.floor(missing / 2);
  return " ".repeat(left) + text + " ".repeat(missing - left);
}

function join(columns: string[], separator: string): string {
  return columns.map((text) => padEnd(text, WIDTH)).join(separator).trimEnd();
}

function padEnd(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - lengthOf(text)));
}
