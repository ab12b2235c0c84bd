/// <reference lib="dom" />
/**
 * The poems, side by side.
 *
 * @module
 */

import { element } from "../element.ts";
import { setText } from "./element.ts";
import type { Poem, Poems } from "./poems.ts";
import { describePoem } from "./words.ts";

/** So near to its end a poem goes on with what comes, in pixels. */
const NEAR_END = 24;

/** Shows poems as they arrive. */
export class PoemsView {
  readonly element: HTMLElement = element("div", { class: "poems" });
  #poems: Poems;
  #columns: Column[];

  constructor(poems: Poems) {
    this.#poems = poems;
    this.#columns = poems.at(0).map((poem, i) => new Column(poem, i));
    this.element.append(...this.#columns.map(({ element }) => element));
  }

  /** Shows them as they are at a time. */
  draw(now: number): void {
    for (const [i, poem] of this.#poems.at(now).entries()) {
      this.#columns[i]?.show(poem);
    }
  }
}

class Column {
  readonly element: HTMLElement;
  #state = element("p", { class: "state" });
  #bar = element("span", { class: "bar" });
  #text: HTMLElement;

  constructor({ name, port }: Poem, index: number) {
    this.#text = element("pre", {
      tabindex: "0",
      role: "region",
      "aria-label": `${name}, as far as it has come`,
    });
    this.element = element(
      "section",
      { class: `poem task-${index % 3 + 1}`, "aria-label": name },
      element("h4", {}, name, element("span", { class: "muted" }, ` ${port}`)),
      element("div", { class: "track", "aria-hidden": "true" }, this.#bar),
      this.#state,
      this.#text,
    );
  }

  show(poem: Poem): void {
    this.#bar.style.width = `${(poem.share * 100).toFixed(1)}%`;
    setText(this.#state, describePoem(poem));
    const text = this.#text;
    if (text.textContent === poem.text) return;
    // Whoever has gone back to read is left alone.
    const wasAtEnd =
      text.scrollHeight - text.scrollTop - text.clientHeight < NEAR_END;
    text.textContent = poem.text;
    if (wasAtEnd) text.scrollTop = text.scrollHeight;
  }
}
