/// <reference lib="dom" />
/**
 * The loop: what it calls, what it waits for, and what it has called.
 *
 * @module
 */

import { h, setText } from "./element.ts";
import { counted, type Loop } from "./loop.ts";
import { describeCall, describeLoop, showSeconds } from "./words.ts";

/** Shows the loop. */
export class LoopView {
  readonly element: HTMLElement;
  #loop: Loop;
  #waits = h("ul");
  #timers = h("ul");
  #calls = h("ul", { class: "calls" });
  #state = h("p");
  #when = h("h4");
  #asleep: HTMLElement;
  #calling: HTMLElement;
  #rows = h("tbody");

  constructor(loop: Loop) {
    this.#loop = loop;
    this.#asleep = h(
      "section",
      { class: "half waits", "aria-label": "What the loop waits for" },
      h("h4", {}, "waits for"),
      this.#waits,
      h("h4", {}, "timers"),
      this.#timers,
    );
    this.#calling = h(
      "section",
      { class: "half", "aria-label": "What the loop calls" },
      this.#when,
      this.#calls,
    );
    this.element = h(
      "div",
      { class: "loop" },
      this.#state,
      h("div", { class: "ring" }, this.#asleep, arrows(), this.#calling),
      table(this.#rows),
    );
  }

  /** Shows it as it is at a time. */
  draw(now: number): void {
    const loop = this.#loop;
    setText(this.#state, describeLoop(loop));
    this.#asleep.classList.toggle("lit", loop.state === "asleep");
    this.#calling.classList.toggle("lit", loop.state === "calling");
    setText(
      this.#when,
      loop.state === "calling"
        ? "ready now, called one by one"
        : "were ready, and were called",
    );
    fill(this.#waits, [
      ...counted(loop.readers).map((name) => `${name}, to read`),
      ...counted(loop.writers).map((name) => `${name}, to write`),
    ], "nobody");
    fill(
      this.#timers,
      loop.timers.map(({ name, time }) =>
        `${name}, in ${showSeconds(Math.max(0, time - now))}`
      ),
      "none",
    );
    fill(this.#calls, loop.calls.map(describeCall), "nothing");
    for (const [i, item] of [...this.#calls.children].entries()) {
      const call = loop.calls[i];
      item.classList.toggle("now", call !== undefined && call === loop.current);
    }
    this.#drawTotals();
  }

  #drawTotals(): void {
    const { totals } = this.#loop;
    const key = totals.map(({ count }) => count).join();
    if (this.#rows.dataset["key"] === key) return;
    this.#rows.dataset["key"] = key;
    this.#rows.replaceChildren(
      ...totals.map(({ kind, name, count, total, longest }) =>
        h(
          "tr",
          {},
          h("th", { scope: "row" }, name === "" ? kind : `${name}, ${kind}`),
          ...[`${count}`, showSeconds(total), showSeconds(longest)].map((
            text,
          ) => h("td", {}, text)),
        )
      ),
    );
  }
}

/** From waiting to calling, and back. */
function arrows(): HTMLElement {
  return h(
    "div",
    { class: "arrows", "aria-hidden": "true" },
    h("span", {}, "something has happened →"),
    h("span", {}, "← all are handled"),
  );
}

function table(rows: HTMLElement): HTMLElement {
  const heads = ["called", "times", "in all", "longest"];
  return h(
    "table",
    {},
    h("caption", {}, "All calls of the loop"),
    h(
      "thead",
      {},
      h("tr", {}, ...heads.map((head) => h("th", { scope: "col" }, head))),
    ),
    rows,
  );
}

function fill(
  list: HTMLElement,
  texts: readonly string[],
  none: string,
): void {
  const shown = texts.length > 0 ? texts : [none];
  while (list.children.length > shown.length) list.lastChild?.remove();
  while (list.children.length < shown.length) list.append(h("li"));
  for (const [i, item] of [...list.children].entries()) {
    if (item instanceof HTMLElement) setText(item, shown[i] ?? "");
  }
}
