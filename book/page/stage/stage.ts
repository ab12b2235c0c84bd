/// <reference lib="dom" />
/**
 * The stage beside a program: what happens in it, drawn.
 *
 * @module
 */

import type { Event, Frame, ServerSetup } from "../../worker/messages.ts";
import { Poems } from "./poems.ts";

/** A stage, which is told what happens and draws it. */
export interface Stage {
  /**
   * Takes what the worker reports. What has a time after that of the last `tick` waits
   * until then: a call that blocks is reported at its end, all at once.
   */
  events(events: readonly Event[]): void;
  /** Takes what the program printed, and who called whom when it did. */
  output(
    stream: "stdout" | "stderr",
    text: string,
    time: number,
    stack: readonly Frame[],
  ): void;
  /** Says how late it is on the page's clock, in seconds: as often as a page is drawn. */
  tick(time: number): void;
  /** The program has ended. */
  end(status: number): void;
  /** Takes the stage away. */
  dispose(): void;
}

/** Puts a stage into an element. */
export function createStage(
  host: HTMLElement,
  program: { path: string; servers: readonly ServerSetup[] },
): Stage {
  const poems = new Poems(program.servers);
  const root = document.createElement("div");
  host.append(root);
  let now = 0;
  let pending = 0;

  function draw(): void {
    pending = 0;
    root.replaceChildren(
      ...poems.at(now).map(({ name, text }) => {
        const column = document.createElement("pre");
        column.textContent = `${name}\n\n${text}`;
        return column;
      }),
    );
  }
  function drawSoon(): void {
    if (pending === 0) pending = requestAnimationFrame(draw);
  }

  drawSoon();
  return {
    events(events) {
      for (const event of events) {
        poems.add(event);
        now = Math.max(now, event.time);
      }
      drawSoon();
    },
    output() {},
    tick(time) {
      now = time;
      drawSoon();
    },
    end() {
      drawSoon();
    },
    dispose() {
      cancelAnimationFrame(pending);
      root.remove();
    },
  };
}
