/**
 * What ran when: the calls of the loop, the connections and the deferreds, on one line of
 * time each.
 *
 * @module
 */

import {
  drawBox,
  drawSVG,
  drawText,
  widthOf,
} from "../../../examples/shared/svg.ts";
import {
  drawLine,
  drawPath,
  round,
} from "../../../examples/shared/svg_paths.ts";
import type { Event, ServerSetup } from "../../worker/messages.ts";
import { showSeconds } from "./words.ts";

/** A call that takes longer holds up everybody else. */
export const BLOCKS = 0.1;

interface Span {
  readonly begin: number;
  end: number | undefined;
}

interface CallSpan extends Span {
  readonly name: string;
}

interface Connection extends Span {
  readonly id: number;
}

interface ServerLane {
  readonly port: number;
  readonly name: string;
  readonly connections: Connection[];
  readonly received: number[];
}

/** Gathers what is on the line. */
export class TimeLine {
  #servers: ServerLane[];
  #calls: CallSpan[] = [];
  #fired: { readonly time: number; readonly failed: boolean }[] = [];

  constructor(servers: readonly ServerSetup[]) {
    this.#servers = servers.map(({ port, name }) => ({
      port,
      name,
      connections: [],
      received: [],
    }));
  }

  /** Takes what has happened, whatever it is. */
  add(event: Event): void {
    const { time } = event;
    switch (event.what) {
      case "call": {
        const name = event.name || event.kind;
        this.#calls.push({ name, begin: time, end: undefined });
        break;
      }
      case "call over":
        close(this.#calls.at(-1), time);
        break;
      case "fired":
        this.#fired.push({ time, failed: event.failed });
        break;
      case "connected":
        this.#laneOf(event.port)?.connections.push({
          id: event.id,
          begin: time,
          end: undefined,
        });
        break;
      case "received":
        this.#laneOf(event.port)?.received.push(time);
        break;
      case "closed":
        close(
          this.#laneOf(event.port)?.connections.find(({ id }) =>
            id === event.id
          ),
          time,
        );
    }
  }

  /** Whether a loop has called anything. */
  get hasLoop(): boolean {
    return this.#calls.length > 0;
  }

  /** The calls that held up everybody, the longest first. */
  blocking(now: number): { name: string; seconds: number }[] {
    return this.#calls
      .map(({ name, begin, end = now }) => ({ name, seconds: end - begin }))
      .filter(({ seconds }) => seconds >= BLOCKS)
      .sort((a, b) => b.seconds - a.seconds);
  }

  /** Draws it as SVG, from 0 to a time. */
  draw(now: number, width: number): string {
    const scale = scaleFor(now, width - 2 * MARGIN);
    const lanes = [
      ...(this.#calls.length > 0 ? [this.#drawCalls(now, scale)] : []),
      ...this.#servers.map((lane, i) => drawServer(lane, i, now, scale)),
      ...(this.#fired.length > 0 ? [this.#drawFired(scale)] : []),
    ];
    const foot = lanes.length * LANE_HEIGHT;
    return drawSVG(
      {
        width,
        height: foot + AXIS_HEIGHT + MARGIN,
        title: `What ran when, from 0 to ${showSeconds(now)}`,
      },
      [
        ...lanes.flatMap((lane, row) => lane(row * LANE_HEIGHT + MARGIN)),
        ...drawAxis(scale, foot + MARGIN, now),
      ],
    );
  }

  #laneOf(port: number): ServerLane | undefined {
    return this.#servers.find((lane) => lane.port === port);
  }

  #drawCalls(now: number, scale: Scale): Lane {
    return (top) => {
      const bar = barAt(top);
      const long: string[] = [];
      const short: number[] = [];
      for (const { name, begin, end = now } of this.#calls) {
        const [x, width] = [scale.at(begin), scale.length(end - begin)];
        if (width < SHORTEST_BOX) short.push(begin);
        else {
          const kind = end - begin < BLOCKS ? "ours" : "errback ran";
          long.push(drawBox({ ...bar, x, width }, kind));
          if (widthOf(name) <= width - 8) {
            const y = bar.y + bar.height / 2;
            long.push(drawText(name, { x: x + width / 2, y }, "middle"));
          }
        }
      }
      return [
        drawText("calls of the loop", { x: MARGIN, y: top + 8 }, "label"),
        ...drawTicks(short, scale, bar, "ours"),
        ...long,
      ];
    };
  }

  #drawFired(scale: Scale): Lane {
    return (top) => {
      const bar = barAt(top);
      const of = (failed: boolean) =>
        this.#fired.filter((one) => one.failed === failed)
          .map(({ time }) => time);
      return [
        drawText("deferreds fired", { x: MARGIN, y: top + 8 }, "label"),
        ...drawTicks(of(false), scale, bar, "callback way"),
        ...drawTicks(of(true), scale, bar, "errback way"),
      ];
    };
  }
}

/** Draws a lane below a height. */
type Lane = (top: number) => string[];

// All lengths are in pixels.
const MARGIN = 12;
const LANE_HEIGHT = 50;
const BAR = { top: 20, height: 20 };
const AXIS_HEIGHT = 28;
/** Calls that would be narrower are a line each. */
const SHORTEST_BOX = 4;

interface Scale {
  /** How much of time is on the line, in seconds. */
  readonly span: number;
  at(time: number): number;
  length(seconds: number): number;
}

const SPANS = [1, 2, 5, 10, 15, 20, 30, 45, 60];

/** What is on the line grows by steps: so it stands still in between. */
function scaleFor(now: number, width: number): Scale {
  const span = SPANS.find((one) => now <= one) ?? Math.ceil(now / 60) * 60;
  const length = (seconds: number) => seconds / span * width;
  return { span, length, at: (time) => MARGIN + length(time) };
}

function barAt(top: number): { y: number; height: number } {
  return { y: top + BAR.top, height: BAR.height };
}

function drawServer(
  { name, port, connections, received }: ServerLane,
  index: number,
  now: number,
  scale: Scale,
): Lane {
  const task = `task-${index % 3 + 1}`;
  return (top) => {
    const bar = barAt(top);
    return [
      drawText(`${name}, ${port}`, { x: MARGIN, y: top + 8 }, "label"),
      ...connections.map(({ begin, end = now }) =>
        drawBox({
          ...bar,
          x: scale.at(begin),
          width: Math.max(1, scale.length(end - begin)),
        }, `${task} waits`)
      ),
      ...drawTicks(received, scale, bar, task),
    ];
  };
}

/** A line for each moment; those in the same place are one. */
function drawTicks(
  times: readonly number[],
  scale: Scale,
  { y, height }: { y: number; height: number },
  kind: string,
): string[] {
  if (times.length === 0) return [];
  const places = new Set(times.map((time) => Math.round(scale.at(time))));
  const shape = [...places].map((x) => `M${x} ${y} v${height}`).join(" ");
  return [drawPath(shape, kind)];
}

function drawAxis(scale: Scale, top: number, now: number): string[] {
  const [left, right] = [scale.at(0), scale.at(scale.span)];
  const every =
    [0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300].find((seconds) =>
      scale.length(seconds) >= 44
    ) ?? scale.span;
  const marks: string[] = [];
  for (let i = 0; i * every <= scale.span + 1e-9; i++) {
    const x = scale.at(i * every);
    const isLast = x > right - 12;
    marks.push(
      drawLine([{ x, y: top }, { x, y: top + 5 }], "plain"),
      drawText(
        `${round(i * every)} s`,
        { x, y: top + 16 },
        [
          "note",
          i === 0 ? "" : isLast ? "end" : "middle",
        ].join(" ").trim(),
      ),
    );
  }
  const x = scale.at(now);
  return [
    drawLine([{ x: left, y: top }, { x: right, y: top }], "plain"),
    ...marks,
    drawLine([{ x, y: MARGIN }, { x, y: top }], "plain dashed"),
  ];
}

function close(span: Span | undefined, time: number): void {
  if (span) span.end = time;
}
