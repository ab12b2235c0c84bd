/// <reference lib="dom" />
/**
 * Where a reader says what the next pair does: by clicking, or as in the terminal.
 *
 * @module
 */

import {
  BadLine,
  type Pair,
  parsePair,
} from "../../../examples/simulator/pair.ts";
import type { Side } from "../../../examples/simulator/step.ts";
import { element } from "../element.ts";
import { setText } from "../stage/element.ts";

const COMMANDS = ["return", "fail", "passthru"] as const;

/** Makes pairs. */
export class PairForm {
  readonly element: HTMLElement;
  #callback = new ActionChoice("callback");
  #errback = new ActionChoice("errback");
  #line = element("input", {
    type: "text",
    placeholder: "r poem p",
    autocomplete: "off",
    autocapitalize: "off",
    spellcheck: "false",
  });
  #error = element("p", { class: "error", role: "alert" });
  #add: (pair: Pair) => void;

  constructor(add: (pair: Pair) => void) {
    this.#add = add;
    const clicked = element(
      "form",
      { class: "sides", "aria-label": "A pair, by clicking" },
      this.#callback.element,
      this.#errback.element,
      element("button", { type: "submit", class: "main" }, "Add this pair"),
    );
    const typed = element(
      "form",
      { class: "typed", "aria-label": "A pair, as in the terminal" },
      element("label", {}, "or as in the terminal: ", this.#line),
      element("button", { type: "submit" }, "Add"),
    );
    clicked.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit(`${this.#callback.text} ${this.#errback.text}`);
    });
    typed.addEventListener("submit", (event) => {
      event.preventDefault();
      if (this.#submit(this.#line.value)) this.#line.value = "";
    });
    this.element = element("div", {}, clicked, typed, this.#error);
  }

  #submit(line: string): boolean {
    try {
      this.#add(parsePair(line));
      setText(this.#error, "");
      return true;
    } catch (error) {
      if (!(error instanceof BadLine)) throw error;
      setText(
        this.#error,
        `${line.trim() || "An empty line"}: ${error.message}.`,
      );
      return false;
    }
  }
}

/** What one function of the pair does. */
class ActionChoice {
  readonly element: HTMLElement;
  #value = element("input", { type: "text", size: "8", autocomplete: "off" });
  #radios: HTMLInputElement[];

  constructor(side: Side) {
    this.#value.value = side === "callback" ? "poem" : "saved";
    const chosen = side === "callback" ? "return" : "passthru";
    this.#radios = COMMANDS.map((command) => {
      const attributes = { type: "radio", name: side, value: command };
      const radio = element("input", attributes);
      radio.checked = command === chosen;
      return radio;
    });
    this.element = element(
      "fieldset",
      { class: side },
      element("legend", {}, `The ${side}`),
      ...this.#radios.map((radio) => element("label", {}, radio, radio.value)),
      element("label", {}, "VALUE ", this.#value),
    );
    this.element.addEventListener("change", () => this.#update());
    this.#update();
  }

  /** As a line of the terminal has it. */
  get text(): string {
    const command = this.#command;
    return command === "passthru"
      ? command
      : `${command} ${this.#value.value.trim()}`;
  }

  get #command(): string {
    return this.#radios.find(({ checked }) => checked)?.value ?? "passthru";
  }

  #update(): void {
    this.#value.disabled = this.#command === "passthru";
  }
}
