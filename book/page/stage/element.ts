/// <reference lib="dom" />
/**
 * What elements show.
 *
 * @module
 */

import { element } from "../element.ts";

/** Sets a text, if it is another one: what a reader has selected stays. */
export function setText(shown: HTMLElement, text: string): void {
  if (shown.textContent !== text) shown.textContent = text;
}

/** A picture by itself: the rules of its style are for nothing else on the page. */
export class Picture {
  readonly element: HTMLElement = element("div", {
    class: "picture",
    role: "img",
  });
  #root = this.element.attachShadow({ mode: "open" });
  #drawn = "";

  /** Shows an SVG, with words for those who cannot see it. */
  show(svg: string, description: string): void {
    if (svg !== this.#drawn) {
      this.#root.innerHTML = `<style>svg{display:block;max-width:100%;` +
        `height:auto}</style>${svg}`;
      // The description says the same: two would be read one after the other.
      this.#root.querySelector("title")?.remove();
      this.#drawn = svg;
    }
    this.element.setAttribute("aria-label", description);
  }
}
