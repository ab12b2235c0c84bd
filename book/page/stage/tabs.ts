/// <reference lib="dom" />
/**
 * Tabs, as the ARIA Authoring Practices describe them.
 *
 * @module
 */

import { element } from "../element.ts";

/** Something that can be looked at. */
export interface Panel {
  readonly name: string;
  readonly element: HTMLElement;
}

let count = 0;

/** Shows one of some panels. */
export class Tabs {
  readonly element: HTMLElement;
  #tabs: HTMLButtonElement[];
  #panels: HTMLElement[];
  #onChange: (selected: number) => void;
  #selected = 0;

  /**
   * @param selected which one is shown first
   * @param onChange called when the reader has chosen another
   */
  constructor(
    label: string,
    { panels, selected, onChange }: {
      panels: readonly Panel[];
      selected: number;
      onChange: (selected: number) => void;
    },
  ) {
    const id = `stage-${++count}`;
    this.#onChange = onChange;
    this.#tabs = panels.map(({ name }, i) =>
      element("button", {
        type: "button",
        role: "tab",
        id: `${id}-tab-${i}`,
        "aria-controls": `${id}-panel-${i}`,
      }, name)
    );
    this.#panels = panels.map((panel, i) =>
      element("div", {
        role: "tabpanel",
        id: `${id}-panel-${i}`,
        "aria-labelledby": `${id}-tab-${i}`,
        tabindex: "0",
      }, panel.element)
    );
    const list = element(
      "div",
      { role: "tablist", "aria-label": label },
      ...this.#tabs,
    );
    list.addEventListener("keydown", (event) => this.#onKey(event));
    for (const [i, tab] of this.#tabs.entries()) {
      tab.addEventListener("click", () => this.#choose(i));
    }
    this.element = element("div", { class: "tabs" }, list, ...this.#panels);
    this.#show(selected);
  }

  /** Which one is shown. */
  get selected(): number {
    return this.#selected;
  }

  #choose(index: number): void {
    this.#show(index);
    this.#onChange(index);
  }

  #show(index: number): void {
    this.#selected = index;
    for (const [i, tab] of this.#tabs.entries()) {
      tab.setAttribute("aria-selected", `${i === index}`);
      tab.tabIndex = i === index ? 0 : -1;
      this.#panels[i]?.toggleAttribute("hidden", i !== index);
    }
  }

  #onKey(event: KeyboardEvent): void {
    const last = this.#tabs.length - 1;
    const next = {
      ArrowRight: this.#selected === last ? 0 : this.#selected + 1,
      ArrowLeft: this.#selected === 0 ? last : this.#selected - 1,
      Home: 0,
      End: last,
    }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    this.#choose(next);
    this.#tabs[next]?.focus();
  }
}
