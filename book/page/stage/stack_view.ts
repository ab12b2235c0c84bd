/// <reference lib="dom" />
/**
 * Who called whom: the program within the library within the program, as it was.
 *
 * @module
 */

import { drawSVG } from "../../../examples/shared/svg.ts";
import { drawCalls } from "../../../scripts/figures/calls.ts";
import type { Frame } from "../../worker/messages.ts";
import { element } from "../element.ts";
import { Picture, setText } from "./element.ts";
import { Scrubber } from "./scrubber.ts";
import {
  drawnFrames,
  type FrameGroup,
  type Moment,
  type Stacks,
} from "./stacks.ts";
import { shorten, showSeconds } from "./words.ts";

/** Where nobody says how wide it is, in pixels. */
const NARROW = 320;
const LONGEST_TEXT = 80;
const OWNERS = { library: "Deferno's code", ours: "our code" };

/** Shows one of the stacks that were seen. */
export class StackView {
  readonly element: HTMLElement;
  #stacks: Stacks;
  #text = element("p");
  #picture = new Picture();
  /** What the picture shows, for those who cannot see it. */
  #groups = element("ol", {
    class: "unseen",
    "aria-label": "Calls, outermost first",
  });
  #scrubber: Scrubber;
  #shown: Moment | undefined;

  constructor(stacks: Stacks, redraw: () => void) {
    this.#stacks = stacks;
    this.#scrubber = new Scrubber("Moment", redraw);
    this.element = element(
      "div",
      {},
      this.#text,
      this.#scrubber.element,
      this.#picture.element,
      this.#groups,
    );
  }

  /** Shows the newest, or the one that the reader has chosen. */
  draw(): void {
    const { moments } = this.#stacks;
    const count = moments.length;
    this.#scrubber.element.hidden = count === 0;
    this.#scrubber.setRange(1, Math.max(1, count));
    const moment = moments[this.#scrubber.value - 1];
    this.#scrubber.describe(`${this.#scrubber.value} of ${count}`);
    this.#picture.element.hidden = moment === undefined;
    if (moment === undefined) {
      setText(this.#text, "Nobody has called anything worth a look yet.");
    } else if (moment !== this.#shown) {
      const { what, time, groups } = moment;
      const isWhole = groups.every((group) =>
        drawnFrames(group).length === group.frames.length
      );
      setText(
        this.#text,
        `Who called whom, at ${showSeconds(time)}: ${what}.` +
          (isWhole ? "" : " What is private to Deferno is not drawn."),
      );
      this.#groups.replaceChildren(...groups.map(listGroup));
    }
    this.#shown = moment;
    if (moment) this.#drawPicture(moment);
  }

  #drawPicture({ groups, time }: Moment): void {
    const frames = groups.flatMap((group) =>
      drawnFrames(group).map((frame) => ({
        name: shorten(nameOf(frame), LONGEST_TEXT),
        whose: group.whose,
        note: shorten(placeOf(frame), LONGEST_TEXT),
      }))
    );
    const { width, height, elements } = drawCalls(
      { frames, waits: false },
      Math.floor(this.element.clientWidth) || NARROW,
    );
    this.#picture.show(
      drawSVG({ width, height, title: "" }, elements),
      `Who called whom, at ${showSeconds(time)}`,
    );
  }
}

function listGroup({ whose, frames }: FrameGroup): HTMLElement {
  return element(
    "li",
    {},
    `${OWNERS[whose]}: `,
    element(
      "ol",
      {},
      ...frames.map((frame) =>
        element(
          "li",
          {},
          element("code", {}, nameOf(frame)),
          ` ${placeOf(frame)}`,
        )
      ),
    ),
  );
}

function nameOf({ name }: Frame): string {
  return name === "(anonymous)" ? name : `${name}()`;
}

/** The file and the line. */
function placeOf({ place }: Frame): string {
  return place.replace(/:\d+$/, "");
}
