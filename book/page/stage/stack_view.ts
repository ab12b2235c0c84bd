/// <reference lib="dom" />
/**
 * Who called whom: the program within the library within the program, as it was.
 *
 * @module
 */

import { element } from "../element.ts";
import { setText } from "./element.ts";
import { Scrubber } from "./scrubber.ts";
import type { FrameGroup, Moment, Stacks } from "./stacks.ts";
import { showSeconds } from "./words.ts";

const OWNERS = { library: "Deferno's code", ours: "the program's code" };

/** Shows one of the stacks that were seen. */
export class StackView {
  readonly element: HTMLElement;
  #stacks: Stacks;
  #text = element("p");
  #groups = element("ol", {
    class: "stack",
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
    if (moment === undefined) {
      setText(this.#text, "Nobody has called anything worth a look yet.");
    } else if (moment !== this.#shown) {
      const { what, time, groups } = moment;
      setText(this.#text, `Who called whom, at ${showSeconds(time)}: ${what}.`);
      this.#groups.replaceChildren(...groups.map(drawGroup));
    }
    this.#shown = moment;
  }
}

function drawGroup(
  { whose, frames }: FrameGroup,
  depth: number,
): HTMLElement {
  return element(
    "li",
    { class: whose, style: `--depth: ${depth}` },
    element("p", { class: "owner" }, OWNERS[whose]),
    element(
      "ol",
      {},
      ...frames.map(({ name, place }) =>
        element(
          "li",
          {},
          element("code", {}, name === "(anonymous)" ? name : `${name}()`),
          ...(place === ""
            ? []
            : [" ", element("small", {}, place.replace(/:\d+$/, ""))]),
        )
      ),
    ),
  );
}
