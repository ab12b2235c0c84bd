/// <reference lib="dom" />
/**
 * The loop: what it calls, what it waits for, and what it has called.
 *
 * @module
 */

import { element } from "../element.ts";
import { setText } from "./element.ts";
import { counted, type Loop } from "./loop.ts";
import { describeCall, describeLoop, showSeconds } from "./words.ts";

/** Shows the loop. */
export class LoopView {
  readonly element: HTMLElement;
  #loop: Loop;
  #waits = element("ul");
  #timers = element("ul");
  #calls = element("ul", { class: "calls" });
  #state = element("p");
  #when = element("h4");
  #asleep: HTMLElement;
  #calling: HTMLElement;
  #ring: HTMLElement;
  #rows = element("tbody");
  #table = table(this.#rows);

  constructor(loop: Loop) {
    this.#loop = loop;
    this.#asleep = element(
      "section",
      { class: "half waits", "aria-label": "What the loop waits for" },
      element("h4", {}, "waits for"),
      this.#waits,
      element("h4", {}, "timers"),
      this.#timers,
    );
    this.#calling = element(
      "section",
      { class: "half", "aria-label": "What the loop calls" },
      this.#when,
      this.#calls,
    );
    this.#ring = element(
      "div",
      { class: "ring" },
      this.#asleep,
      arrows(),
      this.#calling,
    );
    this.element = element(
      "div",
      {},
      this.#state,
      this.#ring,
      this.#table,
    );
  }

  /** Shows it as it is at a time. */
  draw(now: number): void {
    const loop = this.#loop;
    setText(this.#state, describeLoop(loop));
    this.#ring.hidden = loop.turns === 0;
    this.#table.hidden = loop.totals.length === 0;
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
        element(
          "tr",
          {},
          element(
            "th",
            { scope: "row" },
            name === "" ? kind : `${name}, ${kind}`,
          ),
          ...[`${count}`, showSeconds(total), showSeconds(longest)].map((
            text,
          ) => element("td", {}, text)),
        )
      ),
    );
  }
}

/** From waiting to calling, and back. */
function arrows(): HTMLElement {
  return element(
    "div",
    { class: "arrows", "aria-hidden": "true" },
    element("span", {}, "something has happened"),
    element("span", {}, "all are handled"),
  );
}

function table(rows: HTMLElement): HTMLElement {
  const heads = ["called", "times", "in all", "longest"];
  return element(
    "table",
    {},
    element("caption", {}, "All calls of the loop"),
    element(
      "thead",
      {},
      element(
        "tr",
        {},
        ...heads.map((head) => element("th", { scope: "col" }, head)),
      ),
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
  while (list.children.length < shown.length) list.append(element("li"));
  for (const [i, item] of [...list.children].entries()) {
    if (item instanceof HTMLElement) setText(item, shown[i] ?? "");
  }
}
