/**
 * A figure: what it shows, as data, and what kind of drawing that is.
 *
 * @module
 */

import {
  type ChainPicture,
  drawChain,
} from "../../examples/simulator/chain_picture.ts";
import { drawSVG } from "../../examples/shared/svg.ts";
import { type CallsPicture, drawCalls } from "./calls.ts";
import { type ContextPicture, drawContext } from "./context.ts";
import {
  type ConversationsPicture,
  drawConversations,
} from "./conversations.ts";
import { below, type Drawing } from "./drawing.ts";
import { drawLanes, type LanesPicture } from "./lanes.ts";
import { drawLoop, type LoopPicture } from "./loop.ts";
import { drawObjects, type ObjectsPicture } from "./objects.ts";

/** What is drawn, in one of the ways there are. */
export type Picture =
  | { kind: "lanes"; data: LanesPicture }
  | { kind: "loop"; data: LoopPicture; lanes?: LanesPicture }
  | { kind: "calls"; data: CallsPicture }
  | { kind: "objects"; data: ObjectsPicture }
  | { kind: "conversations"; data: ConversationsPicture }
  | { kind: "context"; data: ContextPicture }
  | { kind: "chain"; data: Omit<ChainPicture, "title"> };

/** One figure of the pages. */
export interface Figure {
  /** The file's name, without `.svg`. */
  name: string;
  /** The part that it belongs to. */
  part: number;
  /** Which figure of the Twisted Introduction has the same idea, if one has. */
  number?: number;
  /** What it shows, for those who cannot see it. */
  title: string;
  picture: Picture;
}

/** Draws a figure as SVG. */
export function drawFigure({ title, picture }: Figure): string {
  if (picture.kind === "chain") return drawChain({ title, ...picture.data });
  const { width, height, elements } = drawPicture(picture);
  return drawSVG({ width, height, title }, elements);
}

function drawPicture(picture: Exclude<Picture, { kind: "chain" }>): Drawing {
  switch (picture.kind) {
    case "lanes":
      return drawLanes(picture.data);
    case "loop":
      return picture.lanes
        ? below(drawLoop(picture.data), drawLanes(picture.lanes))
        : drawLoop(picture.data);
    case "calls":
      return drawCalls(picture.data);
    case "objects":
      return drawObjects(picture.data);
    case "conversations":
      return drawConversations(picture.data);
    case "context":
      return drawContext(picture.data);
  }
}
