/// <reference lib="dom" />
/**
 * A deferred: its chain, and the way that its result took.
 *
 * @module
 */

import { drawChain } from "../../../examples/simulator/chain_picture.ts";
import { sideOf, type Value } from "../../../examples/simulator/step.ts";
import {
  after,
  type Chain,
  type Chains,
  describeChain,
  MISSING,
} from "./chains.ts";
import { element } from "../element.ts";
import { Picture, setText } from "./element.ts";
import { Scrubber } from "./scrubber.ts";
import { shorten } from "./words.ts";

/** So long a stage is lit before the next one, in milliseconds. */
const REVEAL = 160;
/** More are not offered; the newest are. */
const MOST_DEFERREDS = 12;
const LONGEST_NAME = 24;
const LONGEST_VALUE = 16;

/** Shows one of the deferreds. */
export class ChainView {
  readonly element: HTMLElement;
  #chains: Chains;
  #buttons = element("div", { class: "choices", role: "group" });
  #picture = new Picture();
  #text = element("p");
  #way = element("ol", { class: "way" });
  #scrubber: Scrubber;
  #redraw: () => void;
  /** The one that the reader has chosen, else the newest is shown. */
  #chosen: number | undefined;
  #shown: number | undefined;
  #revealed = 0;
  #nextReveal = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #movesAllowed: () => boolean;

  constructor(
    chains: Chains,
    { redraw, movesAllowed }: {
      redraw: () => void;
      movesAllowed: () => boolean;
    },
  ) {
    this.#chains = chains;
    this.#redraw = redraw;
    this.#movesAllowed = movesAllowed;
    this.#buttons.setAttribute("aria-label", "Which deferred");
    this.#scrubber = new Scrubber("Stages run", redraw);
    this.element = element(
      "div",
      { class: "chain" },
      this.#buttons,
      this.#text,
      this.#scrubber.element,
      element("div", { class: "parts" }, this.#picture.element, this.#way),
    );
  }

  /** Shows the deferred as it is. */
  draw(): void {
    const all = this.#chains.all
      .filter(({ stages, run }) => stages.length > 0 || run !== undefined);
    const chain = all.find(({ number }) => number === this.#chosen) ??
      newest(all);
    this.#picture.element.hidden = chain === undefined;
    this.#way.hidden = chain === undefined;
    this.#scrubber.element.hidden = chain?.run === undefined;
    if (chain === undefined) {
      setText(this.#text, "No deferred yet.");
      return;
    }
    this.#offer(all.slice(-MOST_DEFERREDS), chain.number);
    this.#show(chain);
  }

  #offer(all: readonly Chain[], shown: number): void {
    const numbers = all.map(({ number }) => `${number}`).join();
    if (this.#buttons.dataset["numbers"] !== numbers) {
      this.#buttons.dataset["numbers"] = numbers;
      this.#buttons.replaceChildren(...all.map(({ number }) => {
        const button = element(
          "button",
          { type: "button" },
          `Deferred ${number}`,
        );
        button.addEventListener("click", () => {
          this.#chosen = this.#chosen === number ? undefined : number;
          this.#scrubber.follow();
          this.#redraw();
        });
        return button;
      }));
    }
    for (const [i, button] of [...this.#buttons.children].entries()) {
      button.setAttribute("aria-pressed", `${all[i]?.number === shown}`);
    }
  }

  #show(chain: Chain): void {
    const count = chain.run?.steps.length ?? 0;
    if (this.#shown !== chain.number) {
      this.#shown = chain.number;
      this.#revealed = chain.state === "ended" && this.#chosen ? count : 0;
      this.#nextReveal = performance.now() + REVEAL;
    }
    this.#reveal(count);
    this.#scrubber.setRange(0, count, this.#revealed);
    const shown = this.#scrubber.value;
    const run = after(chain, shown);
    // A stage is lit as it was called: in the middle of it, and when that is over.
    const isNewest = this.#scrubber.follows && shown === this.#revealed;
    const isRunning = shown < count
      ? isNewest && this.#movesAllowed()
      : chain.isInStage;
    this.#scrubber.describe(`${shown} of ${count}`);
    setText(this.#text, `${describeChain(chain)}.`);
    this.#showWay(chain, shown);
    this.#picture.show(
      drawChain({
        title: "",
        stages: chain.stages.map(({ callback, errback }) => ({
          callback: shorten(callback, LONGEST_NAME),
          errback: shorten(errback, LONGEST_NAME),
        })),
        panels: [
          run
            ? { title: `${run.side}(${show(run.initial)})`, run, isRunning }
            : { title: { callback: "callback()", errback: "errback()" } },
        ],
        show,
      }),
      chain.run
        ? `The way through the chain of deferred ${chain.number}`
        : `The chain of deferred ${chain.number}, not fired`,
    );
  }

  #showWay(chain: Chain, shown: number): void {
    const lines = linesOf(chain);
    const key = `${chain.number} ${lines.map((line) => line.textContent)}`;
    if (this.#way.dataset["key"] !== key) {
      this.#way.dataset["key"] = key;
      this.#way.replaceChildren(...lines);
    }
    // The picture says it already, to those who can see it.
    this.#way.classList.toggle("unseen", chain.run === undefined);
    for (const [i, line] of [...this.#way.children].entries()) {
      line.classList.toggle("later", chain.run !== undefined && i > shown);
    }
  }

  /** One stage after the other, so that the way can be followed. */
  #reveal(count: number): void {
    if (this.#revealed >= count) {
      this.#nextReveal = performance.now() + REVEAL;
      return;
    }
    if (!this.#movesAllowed()) this.#revealed = count;
    else if (performance.now() >= this.#nextReveal) {
      this.#revealed++;
      this.#nextReveal += REVEAL;
    }
    if (this.#revealed < count) {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(this.#redraw, REVEAL);
    }
  }
}

/** The one that something has happened to last; of those that only wait, the first. */
function newest(all: readonly Chain[]): Chain | undefined {
  return all.reduce<Chain | undefined>(
    (best, chain) =>
      best === undefined ||
        (chain.run !== undefined &&
          (best.run === undefined || chain.time >= best.time))
        ? chain
        : best,
    undefined,
  );
}

function show({ text, failed }: Value): string {
  // A failure is known by its class.
  const short = failed ? text.replace(/^(\w+): .*$/s, "$1") : text;
  return shorten(short.replaceAll(/(\\n|\s)+/g, " "), LONGEST_VALUE);
}

/** What the picture shows, a stage a line. */
function linesOf({ stages, run }: Chain): HTMLElement[] {
  if (run === undefined) {
    return stages.map(({ callback, errback }) =>
      element(
        "li",
        {},
        element("code", {}, callback),
        " or ",
        element("code", {}, errback),
      )
    );
  }
  const { side, initial, steps } = run;
  return [
    element(
      "li",
      { class: side },
      element("code", {}, side),
      ` with ${initial.text}`,
    ),
    ...steps.map(({ side, result }, i) =>
      element(
        "li",
        { class: sideOf(result) },
        element("code", {}, stages[i]?.[side] ?? MISSING),
        result.failed ? " failed with " : " returned ",
        result.text,
      )
    ),
  ];
}
