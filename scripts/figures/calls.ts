/**
 * One call stack: each function inside of the one that called it, and a border wherever
 * the code changes hands.
 *
 * @module
 */

import { drawLabelledBox, drawText } from "../../examples/shared/svg.ts";
import { drawArrow, drawLine } from "../../examples/shared/svg_paths.ts";
import { type Drawing, MARGIN } from "./drawing.ts";

/** A function on the stack. */
export interface Frame {
  name: string;
  /** Whose code it is. */
  whose: "library" | "ours";
  /** What happens there, in a few words. */
  note: string;
}

/** A stack, from the loop down to the last one that is called. */
export interface CallsPicture {
  frames: Frame[];
}

const WIDTH = 800;
const WAITS = 52;
const LEFT = MARGIN + WAITS;
const TOP_WIDTH = 410;
const HEIGHT = 34;
/** How much narrower a function is than its caller, on each side. */
const INSET = 10;
const BETWEEN = 20;
/** Between two frames with a border. */
const AT_BORDER = 48;
const NOTES = LEFT + TOP_WIDTH + WAITS + 18;

const OWNERS = { library: "Deferno's code", ours: "our code" };

/** Draws the stack. */
export function drawCalls({ frames }: CallsPicture): Drawing {
  const elements: string[] = [];
  let y = MARGIN;
  for (const [depth, frame] of frames.entries()) {
    const x = LEFT + depth * INSET;
    const width = TOP_WIDTH - 2 * depth * INSET;
    elements.push(
      ...drawLabelledBox({ x, y, width, height: HEIGHT }, {
        content: frame.name,
        box: frame.whose,
      }),
      drawText(frame.note, { x: NOTES, y: y + HEIGHT / 2 }, "note"),
    );
    const next = frames[depth + 1];
    if (next === undefined) break;
    const isBorder = next.whose !== frame.whose;
    const bottom = y + HEIGHT;
    y = bottom + (isBorder ? AT_BORDER : BETWEEN);
    elements.push(...drawBetween({ x, width, bottom, y }, next.whose));
    if (isBorder) {
      elements.push(...drawBorder((bottom + y) / 2, frame.whose, next.whose));
    }
  }
  return {
    width: WIDTH,
    height: y + HEIGHT + MARGIN,
    elements: [...drawWaiting(), ...elements],
  };
}

/** The loop, before and after. */
function drawWaiting(): string[] {
  return [LEFT - WAITS, LEFT + TOP_WIDTH].flatMap((x) =>
    drawLabelledBox({ x, y: MARGIN, width: WAITS, height: HEIGHT }, {
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
  const [call, back] = [x + 2.2 * INSET, x + width - 2.2 * INSET];
  return [
    ...drawArrow([{ x: call, y: bottom }, { x: call, y }], kind),
    ...drawArrow([{ x: back, y }, { x: back, y: bottom }], kind),
  ];
}

function drawBorder(
  y: number,
  above: Frame["whose"],
  below: Frame["whose"],
): string[] {
  const line = [{ x: MARGIN, y }, { x: WIDTH - MARGIN, y }];
  const x = WIDTH - MARGIN;
  return [
    drawLine(line, "plain dashed"),
    drawText(OWNERS[above], { x, y: y - 12 }, "label end"),
    drawText(OWNERS[below], { x, y: y + 12 }, "label end"),
  ];
}
