/**
 * Where the stages of a chain stand in its picture.
 *
 * @module
 */

import { widthOf } from "../shared/svg.ts";
import type { Side } from "./step.ts";

/** What stands in the two boxes of a stage. */
export interface Names {
  callback: string;
  errback: string;
}

// All lengths are in pixels.
const NARROWEST_BOX = 132;
export const BOX_HEIGHT = 40;
/** From the left edge of a box to its line, which leaves room for the text beside it. */
const LINE = 18;
/** From the line to the text. */
export const BESIDE_LINE = 14;
/** From one box to the one beside it. */
const BESIDE = 28;
/** From one box to the one below it: room for a value. */
const BELOW = 56;
export const MARGIN = 24;
/** From the top of a panel to its first box: room for its title and a value. */
export const HEAD = 84;
/** From the last box to the bottom: room for a value. */
export const FOOT = 64;

/** How far a text beside the line of errbacks reaches beyond the boxes. */
export function overhang(text: string, boxWidth: number): number {
  return Math.max(0, LINE + BESIDE_LINE + widthOf(text) - boxWidth);
}

/** Where the two columns of a panel stand. */
export class Columns {
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

export function topOf(row: number): number {
  return HEAD + row * (BOX_HEIGHT + BELOW);
}

export function bottomOf(row: number): number {
  return topOf(row) + BOX_HEIGHT;
}
