/// <reference lib="dom" />
/**
 * The loop: what it calls, what it waits for, and what it has called.
 *
 * @module
 */

import { drawSVG } from "../../../examples/shared/svg.ts";
import { drawLoop } from "../../../scripts/figures/loop.ts";
import { element } from "../element.ts";
import { Picture, setText } from "./element.ts";
import { counted, type Loop } from "./loop.ts";
import { describeCall, describeLoop, shorten, showSeconds } from "./words.ts";

/** Where nobody says how wide it is, in pixels. */
const NARROW = 320;
/** More are not drawn. */
const MOST_EVENTS = 6;
const MOST_CALLS = 6;
const LONGEST_TEXT = 60;

/** Shows the loop. */
export class LoopView {
  readonly element: HTMLElement;
  #loop: Loop;
  #state = element("p");
  #picture = new Picture();
  /** What the picture shows, for those who cannot see it. */
  #waits = element("ul", { "aria-label": "What the loop waits for" });
  #calls = element("ul", { "aria-label": "What the loop calls" });
  #rows = element("tbody");
  #table = table(this.#rows);

  constructor(loop: Loop) {
    this.#loop = loop;
    this.element = element(
      "div",
      {},
      this.#state,
      this.#picture.element,
      element("div", { class: "unseen" }, this.#waits, this.#calls),
      this.#table,
    );
  }

  /** Shows it as it is at a time. */
  draw(now: number): void {
    const loop = this.#loop;
    setText(this.#state, describeLoop(loop));
    this.#picture.element.hidden = loop.turns === 0;
    this.#table.hidden = loop.totals.length === 0;
    const waits = [
      ...counted(loop.readers).map((name) => `${name}, to read`),
      ...counted(loop.writers).map((name) => `${name}, to write`),
      ...loop.timers.map(({ name, time }) =>
        `${name}, in ${showSeconds(Math.max(0, time - now))}`
      ),
    ];
    const calls = loop.calls.map(describeCall);
    fill(this.#waits, waits, "nobody");
    fill(this.#calls, calls, "nothing");
    if (loop.turns > 0) this.#drawPicture(waits, calls);
    this.#drawTotals();
  }

  #drawPicture(waits: string[], calls: string[]): void {
    const { turns, state, current } = this.#loop;
    // The newest is the one that is being made.
    const shown = calls.slice(-MOST_CALLS);
    const { width, height, elements } = drawLoop({
      name: `turn ${turns}`,
      waits: "wait until something happens",
      handles: "handle one event after the other",
      before: ["something", "happened"],
      after: ["all is handled:", "wait again"],
      events: [
        ...waits.slice(0, MOST_EVENTS),
        ...more(waits.length - MOST_EVENTS, "more"),
      ].map(short),
      calls: [
        ...more(calls.length - MOST_CALLS, "before"),
        ...shown,
      ].map(short),
      ...(state === "asleep"
        ? { now: "waits" }
        : state === "calling"
        ? { now: "handles" }
        : {}),
      ...(current === undefined
        ? {}
        : { current: Math.min(calls.length - 1, MOST_CALLS) }),
    }, Math.floor(this.element.clientWidth) || NARROW);
    this.#picture.show(
      drawSVG({ width, height, title: "" }, elements),
      `The loop in turn ${turns}`,
    );
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
            ...breakable(name === "" ? kind : `${name}, ${kind}`),
          ),
          ...[`${count}`, showSeconds(total), showSeconds(longest)].map((
            text,
          ) => element("td", {}, text)),
        )
      ),
    );
  }
}

/** Names of classes may be broken where a word of theirs begins. */
function breakable(text: string): (Node | string)[] {
  return text.split(/(?<=[A-Z][a-z]+)(?=[A-Z])/)
    .flatMap((part, i) => i === 0 ? [part] : [element("wbr"), part]);
}

function short(text: string): string {
  return shorten(text, LONGEST_TEXT);
}

/** That not all are drawn, if not all are. */
function more(count: number, word: string): string[] {
  return count > 0 ? [`${count} ${word}`] : [];
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
