/// <reference lib="dom" />
/**
 * A slider over what has happened so far. It follows the newest, until the reader goes
 * back.
 *
 * @module
 */

import { element } from "../element.ts";
import { setText } from "./element.ts";

/** Chooses one of some moments. */
export class Scrubber {
  readonly element: HTMLElement;
  #range: HTMLInputElement;
  #text = element("output");
  #follows = true;

  /**
   * @param label what it goes through
   * @param onChange called when the reader has moved it
   */
  constructor(label: string, onChange: () => void) {
    this.#range = element("input", {
      type: "range",
      min: "0",
      max: "0",
      value: "0",
    });
    this.element = element("label", { class: "scrubber" }, label, this.#range);
    this.element.append(this.#text);
    this.#range.addEventListener("input", () => {
      this.#follows = this.#range.value === this.#range.max;
      onChange();
    });
  }

  /** Where it stands. */
  get value(): number {
    return this.#range.valueAsNumber;
  }

  /** Whether it is at the newest, and goes on with it. */
  get follows(): boolean {
    return this.#follows;
  }

  /** Goes back to the newest. */
  follow(): void {
    this.#follows = true;
  }

  /**
   * Says how many moments there are.
   *
   * @param newest where it goes while it follows
   */
  setRange(min: number, max: number, newest: number = max): void {
    this.#range.min = `${min}`;
    this.#range.max = `${max}`;
    if (this.#follows) this.#range.value = `${newest}`;
    this.#range.disabled = max <= min;
  }

  /** Says what is there. */
  describe(text: string): void {
    setText(this.#text, text);
    this.#range.setAttribute("aria-valuetext", text);
  }
}
