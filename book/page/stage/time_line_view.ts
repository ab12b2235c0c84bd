/// <reference lib="dom" />
/**
 * What ran when.
 *
 * @module
 */

import { element } from "../element.ts";
import { Picture, setText } from "./element.ts";
import type { TimeLine } from "./time_line.ts";
import { showSeconds } from "./words.ts";

/** Where nobody says how wide it is, in pixels. */
const NARROW = 320;

/** Shows the line of time. */
export class TimeLineView {
  readonly element: HTMLElement;
  #line: TimeLine;
  #picture = new Picture();
  #text = element("p");

  constructor(line: TimeLine) {
    this.#line = line;
    this.element = element("div", {}, this.#text, this.#picture.element);
  }

  /** Shows it up to a time. */
  draw(now: number): void {
    const [worst] = this.#line.blocking(now);
    const text = !this.#line.hasLoop
      ? "A box is a connection, and each line in it a piece that came."
      : worst === undefined
      ? "Each line is a call, or a piece that came. Nothing has blocked the loop."
      : `Blocked: ${worst.name} took ${
        showSeconds(worst.seconds)
      }, in which nobody else was called.`;
    setText(this.#text, text);
    const width = Math.floor(this.element.clientWidth) || NARROW;
    this.#picture.show(
      this.#line.draw(now, width),
      `What ran when, from 0 to ${showSeconds(now)}. ${text}`,
    );
  }
}
