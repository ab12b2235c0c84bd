/**
 * The frames of the demonstration: the poems beside each other, and below them when each
 * server worked and when it waited.
 *
 * @module
 */

import type { Client } from "./demo_clients.ts";
import type { Lane, Race } from "./demo_lanes.ts";
import type { Size } from "./demo_screen.ts";

/** Narrower than this, the poems are below each other. */
const SIDE_BY_SIDE = 80;

/** Nothing can be seen on a smaller screen. */
export const SMALLEST: Size = { columns: 40, rows: 16 };

/** With fewer rows, the poems need those of the explanation. */
const FEW_ROWS = 22;

/** Between two columns. */
const GAP = 2;

const WORKS = "█";
const WAITS = "░";

/** What the marks of a time line mean. */
export const LEGEND = `${WORKS} sends its poem   ${WAITS} waits to be read`;

/** Colours a text, or leaves it as it is. */
export type Paint = (text: string, style: Style) => string;

export type Style = "bold" | "dim" | 0 | 1 | 2;

const CODES: Record<Style, number> = { bold: 1, dim: 2, 0: 36, 1: 33, 2: 35 };

/** Obeys `NO_COLOR`. */
export function paint(text: string, style: Style): string {
  if (Deno.noColor || text === "") return text;
  return `\x1b[${CODES[style]}m${text}\x1b[0m`;
}

/** What a frame shows. */
export interface Scene {
  client: Client;
  /** Its command line. */
  command: readonly string[];
  /** `1 of 3`; empty if there is but one. */
  position: string;
  race: Race;
  /** The last line. */
  note: string;
}

/** Draws a scene. No row is as wide as the screen, since some terminals wrap there. */
export function drawFrame(
  scene: Scene,
  { columns, rows }: Size,
  now: number,
  paint: Paint,
): string[] {
  const width = columns - 1;
  if (columns < SMALLEST.columns || rows < SMALLEST.rows) {
    return [cut(`${SMALLEST.columns} by ${SMALLEST.rows}, please.`, width)];
  }
  const { client, race, position } = scene;
  const about = wrap(client.about.replaceAll("\n", " "), width);
  const above = [
    paint(`Client ${client.name}${position}`, "bold"),
    ...(rows < FEW_ROWS ? [] : about),
    ...commandRows(scene.command, width).map((row) => paint(row, "dim")),
    "",
  ];
  const below = [
    "",
    ...race.lanes.map((lane, i) => drawLane(race, lane, i, width, now, paint)),
    paint(cut(scene.note || LEGEND, width), "dim"),
  ];
  const height = rows - above.length - below.length;
  const poems = columns < SIDE_BY_SIDE
    ? drawBlocks(race.lanes, width, height, paint)
    : drawColumns(race.lanes, width, height, paint);
  return [...above, ...poems, ...below];
}

function drawColumns(
  lanes: readonly Lane[],
  width: number,
  height: number,
  paint: Paint,
): string[] {
  const column = Math.floor((width + GAP) / lanes.length) - GAP;
  const texts = lanes.map(({ poem }) => tail(poem, column, height - 1));
  const rows = [];
  for (let y = -1; y < height - 1; y++) {
    const cells = lanes.map(({ name }, i) => {
      const text = (y < 0 ? name : texts[i]?.[y] ?? "").padEnd(column);
      return y < 0 ? paint(text, styleOf(i)) : text;
    });
    rows.push(cells.join(" ".repeat(GAP)).trimEnd());
  }
  return rows;
}

function drawBlocks(
  lanes: readonly Lane[],
  width: number,
  height: number,
  paint: Paint,
): string[] {
  const rows = Math.max(2, Math.floor(height / lanes.length));
  return lanes.flatMap(({ name, poem }, i) => {
    const text = tail(poem, width, rows - 1);
    const filled = [...text, ...Array(rows - 1 - text.length).fill("")];
    return [paint(cut(name, width), styleOf(i)), ...filled];
  });
}

function drawLane(
  race: Race,
  lane: Lane,
  i: number,
  width: number,
  now: number,
  paint: Paint,
): string {
  const name = lane.name.padEnd(13);
  const whole = Math.max(race.expected * 1.1, race.elapsed(now));
  const bar = timeLine(race, lane, whole, width - 13 - 9, now);
  const time = lane.began === undefined
    ? "waits"
    : seconds((lane.ended ?? now) - lane.began);
  return `${name}${paint(bar, styleOf(i))} ${time.padStart(8)}`;
}

/**
 * When a server has waited, and when it has worked, up to now.
 *
 * @param whole the seconds that the whole line stands for
 */
export function timeLine(
  race: Race,
  lane: Lane,
  whole: number,
  cells: number,
  now = Infinity,
): string {
  const elapsed = race.elapsed(now);
  const start = race.began ?? 0;
  const cell = whole / cells;
  let line = "";
  for (let i = 0; i < cells; i++) {
    const time = start + (i + 0.5) * cell;
    if (race.began === undefined || time > start + elapsed) line += " ";
    else if (lane.began === undefined || time < lane.began) line += WAITS;
    else line += time < (lane.ended ?? now) ? WORKS : " ";
  }
  return line;
}

export function styleOf(i: number): Style {
  return i === 0 ? 0 : i === 1 ? 1 : 2;
}

export function seconds(time: number): string {
  return `${time.toFixed(1)} s`;
}

/** A command line that can be pasted, also where it needs more than one row. */
function commandRows(words: readonly string[], width: number): string[] {
  const line = `$ ${words.join(" ")}`;
  if (line.length <= width) return [line];
  const rows = wrap(line, width - 6);
  return rows.map((row, i) =>
    `${i === 0 ? "" : "    "}${row}${i < rows.length - 1 ? " \\" : ""}`
  );
}

/** The last rows of a text. */
function tail(text: string, width: number, rows: number): string[] {
  if (rows <= 0) return [];
  return text.split("\n").flatMap((line) => wrap(line, width, "  ")).slice(
    -rows,
  );
}

/** Wraps a line between its words; `indent` begins the further rows. */
export function wrap(line: string, width: number, indent = ""): string[] {
  if (line.length <= width) return [line];
  const rows: string[] = [];
  let row = "";
  for (const word of line.trim().split(/ +/)) {
    const longer = row === "" ? word : `${row} ${word}`;
    if (longer.length <= width || row === "") {
      row = longer.slice(0, width);
    } else {
      rows.push(row);
      row = `${indent}${word}`.slice(0, width);
    }
  }
  return [...rows, row];
}

function cut(text: string, width: number): string {
  return text.length <= width ? text : text.slice(0, width);
}
