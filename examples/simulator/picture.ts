/**
 * The picture of a chain and of what happened in it: a panel for each way in which the
 * deferred was fired, the line of callbacks in green, the line of errbacks in red, and the
 * way that the values took in bold, through the functions that ran.
 *
 * @module
 */

import { type Action, type Pair, showAction } from "./pair.ts";
import {
  outcome,
  type Run,
  show,
  showFiring,
  type Side,
  sideOf,
  type Value,
} from "./step.ts";

// All lengths are in pixels.
const BOX_WIDTH = 132;
const BOX_HEIGHT = 40;
/** From the left edge of a box to its line, which leaves room for the text beside it. */
const LINE = 18;
/** From one box to the one beside it. */
const BESIDE = 28;
/** From one box to the one below it: room for a value. */
const BELOW = 56;
const MARGIN = 24;
/** From the top of a panel to its first box: room for its title and a value. */
const HEAD = 84;
/** From the last box to the bottom: room for a value. */
const FOOT = 64;
const PANEL_WIDTH = 2 * BOX_WIDTH + BESIDE;
const BETWEEN_PANELS = 56;

/** From the middle of a line of text to its baseline. */
const BASELINE = 4;

/** Colours, for light and for dark surroundings. Formatted as `deno fmt` does. */
const STYLE = `  <style>
  text {
    font: 13px ui-monospace, Menlo, Consolas, monospace;
    fill: #1f2328;
  }
  text.idle {
    fill: #818b98;
  }
  text.title {
    font-weight: bold;
    text-anchor: middle;
  }
  text.value {
    paint-order: stroke;
    stroke: #ffffff;
    stroke-width: 8px;
    stroke-linejoin: round;
    text-anchor: middle;
  }
  rect {
    fill: #ffffff;
  }
  rect.callback.ran {
    fill: #dafbe1;
  }
  rect.errback.ran {
    fill: #ffebe9;
  }
  .callback {
    stroke: #1a7f37;
  }
  .errback {
    stroke: #cf222e;
  }
  path {
    fill: none;
  }
  path.way {
    stroke-width: 4;
    stroke-linecap: round;
  }
  path.callback.tip {
    fill: #1a7f37;
  }
  path.errback.tip {
    fill: #cf222e;
  }
  @media (prefers-color-scheme: dark) {
    text {
      fill: #f0f6fc;
    }
    text.idle {
      fill: #9198a1;
    }
    text.value {
      stroke: #0d1117;
    }
    rect {
      fill: #0d1117;
    }
    rect.callback.ran {
      fill: #12351d;
    }
    rect.errback.ran {
      fill: #46181a;
    }
    .callback {
      stroke: #3fb950;
    }
    .errback {
      stroke: #f85149;
    }
    path.callback.tip {
      fill: #3fb950;
    }
    path.errback.tip {
      fill: #f85149;
    }
  }
  </style>`;

/** Draws the runs of a chain as SVG. */
export function drawPicture(pairs: Pair[], runs: Run[]): string {
  const width = 2 * MARGIN + runs.length * PANEL_WIDTH +
    (runs.length - 1) * BETWEEN_PANELS;
  const height = bottomOf(pairs.length - 1) + FOOT;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}">`,
    `  <title>${escape(describe(pairs, runs))}</title>`,
    STYLE,
    `  <rect width="${width}" height="${height}" rx="8" />`,
    ...runs.flatMap((run, i) =>
      drawPanel(pairs, run, MARGIN + i * (PANEL_WIDTH + BETWEEN_PANELS))
    ),
    "</svg>",
    "",
  ].join("\n");
}

/** What the picture shows, for those who cannot see it. */
function describe(pairs: Pair[], runs: Run[]): string {
  const stages = pairs.map(({ callback, errback }) =>
    `(${showAction(callback)}, ${showAction(errback)})`
  );
  const ends = runs.map((run) =>
    `${showFiring(run)} ends with ${show(outcome(run))}`
  );
  return `A deferred with ${stages.join(", ")}: ${ends.join("; ")}`;
}

function drawPanel(pairs: Pair[], run: Run, left: number): string[] {
  const title = text(showFiring(run), left + PANEL_WIDTH / 2, MARGIN, "title");
  return [
    `  <g>`,
    ...[
      title,
      ...drawLine("callback", pairs.length, left),
      ...drawLine("errback", pairs.length, left),
      ...pairs.flatMap(({ callback, errback }, i) => [
        ...drawBox("callback", callback, { row: i, left, run }),
        ...drawBox("errback", errback, { row: i, left, run }),
      ]),
      ...drawWay(run, left),
    ].map((line) => `    ${line}`),
    `  </g>`,
  ];
}

/** The thin line through all functions of one kind. */
function drawLine(side: Side, rows: number, left: number): string[] {
  const x = lineOf(side, left);
  const end = bottomOf(rows - 1) + FOOT - MARGIN;
  return [`<path class="${side}" d="M${x} ${HEAD - 28} V${end}" />`];
}

function drawBox(
  side: Side,
  action: Action,
  { row, left, run }: { row: number; left: number; run: Run },
): string[] {
  const ran = run.steps[row]?.side === side;
  const x = leftOf(side, left);
  const y = topOf(row);
  const size = `width="${BOX_WIDTH}" height="${BOX_HEIGHT}" rx="5"`;
  return [
    `<rect class="${side}${ran ? " ran" : ""}" x="${x}" y="${y}" ${size} />`,
    text(
      showAction(action),
      lineOf(side, left) + LINE * 0.75,
      y + BOX_HEIGHT / 2,
      ran ? "" : "idle",
    ),
  ];
}

/** The way of the values, with each of them beside it. */
function drawWay(run: Run, left: number): string[] {
  const lines: string[] = [];
  const labels: string[] = [];
  let from = { side: run.side, y: HEAD - 44 };
  let value = run.initial;

  function go(side: Side, y: number) {
    const x = lineOf(from.side, left);
    const to = lineOf(side, left);
    const middle = (from.y + y) / 2;
    const way = x === to
      ? `V${y - 7}`
      : `C${x} ${middle} ${to} ${middle} ${to} ${y - 7}`;
    const kind = sideOf(value);
    lines.push(
      `<path class="${kind} way" d="M${x} ${from.y} ${way}" />`,
      `<path class="${kind} tip" d="M${to} ${y} l-5 -8 h10 z" />`,
    );
    labels.push(text(show(value), (x + to) / 2, middle - 3, "value"));
  }

  for (const [row, step] of run.steps.entries()) {
    go(step.side, topOf(row));
    lines.push(...drawInside(step.side, step.result, row, left));
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
  left: number,
): string[] {
  const x = lineOf(side, left);
  const [top, middle] = [topOf(row), topOf(row) + BOX_HEIGHT / 2];
  return [
    `<path class="${side} way" d="M${x} ${top} V${middle}" />`,
    `<path class="${sideOf(result)} way" d="M${x} ${middle} V${
      bottomOf(row)
    }" />`,
  ];
}

function leftOf(side: Side, left: number): number {
  return side === "callback" ? left : left + BOX_WIDTH + BESIDE;
}

function lineOf(side: Side, left: number): number {
  return leftOf(side, left) + LINE;
}

function topOf(row: number): number {
  return HEAD + row * (BOX_HEIGHT + BELOW);
}

function bottomOf(row: number): number {
  return topOf(row) + BOX_HEIGHT;
}

function text(content: string, x: number, y: number, kind: string): string {
  const classes = kind === "" ? "" : ` class="${kind}"`;
  return `<text${classes} x="${x}" y="${y + BASELINE}">${
    escape(content)
  }</text>`;
}

/** What stands for itself in XML, and nothing that may not stand in it at all. */
function escape(content: string): string {
  return content
    // deno-lint-ignore no-control-regex -- these are what XML does not allow
    .replace(/[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, "\ufffd")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;");
}
