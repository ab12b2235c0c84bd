/// <reference lib="dom" />
/**
 * What is said to those who cannot see the stage.
 *
 * @module
 */

import { element } from "../element.ts";

/** So long between two announcements, in milliseconds: they are heard to the end. */
const PAUSE = 3000;

/** Says what matters, and no more than can be listened to. */
export class Announcer {
  readonly element: HTMLElement = element("p", {
    class: "unseen",
    "aria-live": "polite",
  });
  #waiting: string[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Says it now, or with what comes until the last has been heard. */
  say(text: string): void {
    this.#waiting.push(text);
    if (this.#timer === undefined) this.#speak();
  }

  /** Says nothing any more. */
  dispose(): void {
    clearTimeout(this.#timer);
  }

  #speak(): void {
    this.#timer = undefined;
    if (this.#waiting.length === 0) return;
    this.element.textContent = this.#waiting.join(" ");
    this.#waiting = [];
    this.#timer = setTimeout(() => this.#speak(), PAUSE);
  }
}
