/// <reference lib="dom" />
/**
 * The simulator of examples/deferred-simulator.ts as a page: pairs are added by clicking,
 * and the chain is in the address.
 *
 * @module
 */

import { draw } from "../../examples/simulator/drawing.ts";
import type { Pair } from "../../examples/simulator/pair.ts";
import { drawPicture } from "../../examples/simulator/picture.ts";
import { simulate } from "../../examples/simulator/simulate.ts";
import {
  outcome,
  type Run,
  show,
  showFiring,
  type Side,
} from "../../examples/simulator/step.ts";
import {
  BadAddress,
  formatAddress,
  MOST_PAIRS,
  parseAddress,
  showCommand,
  showPair,
  type Simulation,
} from "./simulator/address.ts";
import { PairForm } from "./simulator/pair_form.ts";
import { SIMULATOR_STYLE } from "./simulator/style.ts";
import { SIMULATOR_ID } from "./simulator/template.ts";
import { element } from "./element.ts";
import { Picture, setText } from "./stage/element.ts";

const FIRINGS: Readonly<Record<string, readonly Side[]>> = {
  "in both ways": ["callback", "errback"],
  "with a result": ["callback"],
  "with a failure": ["errback"],
};

/** Where two drawings beside each other can still be read, in pixels. */
const ROOM_FOR_BOTH = 560;

/** The simulator, on its page. */
class Simulator {
  #simulation: Simulation = { pairs: [], sides: ["callback", "errback"] };
  #pairs = element("ol", { class: "pairs" });
  #empty = element("p", {}, "It has no pair yet.");
  #radios = Object.keys(FIRINGS).map((name) =>
    element("input", { type: "radio", name: "fire", value: name })
  );
  /** Both ways beside each other, or one of them; and the other one below. */
  #pictures = [new Picture(), new Picture()] as const;
  #text = element("pre", {
    tabindex: "0",
    "aria-label": "The drawing in characters",
  });
  #command = element("pre", { tabindex: "0", "aria-label": "The command" });
  #status = element("p", { role: "status" });
  #drawings: HTMLElement;

  constructor(host: HTMLElement) {
    const clear = button("Clear", () => this.#change({ pairs: [] }));
    const copy = button("Copy the address", () => void this.#copy());
    this.#drawings = element(
      "div",
      {},
      ...this.#pictures.map(({ element }) => element),
      element(
        "details",
        {},
        element("summary", {}, "In characters, as the terminal draws it"),
        this.#text,
      ),
      element("h2", {}, "The same in a terminal"),
      this.#command,
    );
    host.attachShadow({ mode: "open" }).append(
      element("style", {}, SIMULATOR_STYLE),
      new PairForm((pair) => this.#add(pair)).element,
      element("h2", {}, "The chain"),
      this.#empty,
      this.#pairs,
      element(
        "fieldset",
        { class: "fire" },
        element("legend", {}, "Fire it"),
        ...this.#radios.map((radio) =>
          element("label", {}, radio, radio.value)
        ),
      ),
      element("p", { class: "buttons" }, copy, clear),
      this.#status,
      this.#drawings,
    );
    for (const radio of this.#radios) {
      radio.addEventListener("change", () => {
        this.#change({ sides: FIRINGS[radio.value] ?? [] });
      });
    }
    addEventListener("hashchange", () => this.#read());
    new ResizeObserver(() => this.#drawRuns()).observe(this.#drawings);
    this.#read();
  }

  /** Takes the chain from the address. */
  #read(): void {
    try {
      this.#simulation = parseAddress(location.hash);
      this.#draw();
      setText(this.#status, "");
    } catch (error) {
      if (!(error instanceof BadAddress)) throw error;
      this.#simulation = { ...this.#simulation, pairs: [] };
      this.#draw();
      setText(this.#status, error.message);
    }
  }

  #change(changed: Partial<Simulation>): void {
    this.#simulation = { ...this.#simulation, ...changed };
    history.replaceState(null, "", formatAddress(this.#simulation));
    this.#draw();
    setText(this.#status, this.#runs().map(describeRun).join(" "));
  }

  #add(pair: Pair): void {
    const { pairs } = this.#simulation;
    if (pairs.length < MOST_PAIRS) this.#change({ pairs: [...pairs, pair] });
    else setText(this.#status, `A chain has at most ${MOST_PAIRS} pairs here.`);
  }

  #remove(index: number): void {
    const pairs = this.#simulation.pairs.filter((_, i) => i !== index);
    this.#change({ pairs });
    // The button that had the focus is gone.
    const buttons = this.#pairs.querySelectorAll("button");
    buttons[Math.min(index, buttons.length - 1)]?.focus();
  }

  #runs(): Run[] {
    const { pairs, sides } = this.#simulation;
    if (pairs.length === 0) return [];
    return sides.map((side) => simulate([...pairs], side));
  }

  #draw(): void {
    const { pairs, sides } = this.#simulation;
    this.#pairs.replaceChildren(
      ...pairs.map((pair, i) => {
        const remove = button("Remove", () => this.#remove(i));
        remove.setAttribute("aria-label", `Remove ${showPair(pair)}`);
        return element(
          "li",
          {},
          element("code", {}, showPair(pair)),
          " ",
          remove,
        );
      }),
    );
    for (const radio of this.#radios) {
      radio.checked = `${FIRINGS[radio.value]}` === `${sides}`;
    }
    this.#empty.hidden = pairs.length > 0;
    this.#drawings.hidden = pairs.length === 0;
    if (pairs.length === 0) return;
    setText(this.#command, showCommand(this.#simulation));
    this.#drawRuns();
  }

  /** Beside each other where there is room. */
  #drawRuns(): void {
    const pairs = [...this.#simulation.pairs];
    const runs = this.#runs();
    const isWide = this.#drawings.clientWidth >= ROOM_FOR_BOTH;
    for (const [i, picture] of this.#pictures.entries()) {
      const shown = isWide ? (i === 0 ? runs : []) : runs.slice(i, i + 1);
      picture.element.hidden = shown.length === 0;
      if (shown.length === 0) continue;
      picture.show(drawPicture(pairs, shown), shown.map(describeRun).join(" "));
    }
    const columns = columnsOf(this.#command);
    setText(this.#text, draw(pairs, runs, columns).join("\n"));
  }

  async #copy(): Promise<void> {
    const address = new URL(formatAddress(this.#simulation), location.href);
    try {
      await navigator.clipboard.writeText(address.href);
      setText(this.#status, "The address is copied.");
    } catch {
      // A page without permission: there it can be read.
      setText(this.#status, `The address: ${address.href}`);
    }
  }
}

function describeRun(run: Run): string {
  return `${showFiring(run)} ends with ${show(outcome(run))}.`;
}

/** How many characters fit into a line. */
function columnsOf(text: HTMLElement): number {
  const characters = element("span", {}, "0".repeat(100));
  const line = element("span", { style: "display: block" }, characters);
  text.append(line);
  const columns = line.offsetWidth / (characters.offsetWidth / 100);
  line.remove();
  return Math.floor(columns);
}

function button(text: string, onClick: () => void): HTMLButtonElement {
  const made = element("button", { type: "button" }, text);
  made.addEventListener("click", onClick);
  return made;
}

const host = document.getElementById(SIMULATOR_ID);
if (host) new Simulator(host);
