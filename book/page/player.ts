/// <reference lib="dom" />
/**
 * A program of a page, and what there is to do with it.
 *
 * @module
 */

import type { Report } from "../worker/messages.ts";
import { Controls, type State } from "./controls.ts";
import type { ProgramDescription } from "./description.ts";
import type { EditorView } from "./editor.ts";
import { button, element } from "./element.ts";
import { PageClock } from "./page_clock.ts";
import { Runner } from "./runner.ts";
import { setUp } from "./setup.ts";
import { checkoutText, siteUrl } from "./site.ts";
import { createStage, type Stage } from "./stage/stage.ts";
import { Terminals } from "./terminal.ts";

const EDITOR_HINT = "Run, Restart or Ctrl-Enter (⌘-Enter) runs this text. " +
  "Close forgets it.";

let count = 0;

/** Runs one command of a page. */
export class Player {
  readonly root: HTMLElement;
  #program: ProgramDescription;
  #controls: Controls;
  #clock = new PageClock();
  #runner: Runner | undefined;
  #stage: Stage | undefined;
  #terminals = new Terminals();
  #stageHost = element("div", { class: "stage" });
  #editorHost = element("div", { class: "editor", hidden: "" });
  #editor: EditorView | undefined;
  #status = element("p", { class: "status", role: "status" });
  #warning = element("div", { class: "warning", role: "alert" });
  #state: State = "over";
  #frame = 0;
  #starts = 0;
  #onClose: () => void;

  constructor(program: ProgramDescription, onClose: () => void) {
    this.#program = program;
    this.#onClose = onClose;
    this.#controls = new Controls(program, {
      toggle: () => this.#toggle(),
      step: (size) => this.#step(size),
      restart: () => void this.start(this.#state === "paused"),
      interrupt: () => {
        this.#terminals.print("note", "^C\n");
        this.#runner?.interrupt(this.#clock.now());
      },
      close: () => this.close(),
      setSpeed: (speed) => {
        this.#clock.setSpeed(speed);
        this.#runner?.order({ order: "speed", speed });
      },
      kill: (port) => this.#runner?.order({ order: "kill", port }),
    });
    this.root = element(
      "section",
      { class: "live", "aria-label": `${program.path}, run ${++count}` },
      this.#controls.root,
      this.#editorHost,
      this.#warning,
      element(
        "div",
        { class: "panes" },
        this.#terminals.root,
        this.#stageHost,
      ),
      this.#status,
    );
    this.#setState("over");
  }

  /** Starts the program, anew if it runs. */
  async start(paused = false): Promise<void> {
    this.#end();
    const current = ++this.#starts;
    const terminals = new Terminals();
    this.#terminals.root.replaceWith(terminals.root);
    this.#terminals = terminals;
    this.#status.textContent = "";
    this.#setState("loading");
    const { missing, timeout } = this.#controls;
    try {
      const code = await this.#code();
      const choices = { missing, timeout, paused, code };
      const set = await setUp(this.#program, choices);
      // Somebody was faster, or has closed it.
      if (current !== this.#starts) return;
      const { speed } = this.#controls;
      const program = { ...set, speed };
      this.#clock = new PageClock();
      this.#clock.setSpeed(speed);
      this.#controls.revive();
      this.#stage = createStage(this.#stageHost, program);
      this.#runner = new Runner(program, {
        report: (report) => this.#take(report, paused),
        stuck: (what) => this.#warn(what),
        unstuck: () => this.#warning.replaceChildren(),
      });
      this.#tick();
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Has the buttons take the keyboard. */
  focus(): void {
    this.#controls.focus();
  }

  /** Shows the program's text. */
  async edit(): Promise<void> {
    if (this.#editor !== undefined) {
      this.#editorHost.hidden = !this.#editorHost.hidden;
      if (!this.#editorHost.hidden) this.#editor.focus();
      return;
    }
    try {
      const { path } = this.#program;
      const module: typeof import("./editor.ts") = await import(
        siteUrl("editor.js")
      );
      const text = await checkoutText(path);
      this.#editorHost.hidden = false;
      this.#editorHost.append(element("p", { class: "hint" }, EDITOR_HINT));
      this.#editor = module.createEditor(this.#editorHost, path, text, () => {
        void this.start();
      });
      this.#editor.focus();
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Ends the program, and goes away. */
  close(): void {
    this.#starts++;
    this.#end();
    this.#onClose();
  }

  async #code(): Promise<string | undefined> {
    return this.#editor === undefined ? undefined : await this.#editor.compile(
      siteUrl("checkout/"),
    );
  }

  #toggle(): void {
    if (this.#state === "loading") return;
    if (this.#state === "over") return void this.start();
    if (this.#state === "running") {
      this.#runner?.order({ order: "pause" });
      this.#pause();
    } else {
      this.#runner?.order({ order: "run" });
      this.#run();
    }
  }

  #step(size: "call" | "turn"): void {
    this.#runner?.order({ order: "step", size });
    this.#pause();
  }

  #run(): void {
    this.#clock.run();
    this.#setState("running");
    this.#status.textContent = `${this.#program.path} runs.`;
  }

  #pause(): void {
    this.#clock.stop(this.#clock.now());
    this.#setState("paused");
    this.#status.textContent = `${this.#program.path} stands still.`;
  }

  #take(report: Report, paused: boolean): void {
    switch (report.report) {
      case "ready":
        if (paused) this.#pause();
        else this.#run();
        break;
      case "events":
        this.#clock.reported(report.events.at(-1)?.time ?? 0);
        this.#stage?.events(report.events);
        break;
      case "output": {
        const { stream, text, terminal, time, stack } = report;
        this.#clock.reported(time);
        this.#terminals.print(stream, text, terminal);
        if (terminal === undefined) {
          this.#stage?.output(stream, text, time, stack);
        }
        break;
      }
      case "still":
        if (this.#state === "paused") this.#clock.stop(report.time);
        break;
      case "exit":
        if (report.isRefused && this.#editor !== undefined) {
          void this.#explain(this.#editor, report.error ?? "");
        } else this.#exit(report);
    }
  }

  /** The engine has not taken the edited program. */
  async #explain(editor: EditorView, error: string): Promise<void> {
    const current = this.#starts;
    const reason = error.replace(/^error: Uncaught \(in promise\) /, "");
    const text = await editor.explain(siteUrl("checkout/"), reason)
      .catch(() => reason);
    if (current === this.#starts) this.#fail(new Error(text));
  }

  #exit(
    { status, time, error }: Extract<Report, { report: "exit" }>,
  ): void {
    this.#clock.stop(time);
    this.#stage?.tick(time);
    this.#stage?.end(status);
    if (error !== undefined) this.#terminals.print("stderr", `${error}\n`);
    this.#over(`Exit status ${status}, after ${time.toFixed(2)} s.`);
  }

  #warn(what: string): void {
    const stop = button("Stop", "Ends the program", () => {
      this.#end();
      this.#terminals.print("note", `Stopped in ${what}\n`);
      this.#over(`Stopped: ${what} did not return.`);
    });
    this.#warning.replaceChildren(
      `The program has not returned for some seconds. An endless loop? It is in ${what}. `,
      stop,
    );
  }

  #fail(error: unknown): void {
    const text = error instanceof Error ? error.message : String(error);
    this.#terminals.print("stderr", `error: ${text}\n`);
    this.#over("The program was not started.");
  }

  #over(status: string): void {
    this.#runner?.end();
    this.#runner = undefined;
    this.#warning.replaceChildren();
    this.#terminals.draw();
    this.#status.textContent = status;
    this.#setState("over");
  }

  #end(): void {
    cancelAnimationFrame(this.#frame);
    this.#runner?.end();
    this.#runner = undefined;
    this.#stage?.dispose();
    this.#stage = undefined;
    this.#warning.replaceChildren();
  }

  #setState(state: State): void {
    this.#state = state;
    this.#controls.show(state);
    this.root.dataset["state"] = state;
  }

  #tick(): void {
    const now = this.#clock.now();
    this.#controls.showTime(now);
    if (this.#state === "running" || this.#state === "paused") {
      this.#stage?.tick(now);
    }
    if (this.#runner !== undefined) {
      this.#frame = requestAnimationFrame(() => this.#tick());
    }
  }
}
