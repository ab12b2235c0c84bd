/// <reference lib="dom" />
/**
 * What programs print, as in terminals: one for the program, one for each that runs
 * beside it.
 *
 * @module
 */

import { element } from "./element.ts";

/** More than this is cut at the beginning, in characters. */
const MOST_TEXT = 200_000;

/** A drawing in characters: its lines must not be wrapped. */
const DRAWING = /[█░]|-{10}|\| +\|/;

type Kind = "stdout" | "stderr" | "note";

/** The terminals of a player. */
export class Terminals {
  readonly root = element("div", { class: "terminals" });
  #screens = new Map<string, Screen>();
  #main = new Screen("Output", true);

  constructor() {
    this.root.append(this.#main.root);
  }

  /** Shows text: in the program's terminal, or in one with a title. */
  print(kind: Kind, text: string, title?: string): void {
    this.#screen(title).print(kind, text);
  }

  /** Shows at once what waits for the browser's next frame. */
  draw(): void {
    for (const screen of [this.#main, ...this.#screens.values()]) screen.draw();
  }

  #screen(title: string | undefined): Screen {
    if (title === undefined) return this.#main;
    let screen = this.#screens.get(title);
    if (screen === undefined) {
      screen = new Screen(title, false);
      this.#screens.set(title, screen);
      this.root.append(screen.root);
    }
    return screen;
  }
}

class Screen {
  readonly root: HTMLElement;
  #log: HTMLElement;
  #length = 0;
  #waiting: [Kind, string][] = [];
  #frame = 0;

  constructor(title: string, isMain: boolean) {
    this.#log = element("pre", {
      class: "terminal",
      role: "log",
      tabindex: "0",
      "aria-live": "off",
      "aria-label": isMain ? title : `Output of ${title}`,
    });
    this.root = isMain ? this.#log : element(
      "details",
      { class: "beside", open: "" },
      element("summary", {}, title),
      this.#log,
    );
  }

  print(kind: Kind, text: string): void {
    const last = this.#waiting.at(-1);
    if (last?.[0] === kind) last[1] += text;
    else this.#waiting.push([kind, text]);
    this.#frame ||= requestAnimationFrame(() => this.draw());
  }

  draw(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    const log = this.#log;
    const isAtEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 20;
    for (const [kind, text] of this.#waiting) {
      const part = text.slice(-MOST_TEXT);
      if (DRAWING.test(part)) log.classList.add("drawn");
      this.#length += part.length;
      log.append(element("span", { class: kind }, part));
    }
    this.#waiting = [];
    while (this.#length > MOST_TEXT && log.childNodes.length > 1) {
      this.#length -= log.firstChild?.textContent?.length ?? 0;
      log.firstChild?.remove();
    }
    if (isAtEnd) log.scrollTop = log.scrollHeight;
  }
}
