/// <reference lib="dom" />
/**
 * The buttons of a player.
 *
 * @module
 */

import type { ProgramDescription } from "./description.ts";
import { button, element } from "./element.ts";

/** What a program is doing. */
export type State = "loading" | "running" | "paused" | "over";

/** What the buttons do. */
export interface Actions {
  toggle(): void;
  step(size: "call" | "turn"): void;
  restart(): void;
  interrupt(): void;
  close(): void;
  setSpeed(speed: number): void;
  kill(port: number): void;
}

const SPEEDS: readonly (readonly [text: string, speed: number])[] = [
  ["0.1 ×", 0.1],
  ["0.2 ×", 0.2],
  ["0.5 ×", 0.5],
  ["1 ×", 1],
  ["2 ×", 2],
  ["5 ×", 5],
  ["10 ×", 10],
  ["at once", Infinity],
];

/** The tool bar, and the row of choices. */
export class Controls {
  readonly root: HTMLElement;
  #toggle: HTMLButtonElement;
  #steps: HTMLButtonElement[];
  #interrupt: HTMLButtonElement;
  #kills: HTMLButtonElement[] = [];
  #time = element("output", { class: "time", "aria-label": "Time" });
  #speed = element("select", { name: "speed" });
  #timeout: HTMLInputElement | undefined;
  #missing = new Set<number>();

  constructor(program: ProgramDescription, actions: Actions) {
    this.#toggle = button("Pause", "Lets time go on, or stand still", () => {
      actions.toggle();
    });
    this.#toggle.classList.add("toggle");
    this.#steps = [
      button("One call", "Goes on until the next call has been made", () => {
        actions.step("call");
      }),
      button("One turn", "Makes all calls of the same moment", () => {
        actions.step("turn");
      }),
    ];
    this.#interrupt = button("Ctrl-C", "Interrupts the program", () => {
      actions.interrupt();
    });
    const bar = element(
      "div",
      { class: "bar", role: "group", "aria-label": "The program's time" },
      this.#toggle,
      ...this.#steps,
      button("Restart", "Goes back to the start", () => actions.restart()),
      this.#interrupt,
      this.#speedLabel(program, actions),
      this.#time,
      button("Close", "Ends the program, and shows the page's text", () => {
        actions.close();
      }),
    );
    this.root = element("div", { class: "controls" }, bar);
    const choices = this.#choices(program, actions);
    if (choices.length > 0) {
      this.root.append(element("div", { class: "choices" }, ...choices));
    }
  }

  /** Ports where nobody listens, from the next start on. */
  get missing(): ReadonlySet<number> {
    return this.#missing;
  }

  /** The limit that was typed, from the next start on. */
  get timeout(): string {
    return this.#timeout?.value.trim() ?? "";
  }

  get speed(): number {
    return SPEEDS[this.#speed.selectedIndex]?.[1] ?? 1;
  }

  /** Enables what makes sense. */
  show(state: State): void {
    const isAlive = state === "running" || state === "paused";
    this.#toggle.textContent = state === "running" ? "Pause" : "Run";
    for (const one of this.#steps) one.disabled = !isAlive;
    this.#interrupt.disabled = !isAlive;
    for (const one of this.#kills) one.disabled = !isAlive;
  }

  /** The servers are there again. */
  revive(): void {
    for (const one of this.#kills) one.textContent = "Kill";
  }

  /** Has the first button take the keyboard. */
  focus(): void {
    this.#toggle.focus();
  }

  showTime(seconds: number): void {
    this.#time.textContent = `${seconds.toFixed(2)} s`;
  }

  #speedLabel({ hasThreads }: ProgramDescription, actions: Actions) {
    const select = this.#chooseSpeed(actions);
    select.disabled = hasThreads;
    const label = element("label", {}, "Speed ", select);
    if (hasThreads) label.title = "Threads are as fast as the machine";
    return label;
  }

  #chooseSpeed(actions: Actions): HTMLSelectElement {
    for (const [text, speed] of SPEEDS) {
      const option = element("option", {}, text);
      option.selected = speed === 1;
      this.#speed.append(option);
    }
    this.#speed.addEventListener("change", () => actions.setSpeed(this.speed));
    return this.#speed;
  }

  #choices(program: ProgramDescription, actions: Actions): HTMLElement[] {
    const choices = [
      ...program.servers.map(({ port, file }) => [port, file] as const),
      ...program.peers.map(({ port, path }) => [port, path] as const),
    ].map(([port, path]) => this.#server(port, path, actions));
    if (program.takesTimeout) {
      this.#timeout = element("input", {
        type: "text",
        inputmode: "decimal",
        size: "4",
        placeholder: "none",
        name: "timeout",
      });
      choices.push(
        element(
          "label",
          { title: "From the next start on" },
          "--timeout ",
          this.#timeout,
          " s",
        ),
      );
    }
    return choices;
  }

  #server(port: number, path: string, actions: Actions): HTMLElement {
    const name = path.replace(/^.*\//, "");
    const isThere = element("input", {
      type: "checkbox",
      name: `port-${port}`,
    });
    isThere.checked = true;
    isThere.addEventListener("change", () => {
      if (isThere.checked) this.#missing.delete(port);
      else this.#missing.add(port);
    });
    const kill = button(
      "Kill",
      `Ends the server of ${name} in mid-poem`,
      () => {
        actions.kill(port);
        kill.textContent = "Killed";
        kill.disabled = true;
      },
    );
    kill.setAttribute("aria-label", `Kill the server on port ${port}`);
    this.#kills.push(kill);
    return element(
      "span",
      { class: "server" },
      element(
        "label",
        { title: "Whether it is there, from the next start on" },
        isThere,
        ` ${name} on ${port} `,
      ),
      kill,
    );
  }
}
