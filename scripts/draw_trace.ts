/**
 * Draws a trace that `deno task poetry --record` has written: who worked and who waited, a
 * row a track, and one turn of a loop as if under a microscope.
 *
 *     deno run --allow-read --allow-write scripts/draw_trace.ts poetry.json poetry.svg
 *
 * @module
 */

import { exitOnUsageError, reasonOf, UsageError } from "../cli/exit.ts";
import type { TraceEvent } from "../mod.ts";
import { parseTrace } from "./demo_trace.ts";

const USAGE = "Usage: draw_trace.ts TRACE PICTURE";

const WIDTH = 900;
const LABEL = 130;
const CHART = WIDTH - LABEL - 20;
const ROW = 22;
const BAR = 14;

/** A slice of a track, in microseconds. */
interface Slice {
  name: string;
  from: number;
  to: number;
  /** How many slices it lies in. */
  depth: number;
}

/** One row of the picture. */
interface Track {
  name: string;
  slices: Slice[];
  /** When bytes came. */
  received: number[];
}

/** One program. */
interface Process {
  name: string;
  tracks: Track[];
}

const LEGEND =
  "green: bytes came · brown: the loop calls · violet: a deferred does";

const STYLE = `
  text { font: 12px ui-sans-serif, system-ui, sans-serif; fill: #1f2328; }
  .title { font-weight: bold; }
  .end { text-anchor: end; }
  .small { font-size: 11px; fill: #59636e; }
  .idle { fill: #d1d9e0; }
  .busy { fill: #1a7f37; }
  .call { fill: #9a6700; }
  .inner { fill: #8250df; }
  .line { stroke: #d1d9e0; }
  .on { fill: #ffffff; font-size: 11px; }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc; }
    .small { fill: #9198a1; }
    .idle { fill: #3d444d; }
    .busy { fill: #3fb950; }
    .call { fill: #d29922; }
    .inner { fill: #ab7df8; }
    .line { stroke: #3d444d; }
    .on { fill: #0d1117; }
  }
`;

/** Puts the events of a trace together again. */
function readTrace(events: readonly TraceEvent[]): Process[] {
  const processes = new Map<number, Process>();
  const tracks = new Map<string, Track>();
  const open = new Map<Track, Slice[]>();
  const processOf = (pid: number) => {
    const process = processes.get(pid) ?? { name: "program", tracks: [] };
    processes.set(pid, process);
    return process;
  };
  for (const { ph, pid, tid, name, ts, args } of events) {
    if (name === "process_name") processOf(pid).name = `${args?.name}`;
    if (name.startsWith("process_")) continue;
    const key = `${pid} ${tid}`;
    let track = tracks.get(key);
    if (track === undefined) {
      track = { name: "", slices: [], received: [] };
      tracks.set(key, track);
      processOf(pid).tracks.push(track);
    }
    const stack = open.get(track) ?? [];
    open.set(track, stack);
    if (name === "thread_name") track.name = `${args?.name}`;
    if (name === "received" && ph === "i") track.received.push(ts);
    if (ph === "B") {
      const slice = { name, from: ts, to: ts, depth: stack.length };
      stack.push(slice);
      track.slices.push(slice);
    }
    if (ph === "E") {
      const slice = stack.pop();
      if (slice !== undefined) slice.to = ts;
    }
  }
  return [...processes.values()];
}

/** The whole picture. */
export function drawTrace(events: readonly TraceEvent[]): string {
  const processes = readTrace(events);
  const end = Math.max(
    ...processes.flatMap(({ tracks }) =>
      tracks.flatMap(({ slices }) => slices.map(({ to }) => to))
    ),
  );
  const parts: string[] = [];
  let y = 24;
  const x = (time: number) => LABEL + (time / end) * CHART;
  for (const { name, tracks } of processes) {
    parts.push(text(10, y, name, "title"));
    y += 10;
    for (const track of tracks) {
      parts.push(text(10, y + BAR, track.name, "small"));
      parts.push(...drawTrack(track, y + 3, x));
      y += ROW;
    }
    y += 22;
  }
  parts.push(...drawAxis(y - 14, end, x));
  parts.push(text(WIDTH - 20, 24, LEGEND, "small end"));
  y += 32;
  const turn = firstTurnWithStages(processes);
  if (turn !== undefined) {
    const { rows, height } = drawTurn(turn, y);
    parts.push(...rows);
    y += height;
  }
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${y}">`,
    `<title>${escape(describe(processes))}</title>`,
    `<style>${STYLE}</style>`,
    ...parts,
    "</svg>",
    "",
  ].join("\n");
}

/** What is between two calls of the loop, or between two reads, is waiting. */
function drawTrack(
  { slices, received }: Track,
  y: number,
  x: (time: number) => number,
): string[] {
  const ticks = received.map((time) => rect("busy", x(time) - 1, y, 2, BAR));
  const connection = slices.find(({ name }) => name === "connection");
  if (connection !== undefined) {
    const { from, to } = connection;
    return [rect("idle", x(from), y + 5, x(to) - x(from), 4), ...ticks];
  }
  const first = slices[0]?.from ?? 0;
  const last = slices.at(-1)?.to ?? 0;
  const calls = slices.filter(({ depth }) => depth === 1);
  return [
    rect("idle", x(first), y + 5, x(last) - x(first), 4),
    ...calls.map(({ from, to }) =>
      rect("call", x(from), y, Math.max(1, x(to) - x(from)), BAR)
    ),
  ];
}

function drawAxis(
  y: number,
  end: number,
  x: (time: number) => number,
): string[] {
  const parts = [line(LABEL, y, LABEL + CHART, y)];
  for (let second = 0; second * 1e6 <= end; second++) {
    parts.push(line(x(second * 1e6), y, x(second * 1e6), y + 4));
    parts.push(text(x(second * 1e6) - 4, y + 16, `${second} s`, "small"));
  }
  return parts;
}

/** The turn in which a deferred runs its first stage, and what lies in it. */
function firstTurnWithStages(
  processes: readonly Process[],
): Slice[] | undefined {
  for (const { tracks } of processes) {
    for (const { slices } of tracks) {
      const stage = slices.findIndex(({ name }) => name.startsWith("callback"));
      if (stage < 0) continue;
      const turn = slices.findLastIndex(({ depth }, i) =>
        i < stage && depth === 0
      );
      const next = slices.findIndex(({ depth }, i) => i > stage && depth === 0);
      return slices.slice(turn, next < 0 ? undefined : next);
    }
  }
  return undefined;
}

/** Draws the slices of a turn below each other, as they lie in each other. */
function drawTurn(
  slices: readonly Slice[],
  top: number,
): { rows: string[]; height: number } {
  const [turn] = slices;
  if (turn === undefined) return { rows: [], height: 0 };
  const whole = Math.max(1, turn.to - turn.from);
  const rows = [
    text(10, top, `one turn of the loop, ${whole / 1000} ms`, "title"),
  ];
  slices.forEach(({ name, from, to, depth }, i) => {
    const y = top + 12 + i * ROW;
    const left = LABEL + ((from - turn.from) / whole) * CHART;
    const width = Math.max(2, ((to - from) / whole) * CHART);
    const kind = ["idle", "call"][depth] ?? "inner";
    rows.push(rect(kind, left, y, width, BAR));
    rows.push(nameOfSlice(name, kind, left, width, y + 11));
  });
  return { rows, height: 12 + slices.length * ROW + 10 };
}

/** In its slice, if that is wide enough, else to its left or its right. */
function nameOfSlice(
  name: string,
  kind: string,
  left: number,
  width: number,
  y: number,
): string {
  if (width > name.length * 8) {
    return text(left + 6, y, name, kind === "idle" ? "small" : "on");
  }
  if (left + width < WIDTH / 2) return text(left + width + 6, y, name, "small");
  return text(left - 6, y, name, "small end");
}

function describe(processes: readonly Process[]): string {
  return processes.map(({ name, tracks }) => {
    const tracksText = tracks.filter(({ received }) => received.length > 0)
      .map(({ name, received }) => `${received.length} reads from ${name}`);
    return `${name}: ${tracksText.join(", ")}.`;
  }).join(" ");
}

function rect(
  kind: string,
  x: number,
  y: number,
  width: number,
  height: number,
): string {
  return `<rect class="${kind}" x="${round(x)}" y="${round(y)}" width="${
    round(width)
  }" height="${height}"/>`;
}

function line(x1: number, y1: number, x2: number, y2: number): string {
  return `<line class="line" x1="${round(x1)}" y1="${round(y1)}" x2="${
    round(x2)
  }" y2="${round(y2)}"/>`;
}

function text(x: number, y: number, content: string, kind: string): string {
  return `<text class="${kind}" x="${round(x)}" y="${round(y)}">${
    escape(content)
  }</text>`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function escape(content: string): string {
  return content.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}

function readEvents(path: string): readonly TraceEvent[] {
  try {
    return parseTrace(Deno.readTextFileSync(path)).traceEvents;
  } catch (error) {
    throw new UsageError(`Cannot read ${path}: ${reasonOf(error)}.`);
  }
}

function main(): void {
  const [from, to, ...more] = Deno.args;
  if (from === undefined || to === undefined || more.length > 0) {
    throw new UsageError("The trace, and the picture to be drawn.");
  }
  Deno.writeTextFileSync(to, drawTrace(readEvents(from)));
}

if (import.meta.main) exitOnUsageError(main, USAGE);
