/// <reference lib="dom" />
/**
 * Making elements.
 *
 * @module
 */

/** Makes an element with attributes and children; what is `false` is left out. */
export function h<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Readonly<Record<string, string | number | boolean>> = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== false) {
      element.setAttribute(name, value === true ? "" : `${value}`);
    }
  }
  element.append(...children);
  return element;
}

/** Sets the text of an element, if it is another one: what a reader has selected stays. */
export function setText(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

/** A picture by itself: the rules of its style are for nothing else on the page. */
export class Picture {
  readonly element: HTMLElement = h("div", { class: "picture", role: "img" });
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
