/**
 * One call stack: each function inside of the one that called it, and a border wherever
 * the code changes hands.
 *
 * @module
 */

import { drawLabelledBox, drawText } from "../../examples/shared/svg.ts";
import { drawArrow, drawLine } from "../../examples/shared/svg_paths.ts";
import {
  type BoxLine,
  drawBoxOfLines,
  type Drawing,
  drawNotes,
  heightFor,
  LINE_HEIGHT,
  linesFor,
  MARGIN,
  NARROW_MARGIN,
} from "./drawing.ts";

/** A function on the stack. */
export interface Frame {
  name: string;
  /** Whose code it is. */
  whose: "library" | "ours";
  /** What happens there, in a few words; may be empty. */
  note: string;
}

/** A stack, from the loop down to the last one that is called. */
export interface CallsPicture {
  frames: Frame[];
  /** Whether the first is the loop, which waits before and after. @default {true} */
  waits?: boolean;
}

/** Where things stand, in pixels. */
interface Layout {
  width: number;
  margin: number;
  /** Of the loop's waiting, on each side. */
  waits: number;
  /** Of the outermost function. */
  left: number;
  outermost: number;
  /** How much narrower a function is than its caller, on each side. */
  inset: number;
  /** Whether notes have a column of their own, else they are below the names. */
  hasNotes: boolean;
}

const WIDTH = 800;
/** With less room, there is no column of notes. */
const NARROW = 700;
const WAITS = 52;
const HEIGHT = 34;
const INSET = 10;
/** The innermost function keeps that, however deep the stack is. */
const NARROWEST = 240;
const BETWEEN = 20;
/** Between two frames with a border. */
const AT_BORDER = 48;
const NOTES = { before: 18, width: 244 };
/** From the side of a function to its arrow. */
const ARROW = 22;

const OWNERS = { library: "Deferno's code", ours: "our code" };

/**
 * Draws the stack.
 *
 * @param width in pixels
 */
export function drawCalls(
  { frames, waits = true }: CallsPicture,
  width = WIDTH,
): Drawing {
  const layout = layoutFor(Math.min(width, WIDTH), frames.length);
  const { margin, inset } = layout;
  const elements: string[] = [];
  let y = margin;
  for (const [depth, frame] of frames.entries()) {
    const x = layout.left + depth * inset;
    const width = layout.outermost - 2 * depth * inset;
    const { height, elements: drawn } = drawFrame(frame, layout, {
      x,
      y,
      width,
    });
    elements.push(...drawn);
    const bottom = y + height;
    const next = frames[depth + 1];
    y = bottom;
    if (next === undefined) break;
    const isBorder = next.whose !== frame.whose;
    y = bottom + (isBorder ? AT_BORDER : BETWEEN);
    elements.push(...drawBetween({ x, width, bottom, y }, next.whose));
    if (isBorder) {
      const middle = (bottom + y) / 2;
      elements.push(...drawBorder(middle, layout, [frame, next]));
    }
  }
  return {
    width: layout.width,
    height: y + margin,
    elements: [...(waits ? drawWaiting(layout) : []), ...elements],
  };
}

function layoutFor(width: number, depth: number): Layout {
  const hasNotes = width >= NARROW;
  const margin = hasNotes ? MARGIN : NARROW_MARGIN;
  const waits = hasNotes ? WAITS : 0;
  const left = margin + waits;
  const outermost = hasNotes
    ? width - left - waits - NOTES.before - NOTES.width
    : width - 2 * margin;
  const most = (outermost - NARROWEST) / 2 / Math.max(1, depth - 1);
  const inset = Math.max(0, Math.min(INSET, most));
  return { width, margin, waits, left, outermost, inset, hasNotes };
}

/** A function, with its note beside it or in it. */
function drawFrame(
  { name, whose, note }: Frame,
  { left, outermost, waits, hasNotes }: Layout,
  { x, y, width }: { x: number; y: number; width: number },
): { height: number; elements: string[] } {
  const names = linesFor(name, { width, kind: "" });
  const noted = note === ""
    ? []
    : linesFor(note, { width: hasNotes ? NOTES.width : width, kind: "note" });
  const lines: BoxLine[] = hasNotes ? names : [...names, ...noted];
  const height = heightFor(lines, HEIGHT);
  const middle = y + height / 2 - (noted.length - 1) * LINE_HEIGHT / 2;
  return {
    height,
    elements: [
      ...drawBoxOfLines({ x, y, width, height }, whose, lines),
      ...(hasNotes
        ? drawNotes(
          noted.map(({ content }) => content),
          left + outermost + waits + NOTES.before,
          middle,
        )
        : []),
    ],
  };
}

/** The loop, before and after. */
function drawWaiting({ left, outermost, waits, margin }: Layout): string[] {
  if (waits === 0) return [];
  return [left - waits, left + outermost].flatMap((x) =>
    drawLabelledBox({ x, y: margin, width: waits, height: HEIGHT }, {
      content: "waits",
      box: "library waits",
      text: "note",
    })
  );
}

/** In on the left side, and out on the right. */
function drawBetween(
  { x, width, bottom, y }: {
    x: number;
    width: number;
    bottom: number;
    y: number;
  },
  whose: Frame["whose"],
): string[] {
  const kind = whose === "ours" ? "ours" : "plain";
  const [call, back] = [x + ARROW, x + width - ARROW];
  return [
    ...drawArrow([{ x: call, y: bottom }, { x: call, y }], kind),
    ...drawArrow([{ x: back, y }, { x: back, y: bottom }], kind),
  ];
}

function drawBorder(
  y: number,
  { width, margin, hasNotes }: Layout,
  [above, below]: [Frame, Frame],
): string[] {
  const line = [{ x: margin, y }, { x: width - margin, y }];
  // Without a column of notes, the names stand between the arrows.
  const [x, kind] = hasNotes
    ? [width - margin, "label end"]
    : [width / 2, "label middle"];
  return [
    drawLine(line, "plain dashed"),
    drawText(OWNERS[above.whose], { x, y: y - 12 }, kind),
    drawText(OWNERS[below.whose], { x, y: y + 12 }, kind),
  ];
}
